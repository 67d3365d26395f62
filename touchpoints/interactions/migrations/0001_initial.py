
import cxm.common.ids
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class CreateMonthly(migrations.CreateModel):
    """Creates a table without rows of its own, partitioned by the month of occurred_at."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = plain + " PARTITION BY RANGE (occurred_at)"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain



class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
        ('customers', '0001_initial'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageKey',
            fields=[
                ('pk', models.CompositePrimaryKey('workspace_id', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('key', models.UUIDField()),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'verbose_name': 'message key',
                'verbose_name_plural': 'message keys',
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('name', models.CharField(help_text='Which system it is, for example Web shop.', max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('segment', 'Tracking API'), ('import', 'File import'), ('demo', 'Demo')], default='segment', editable=False, max_length=20, verbose_name='kind')),
                ('prefix', models.CharField(blank=True, editable=False, max_length=16, verbose_name='key begins with')),
                ('token_hash', models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ('last_seen_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last seen')),
                ('expected_hours', models.PositiveIntegerField(blank=True, help_text='Warn when nothing has come for so long. Empty: never.', null=True, verbose_name='late after hours')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Quarantined',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('key', models.UUIDField(editable=False)),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('reason', models.CharField(max_length=60, verbose_name='reason')),
                ('detail', models.CharField(max_length=500, verbose_name='what was wrong')),
                ('raw', models.TextField(verbose_name='as it came')),
                ('origin', models.CharField(blank=True, max_length=140, verbose_name='made by')),
                ('outcome', models.CharField(choices=[('open', 'Waiting'), ('stored', 'Stored'), ('duplicate', 'Was there already')], default='open', editable=False, max_length=10, verbose_name='state')),
                ('replayed_at', models.DateTimeField(editable=False, null=True, verbose_name='tried again')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quarantined', to='interactions.source', verbose_name='source')),
            ],
            options={
                'verbose_name': 'quarantined row',
                'verbose_name_plural': 'quarantine',
                'ordering': ['-received_at', '-id'],
            },
        ),
        CreateMonthly(
            name='Interaction',
            fields=[
                ('pk', models.CompositePrimaryKey('workspace_id', 'occurred_at', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('occurred_at', models.DateTimeField(verbose_name='when')),
                ('id', models.UUIDField(editable=False)),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('kind', models.CharField(choices=[('track', 'Event'), ('page', 'Page view'), ('screen', 'Screen view'), ('identify', 'Identification'), ('group', 'Group'), ('alias', 'Alias'), ('offline', 'Offline')], max_length=10, verbose_name='kind')),
                ('event', models.CharField(blank=True, max_length=200, verbose_name='event')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('anonymous_id', models.CharField(blank=True, max_length=254, verbose_name='anonymous id')),
                ('visit_key', models.UUIDField(verbose_name='visit')),
                ('quantity', models.IntegerField(default=1, verbose_name='quantity')),
                ('dwell_seconds', models.FloatField(null=True, verbose_name='time spent (s)')),
                ('dwell_method', models.CharField(blank=True, max_length=12, verbose_name='time measured by')),
                ('value', models.DecimalField(decimal_places=4, max_digits=18, null=True, verbose_name='value')),
                ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency')),
                ('url', models.CharField(blank=True, max_length=2048, verbose_name='address')),
                ('properties', models.JSONField(default=dict, verbose_name='properties')),
                ('context', models.JSONField(default=dict, verbose_name='context')),
                ('customer', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.customer', verbose_name='customer')),
                ('touchpoint', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalogue.touchpoint', verbose_name='touchpoint')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='interactions.source', verbose_name='source')),
            ],
            options={
                'verbose_name': 'interaction',
                'verbose_name_plural': 'interactions',
                'ordering': ['-occurred_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SourceDay',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('day', models.DateField(verbose_name='day')),
                ('received', models.BigIntegerField(default=0, verbose_name='received')),
                ('stored', models.BigIntegerField(default=0, verbose_name='stored')),
                ('duplicate', models.BigIntegerField(default=0, verbose_name='duplicate')),
                ('quarantined', models.BigIntegerField(default=0, verbose_name='quarantined')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='interactions.source')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'day of a source',
                'verbose_name_plural': 'days of sources',
                'ordering': ['-day', 'source'],
            },
        ),
        migrations.CreateModel(
            name='ImportMapping',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('content', models.JSONField(verbose_name='mapping')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'import mapping',
                'verbose_name_plural': 'import mappings',
                'ordering': ['name', 'id'],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='interactions_mapping_name_once', violation_error_message='Another mapping has this name.')],
            },
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(fields=('workspace', 'name'), name='interactions_source_name_once', violation_error_message='Another source has this name.'),
        ),
        migrations.AddIndex(
            model_name='quarantined',
            index=models.Index(fields=['workspace', 'outcome', 'reason'], name='interactions_quarantine_open'),
        ),
        migrations.AddConstraint(
            model_name='quarantined',
            constraint=models.UniqueConstraint(fields=('workspace', 'key'), name='interactions_quarantine_once'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(fields=['workspace', 'touchpoint', 'occurred_at'], name='interactions_by_touchpoint'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(condition=models.Q(('customer__isnull', False)), fields=['workspace', 'customer', 'occurred_at'], name='interactions_by_customer'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(condition=models.Q(('customer__isnull', True), models.Q(('anonymous_id', ''), _negated=True)), fields=['workspace', 'anonymous_id'], name='interactions_by_anonymous'),
        ),
        migrations.AddConstraint(
            model_name='sourceday',
            constraint=models.UniqueConstraint(fields=('source', 'day'), name='interactions_sourceday_once'),
        ),
        migrations.AddConstraint(
            model_name='sourceday',
            constraint=models.CheckConstraint(condition=models.Q(('received', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('stored'), '+', models.F('duplicate')), '+', models.F('quarantined')))), name='interactions_sourceday_adds_up'),
        ),
        ProtectTable("interactions_source", token_column="token_hash"),
        ProtectTable("interactions_sourceday"),
        ProtectTable("interactions_interaction"),
        ProtectTable("interactions_messagekey"),
        ProtectTable("interactions_importmapping"),
        ProtectTable("interactions_quarantined"),
    ]
