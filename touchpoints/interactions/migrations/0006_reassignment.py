import django.db.models.deletion
from django.db import migrations, models

import cxm.common.ids
from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0005_actors_are_known'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reassignment',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('status', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', editable=False, max_length=10, verbose_name='status')),
                ('from_day', models.DateField(null=True, verbose_name='from')),
                ('to_day', models.DateField(verbose_name='to')),
                ('cursor', models.DateField(editable=False, null=True, verbose_name='next day')),
                ('total', models.BigIntegerField(editable=False, null=True, verbose_name='to look at')),
                ('done', models.BigIntegerField(default=0, editable=False, verbose_name='looked at')),
                ('changed', models.BigIntegerField(default=0, editable=False, verbose_name='changed')),
                ('started_at', models.DateTimeField(editable=False, null=True, verbose_name='began')),
                ('finished_at', models.DateTimeField(editable=False, null=True, verbose_name='finished')),
                ('leased_until', models.DateTimeField(editable=False, null=True, verbose_name='leased until')),
                ('lease', models.UUIDField(editable=False, null=True, verbose_name='lease')),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='attempts')),
                ('error', models.CharField(blank=True, editable=False, max_length=500, verbose_name='what went wrong')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership', verbose_name='asked for by')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 're-assignment',
                'verbose_name_plural': 're-assignments',
                'ordering': ['-created_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['queued', 'running'])), fields=('workspace',), name='interactions_reassignment_one_at_a_time'), models.CheckConstraint(condition=models.Q(('from_day', None), ('from_day__lte', models.F('to_day')), _connector='OR'), name='interactions_reassignment_days_in_order')],
            },
        ),
        ProtectTable('interactions_reassignment'),
    ]
