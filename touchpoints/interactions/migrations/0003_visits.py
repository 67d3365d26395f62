import django.db.models.deletion
import uuid
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class CreateMonthly(migrations.CreateModel):
    """Creates a table without rows of its own, partitioned by the month of a column."""

    columns = {"Visit": "started_at", "Touch": "day"}

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        plain = schema_editor.sql_create_table
        column = self.columns[self.name]
        schema_editor.sql_create_table = f"{plain} PARTITION BY RANGE ({column})"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_plan_phase'),
        ('catalogue', '0004_phase_by_reference'),
        ('customers', '0004_merges'),
        ('interactions', '0002_inbox'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='interaction',
            name='actor',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='interaction',
            name='by_browser',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='interaction',
            name='campaign',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaigns.campaign', verbose_name='campaign'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='channel',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.channel', verbose_name='channel'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='channel_version',
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='interaction',
            name='named',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='interaction',
            name='placement',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaigns.placement', verbose_name='placement'),
        ),
        migrations.CreateModel(
            name='Conversion',
            fields=[
                ('pk', models.CompositePrimaryKey('workspace_id', 'goal_id', 'visit_key', 'day', 'occurrence', blank=True, editable=False, primary_key=True, serialize=False)),
                ('visit_key', models.UUIDField()),
                ('day', models.DateField(verbose_name='day')),
                ('occurrence', models.UUIDField()),
                ('occurred_at', models.DateTimeField(verbose_name='when')),
                ('interaction_id', models.UUIDField()),
                ('channel_id', models.UUIDField()),
                ('campaign_id', models.UUIDField()),
                ('placement_id', models.UUIDField()),
                ('value', models.DecimalField(decimal_places=4, max_digits=18, null=True, verbose_name='value')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('customer', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.customer', verbose_name='customer')),
                ('goal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.goal', verbose_name='goal')),
                ('touchpoint', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.touchpoint', verbose_name='touchpoint')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'verbose_name': 'conversion',
                'verbose_name_plural': 'conversions',
                'ordering': ['-occurred_at', '-interaction_id'],
                'indexes': [models.Index(fields=['workspace', 'day', 'goal'], name='interactions_conversion_day'), models.Index(condition=models.Q(('campaign_id', uuid.UUID('00000000-0000-0000-0000-000000000000')), _negated=True), fields=['workspace', 'campaign_id', 'day'], name='interactions_conv_campaign')],
            },
        ),
        CreateMonthly(
            name='Touch',
            fields=[
                ('pk', models.CompositePrimaryKey('workspace_id', 'day', 'visit_key', 'touchpoint_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField(verbose_name='day')),
                ('visit_key', models.UUIDField()),
                ('touchpoint_id', models.UUIDField()),
                ('actor', models.UUIDField()),
                ('bucket', models.SmallIntegerField()),
                ('channel_id', models.UUIDField()),
                ('campaign_id', models.UUIDField()),
                ('won', models.BooleanField(default=False)),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'verbose_name': 'touch',
                'verbose_name_plural': 'touches',
                'indexes': [models.Index(fields=['workspace', 'touchpoint_id', 'bucket', 'day', 'actor'], name='interactions_touch_visitors')],
            },
        ),
        migrations.CreateModel(
            name='TouchpointDay',
            fields=[
                ('pk', models.CompositePrimaryKey('workspace_id', 'touchpoint_id', 'day', 'channel_id', 'campaign_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('touchpoint_id', models.UUIDField()),
                ('day', models.DateField(verbose_name='day')),
                ('channel_id', models.UUIDField()),
                ('campaign_id', models.UUIDField()),
                ('contacts', models.BigIntegerField(default=0, verbose_name='contacts')),
                ('views', models.BigIntegerField(default=0, verbose_name='views')),
                ('clicks', models.BigIntegerField(default=0, verbose_name='clicks')),
                ('visits', models.BigIntegerField(default=0, verbose_name='visits')),
                ('won', models.BigIntegerField(default=0, verbose_name='visits with the primary goal')),
                ('dwell_seconds', models.DecimalField(decimal_places=3, default=0, max_digits=20, verbose_name='time in the foreground (s)')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'verbose_name': 'day of a touchpoint',
                'verbose_name_plural': 'days of touchpoints',
                'indexes': [models.Index(condition=models.Q(('campaign_id', uuid.UUID('00000000-0000-0000-0000-000000000000')), _negated=True), fields=['workspace', 'campaign_id', 'day'], name='interactions_day_campaign'), models.Index(fields=['workspace', 'day'], name='interactions_day_day')],
            },
        ),
        CreateMonthly(
            name='Visit',
            fields=[
                ('pk', models.CompositePrimaryKey('workspace_id', 'started_at', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField(verbose_name='began')),
                ('id', models.UUIDField(editable=False)),
                ('last_at', models.DateTimeField(verbose_name='last contact')),
                ('lane', models.UUIDField(editable=False)),
                ('actor', models.UUIDField(editable=False)),
                ('channel_version', models.SmallIntegerField(default=0)),
                ('has_origin', models.BooleanField(default=False)),
                ('source_name', models.CharField(blank=True, max_length=200, verbose_name='came from')),
                ('medium', models.CharField(blank=True, max_length=200, verbose_name='medium')),
                ('campaign_name', models.CharField(blank=True, max_length=200, verbose_name='utm_campaign')),
                ('term', models.CharField(blank=True, max_length=200, verbose_name='term')),
                ('content', models.CharField(blank=True, max_length=200, verbose_name='content')),
                ('utm_id', models.CharField(blank=True, max_length=200, verbose_name='utm_id')),
                ('click_id', models.CharField(blank=True, max_length=12, verbose_name='click id')),
                ('referrer', models.CharField(blank=True, max_length=253, verbose_name='referring site')),
                ('landing', models.CharField(blank=True, max_length=2048, verbose_name='first page')),
                ('returning_direct', models.BooleanField(default=False, verbose_name='returning, direct')),
                ('browser', models.CharField(blank=True, max_length=40, verbose_name='browser')),
                ('os', models.CharField(blank=True, max_length=40, verbose_name='operating system')),
                ('device', models.CharField(blank=True, choices=[('desktop', 'Computer'), ('phone', 'Phone'), ('tablet', 'Tablet')], max_length=10, verbose_name='device')),
                ('contacts', models.IntegerField(default=0, verbose_name='contacts')),
                ('campaign', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaigns.campaign', verbose_name='campaign')),
                ('channel', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.channel', verbose_name='channel')),
                ('customer', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.customer', verbose_name='customer')),
                ('placement', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='campaigns.placement', verbose_name='placement')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='interactions.source', verbose_name='sent by')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'verbose_name': 'visit',
                'verbose_name_plural': 'visits',
                'ordering': ['-started_at', '-id'],
                'indexes': [models.Index(fields=['workspace', 'lane', 'started_at'], name='interactions_visit_lane'), models.Index(condition=models.Q(('campaign__isnull', False)), fields=['workspace', 'campaign', 'started_at'], name='interactions_visit_campaign')],
            },
        ),
        ProtectTable("interactions_visit"),
        ProtectTable("interactions_touch"),
        ProtectTable("interactions_touchpointday"),
        ProtectTable("interactions_conversion"),
    ]
