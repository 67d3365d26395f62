import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import cxm.common.ids
import touchpoints.catalogue.models.base
from cxm.common.rls import ProtectTable

KEY = django.core.validators.RegexValidator('^[a-z0-9][a-z0-9_.-]*$', 'Use small letters, digits, and - _ . between them.')
IMPORTANCE = [(1, '1 – hardly any'), (2, '2 – some'), (3, '3 – medium'), (4, '4 – much'), (5, '5 – decisive')]


def base_fields():
    return [
        ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
        ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PhaseModel',
            fields=[
                *base_fields(),
                ('key', models.CharField(help_text='For imports and the API.', max_length=60, validators=[KEY], verbose_name='key')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('is_cycle', models.BooleanField(default=False, help_text='After the last phase comes the first again.', verbose_name='cycle')),
                ('is_default', models.BooleanField(default=False, help_text='Its phases are offered first, and imports mean these.', verbose_name='used first')),
            ],
            options={
                'verbose_name': 'phase model',
                'verbose_name_plural': 'phase models',
                'ordering': ['-is_default', 'name', 'id'],
                'constraints': [
                    models.UniqueConstraint(fields=('workspace', 'key'), name='catalogue_phasemodel_key_once', violation_error_message='Another phase model has this key.'),
                    models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('workspace',), name='catalogue_phasemodel_one_default', violation_error_message='Another phase model is used first already.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Phase',
            fields=[
                *base_fields(),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='catalogue.phasemodel', verbose_name='phase model')),
                ('key', models.CharField(max_length=60, validators=[KEY], verbose_name='key')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'phase',
                'verbose_name_plural': 'phases',
                'ordering': ['model', 'position', 'id'],
                'constraints': [
                    models.UniqueConstraint(fields=('model', 'key'), name='catalogue_phase_key_once', violation_error_message='Another phase of this model has this key.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ChannelWord',
            fields=[
                *base_fields(),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='catalogue.channel', verbose_name='channel')),
                ('field', models.CharField(choices=[('source', 'UTM source'), ('medium', 'UTM medium'), ('campaign', 'UTM campaign')], default='medium', max_length=10, verbose_name='field')),
                ('text', models.CharField(help_text='Compared as a whole; small and capital letters are the same.', max_length=200, verbose_name='word')),
            ],
            options={
                'verbose_name': 'word of a channel',
                'verbose_name_plural': 'words of channels',
                'ordering': ['field', 'text', 'id'],
                'constraints': [
                    models.UniqueConstraint(fields=('workspace', 'field', 'text'), name='catalogue_channelword_once', violation_error_message='Another channel has this word.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='IgnoredGroup',
            fields=[
                *base_fields(),
                ('basis', models.CharField(choices=[('event', 'Event'), ('page', 'Page address'), ('source', 'Source')], max_length=10, verbose_name='in common')),
                ('value', models.CharField(max_length=300, verbose_name='value')),
            ],
            options={
                'verbose_name': 'ignored group',
                'verbose_name_plural': 'ignored groups',
                'ordering': ['basis', 'value', 'id'],
                'constraints': [
                    models.UniqueConstraint(fields=('workspace', 'basis', 'value'), name='catalogue_ignoredgroup_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MatchingRule',
            fields=[
                *base_fields(),
                ('touchpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='catalogue.touchpoint', verbose_name='touchpoint')),
                ('name', models.CharField(blank=True, help_text='Without one the conditions are shown.', max_length=120, verbose_name='name')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='position')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('conditions', models.JSONField(default=list, validators=[touchpoints.catalogue.models.base.validate_conditions], verbose_name='conditions')),
            ],
            options={
                'verbose_name': 'matching rule',
                'verbose_name_plural': 'matching rules',
                'ordering': ['position', 'id'],
                'constraints': [
                    models.UniqueConstraint(deferrable=models.Deferrable.DEFERRED, fields=('workspace', 'position'), name='catalogue_rule_position_once'),
                ],
            },
        ),
        ProtectTable('catalogue_phasemodel'),
        ProtectTable('catalogue_phase'),
        ProtectTable('catalogue_channelword'),
        ProtectTable('catalogue_ignoredgroup'),
        ProtectTable('catalogue_matchingrule'),
        migrations.AddField(
            model_name='touchpoint',
            name='phase_in_model',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='touchpoints', to='catalogue.phase', verbose_name='phase'),
        ),
        migrations.AddField(
            model_name='touchpoint',
            name='content',
            field=models.TextField(blank=True, help_text='What customers read, see or hear here, in your words.', verbose_name='content'),
        ),
        migrations.AddField(
            model_name='touchpoint',
            name='keywords',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, help_text='Separated by commas.', size=None, verbose_name='keywords'),
        ),
        migrations.AddField(
            model_name='touchpoint',
            name='picture',
            field=models.CharField(blank=True, editable=False, max_length=60, verbose_name='picture'),
        ),
        migrations.AddField(
            model_name='touchpoint',
            name='importance_customer',
            field=models.PositiveSmallIntegerField(blank=True, choices=IMPORTANCE, null=True, verbose_name='importance to the customer'),
        ),
        migrations.AddField(
            model_name='touchpoint',
            name='importance_business',
            field=models.PositiveSmallIntegerField(blank=True, choices=IMPORTANCE, null=True, verbose_name='importance to us'),
        ),
        migrations.AddConstraint(
            model_name='touchpoint',
            constraint=models.CheckConstraint(condition=models.Q(('importance_customer', None), ('importance_customer__range', (1, 5)), _connector='OR'), name='catalogue_touchpoint_customer_1_to_5', violation_error_message='Importance lies between 1 and 5.'),
        ),
        migrations.AddConstraint(
            model_name='touchpoint',
            constraint=models.CheckConstraint(condition=models.Q(('importance_business', None), ('importance_business__range', (1, 5)), _connector='OR'), name='catalogue_touchpoint_business_1_to_5', violation_error_message='Importance lies between 1 and 5.'),
        ),
        migrations.AddField(
            model_name='goal',
            name='kind',
            field=models.CharField(choices=[('purchase', 'Purchase'), ('newsletter', 'Newsletter subscription'), ('download', 'Download'), ('other', 'Other')], default='other', max_length=12, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='goal',
            name='page_pattern',
            field=models.CharField(blank=True, help_text='For example /thanks or */order/*/done; * stands for anything.', max_length=300, verbose_name='page address'),
        ),
        migrations.AddField(
            model_name='goal',
            name='touchpoint',
            field=models.ForeignKey(blank=True, help_text='Any contact there reaches the goal, for example a visit to the store.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='catalogue.touchpoint', verbose_name='touchpoint'),
        ),
        migrations.AddField(
            model_name='goal',
            name='currency',
            field=models.CharField(blank=True, max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'Write a currency by its three capital letters, for example EUR.')], verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='goal',
            name='once_per_visit',
            field=models.BooleanField(default=True, help_text='Otherwise each time counts, as with orders.', verbose_name='once per visit'),
        ),
        migrations.AlterField(
            model_name='goal',
            name='event_name',
            field=models.CharField(blank=True, help_text='The name as it is sent, for example purchase.', max_length=120, verbose_name='event'),
        ),
        migrations.AlterField(
            model_name='goal',
            name='value',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='What one is worth, where the event does not say.', max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='value'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('event_name', ''), ('page_pattern', ''), ('touchpoint', None), _negated=True), name='catalogue_goal_can_be_reached', violation_error_message='Say by which event, page or touchpoint it is reached.'),
        ),
    ]
