import cxm.common.ids
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('interactions', '0001_initial'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Inbox',
            fields=[
                ('pk', models.CompositePrimaryKey('workspace_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.UUIDField(editable=False)),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('call', models.CharField(max_length=10)),
                ('events', models.IntegerField()),
                ('declined', models.BooleanField(default=False)),
                ('visitor', models.CharField(max_length=40)),
                ('agent', models.CharField(max_length=512)),
                ('body', models.BinaryField()),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='interactions.source')),
                ('workspace', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'verbose_name': 'waiting body',
                'verbose_name_plural': 'inbox',
            },
        ),
        migrations.CreateModel(
            name='VisitSalt',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('day', models.DateField(verbose_name='day')),
                ('salt', models.BinaryField(max_length=32)),
            ],
            options={
                'verbose_name': 'salt of a day',
                'verbose_name_plural': 'salts of days',
                'ordering': ['-day'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='sourceday',
            name='interactions_sourceday_adds_up',
        ),
        migrations.AddField(
            model_name='source',
            name='public_key',
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name='key'),
        ),
        migrations.AddField(
            model_name='sourceday',
            name='bot',
            field=models.BigIntegerField(default=0, verbose_name='from bots'),
        ),
        migrations.AddField(
            model_name='sourceday',
            name='declined',
            field=models.BigIntegerField(default=0, verbose_name='asked not to be tracked'),
        ),
        migrations.AlterField(
            model_name='source',
            name='kind',
            field=models.CharField(choices=[('segment', 'Tracking API'), ('web', 'Website'), ('codes', 'Tracking codes'), ('import', 'File import'), ('staff', 'Entered by hand'), ('demo', 'Demo')], default='segment', editable=False, max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='sourceday',
            constraint=models.CheckConstraint(condition=models.Q(('received', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('stored'), '+', models.F('duplicate')), '+', models.F('bot')), '+', models.F('quarantined')))), name='interactions_sourceday_adds_up'),
        ),
        migrations.AddField(
            model_name='visitsalt',
            name='workspace',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace'),
        ),
        migrations.AddConstraint(
            model_name='visitsalt',
            constraint=models.UniqueConstraint(fields=('workspace', 'day'), name='interactions_salt_once'),
        ),
        ProtectTable("interactions_visitsalt"),
        migrations.RunSQL(
            # Rows come and go all the time: cleaned by their number, not by a share of the table.
            # Bodies are JSON that lives for a second: compressing them costs more than it saves.
            [
                "ALTER TABLE interactions_inbox SET (autovacuum_vacuum_scale_factor = 0, "
                "autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0, "
                "autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000)",
                "ALTER TABLE interactions_inbox ALTER COLUMN body SET STORAGE EXTERNAL",
            ],
            migrations.RunSQL.noop,
        ),
    ]
