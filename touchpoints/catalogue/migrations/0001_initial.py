
import cxm.common.ids
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('key', models.CharField(help_text='For imports and the API.', max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9_.-]*$', 'Use small letters, digits, and - _ . between them.')], verbose_name='key')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('online', 'Online'), ('offline', 'Offline')], default='online', max_length=10, verbose_name='kind')),
                ('icon', models.CharField(blank=True, default='web', max_length=30, verbose_name='icon')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'channel',
                'verbose_name_plural': 'channels',
                'ordering': ['position', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Dimension',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('key', models.CharField(max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9_.-]*$', 'Use small letters, digits, and - _ . between them.')], verbose_name='key')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('property', models.CharField(help_text='The name under which events carry it in their properties.', max_length=80, verbose_name='property')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'dimension',
                'verbose_name_plural': 'dimensions',
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('key', models.CharField(max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9_.-]*$', 'Use small letters, digits, and - _ . between them.')], verbose_name='key')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('event_name', models.CharField(help_text='The name as it is sent, for example purchase.', max_length=120, verbose_name='event')),
                ('is_primary', models.BooleanField(default=False, help_text='Conversion is measured by this one.', verbose_name='primary goal')),
                ('value', models.DecimalField(blank=True, decimal_places=2, help_text='What one is worth, where the event does not say.', max_digits=14, null=True, verbose_name='value')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'goal',
                'verbose_name_plural': 'goals',
                'ordering': ['-is_primary', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Touchpoint',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('key', models.CharField(help_text='For imports and the API.', max_length=80, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9_.-]*$', 'Use small letters, digits, and - _ . between them.')], verbose_name='key')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('phase', models.CharField(blank=True, choices=[('awareness', 'Awareness'), ('consideration', 'Consideration'), ('purchase', 'Purchase'), ('delivery', 'Delivery'), ('use', 'Use and service'), ('loyalty', 'Loyalty')], max_length=20, verbose_name='phase')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('department', models.CharField(blank=True, max_length=80, verbose_name='department')),
                ('moment_of_truth', models.BooleanField(default=False, help_text='What happens here decides whether the customer stays.', verbose_name='moment of truth')),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('active', 'Active'), ('retired', 'Retired')], default='active', max_length=10, verbose_name='status')),
                ('icon', models.CharField(blank=True, help_text="The channel's own when empty.", max_length=30, verbose_name='icon')),
                ('event_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, help_text='Names of events or pages that happen here, separated by commas.', size=None, verbose_name='events')),
                ('page_prefix', models.CharField(blank=True, help_text='For example /checkout or shop.example/checkout.', max_length=300, verbose_name='page address begins with')),
                ('goal_event', models.CharField(blank=True, help_text='A visit here succeeded when this event followed in it.', max_length=120, verbose_name='event that shows success')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='touchpoints', to='catalogue.channel', verbose_name='channel')),
                ('owner', models.ForeignKey(blank=True, help_text='Who is responsible for how it goes here.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership', verbose_name='owner')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'touchpoint',
                'verbose_name_plural': 'touchpoints',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.UniqueConstraint(fields=('workspace', 'key'), name='catalogue_channel_key_once', violation_error_message='Another channel has this key.'),
        ),
        migrations.AddConstraint(
            model_name='dimension',
            constraint=models.UniqueConstraint(fields=('workspace', 'key'), name='catalogue_dimension_key_once', violation_error_message='Another dimension has this key.'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(fields=('workspace', 'key'), name='catalogue_goal_key_once', violation_error_message='Another goal has this key.'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('workspace',), name='catalogue_goal_one_primary', violation_error_message='Another goal is the primary one already.'),
        ),
        migrations.AddConstraint(
            model_name='touchpoint',
            constraint=models.UniqueConstraint(fields=('workspace', 'key'), name='catalogue_touchpoint_key_once', violation_error_message='Another touchpoint has this key.'),
        ),
        ProtectTable("catalogue_channel"),
        ProtectTable("catalogue_touchpoint"),
        ProtectTable("catalogue_goal"),
        ProtectTable("catalogue_dimension"),
    ]
