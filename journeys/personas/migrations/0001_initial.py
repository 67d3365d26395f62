import cxm.common.ids
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Persona',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('name', models.CharField(help_text='As colleagues say it, for example Commuter Clara.', max_length=80, verbose_name='name')),
                ('role', models.CharField(blank=True, help_text='Who that is in a few words, for example Nurse, 34, rides to work.', max_length=160, verbose_name='role')),
                ('quote', models.CharField(blank=True, help_text='A sentence this persona would say.', max_length=240, verbose_name='quote')),
                ('initials', models.CharField(blank=True, help_text='Drawn as the portrait; taken from the name when empty.', max_length=2, validators=[django.core.validators.RegexValidator('^\\w{1,2}$', 'One or two letters.')], verbose_name='initials')),
                ('color', models.CharField(choices=[('petrol', 'Petrol'), ('berry', 'Berry'), ('bronze', 'Bronze'), ('violet', 'Violet'), ('slate', 'Slate')], default='petrol', max_length=10, verbose_name='colour')),
                ('goals', models.TextField(blank=True, help_text='One on each line.', verbose_name='goals')),
                ('needs', models.TextField(blank=True, help_text='One on each line.', verbose_name='needs')),
                ('fears', models.TextField(blank=True, help_text='One on each line.', verbose_name='fears')),
                ('segment', models.ForeignKey(blank=True, help_text='The customers that this persona stands for.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.segment', verbose_name='segment')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'persona',
                'verbose_name_plural': 'personas',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='personas_persona_name_once', violation_error_message='There is a persona of this name already.')],
            },
        ),
        ProtectTable("personas_persona"),
    ]
