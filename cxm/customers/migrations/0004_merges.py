"""Merges, and pairs of customers who may be one person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cxm.common.ids
from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_shared_identity'),
        ('workspaces', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('reason', models.CharField(choices=[('alias', 'A system said so'), ('manual', 'By hand'), ('suggestion', 'Suggested')], max_length=12, verbose_name='reason')),
                ('undone_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='undone')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('loser', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges_lost', to='customers.customer', verbose_name='merged into it')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by')),
                ('winner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges_won', to='customers.customer', verbose_name='stays')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='times seen')),
                ('last_at', models.DateTimeField(verbose_name='last seen')),
                ('dismissed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='not the same')),
                ('dismissed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'possible duplicate',
                'verbose_name_plural': 'possible duplicates',
                'ordering': ['-last_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SuggestionReason',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='times seen')),
                ('last_at', models.DateTimeField(verbose_name='last seen')),
                ('identity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.identity')),
                ('suggestion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reasons', to='customers.suggestion')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'reason of a possible duplicate',
                'verbose_name_plural': 'reasons of possible duplicates',
                'ordering': ['-last_at', '-id'],
            },
        ),
        migrations.AddIndex(
            model_name='merge',
            index=models.Index(fields=['workspace', '-created_at', '-id'], name='customers_merge_newest'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('loser',), name='customers_merge_lost_once', violation_error_message='This customer is merged into another one already.'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('winner', models.F('loser')), _negated=True), name='customers_merge_of_two', violation_error_message='Nobody is merged into themselves.'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(condition=models.Q(('dismissed_at', None)), fields=['workspace', '-last_at', '-id'], name='customers_suggestion_open'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(fields=('workspace', 'first', 'second'), name='customers_suggestion_once'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='customers_suggestion_in_order'),
        ),
        migrations.AddConstraint(
            model_name='suggestionreason',
            constraint=models.UniqueConstraint(fields=('suggestion', 'identity'), name='customers_suggestionreason_once'),
        ),
        ProtectTable("customers_merge"),
        ProtectTable("customers_suggestion"),
        ProtectTable("customers_suggestionreason"),
    ]
