import cxm.common.ids
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import journeys.maps.validators
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
        ('personas', '0001_initial'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='JourneyMap',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('name', models.CharField(help_text='What the customer does, for example Buying an e-bike.', max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('as_is', 'As-is'), ('to_be', 'To-be')], default='as_is', help_text='As-is: what happens today. To-be: what shall happen.', max_length=8, verbose_name='shows')),
                ('cyclic', models.BooleanField(default=False, help_text='After the last stage the first one follows.', verbose_name='repeats')),
                ('cycle_name', models.CharField(blank=True, help_text='For example repeats yearly.', max_length=40, verbose_name='how it repeats')),
                ('is_main', models.BooleanField(default=False, help_text='One map of the workspace is.', verbose_name='shown on the home page')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'journey',
                'verbose_name_plural': 'journeys',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Lane',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('kind', models.CharField(max_length=40, validators=[journeys.maps.validators.validate_lane_kind], verbose_name='kind')),
                ('name', models.CharField(blank=True, help_text="Leave empty for the kind's own.", max_length=60, verbose_name='heading')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('hidden', models.BooleanField(default=False, verbose_name='hidden')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'lane',
                'verbose_name_plural': 'lanes',
                'ordering': ['version', 'position'],
            },
        ),
        migrations.CreateModel(
            name='MapPersona',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('map', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='maps.journeymap', verbose_name='journey')),
                ('persona', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='personas.persona', verbose_name='persona')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'persona on the map',
                'verbose_name_plural': 'personas on the map',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='journeymap',
            name='personas',
            field=models.ManyToManyField(related_name='maps', through='maps.MapPersona', to='personas.persona', verbose_name='personas'),
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('phase', models.CharField(blank=True, choices=[('awareness', 'Awareness'), ('consideration', 'Consideration'), ('purchase', 'Purchase'), ('delivery', 'Delivery'), ('use', 'Use and service'), ('loyalty', 'Loyalty')], help_text='Lets stages of several journeys be compared.', max_length=40, verbose_name='phase of the phase model')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'stage',
                'verbose_name_plural': 'stages',
                'ordering': ['version', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(help_text='Within its stage, from the left.', verbose_name='position')),
                ('metric', models.CharField(blank=True, help_text='Leave empty for the one that is furthest from its target.', max_length=60, validators=[journeys.maps.validators.validate_metric], verbose_name='KPI on the map')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='maps.stage', verbose_name='stage')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['stage', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Within its cell, from above.', verbose_name='position')),
                ('span', models.PositiveSmallIntegerField(default=1, help_text='Reaches over this many steps to the right.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='steps covered')),
                ('text', models.CharField(blank=True, max_length=400, verbose_name='text')),
                ('valence', models.DecimalField(blank=True, decimal_places=1, help_text='What we assume, from −2 (frustrated) to +2 (delighted).', max_digits=2, null=True, validators=[django.core.validators.MinValueValidator(-2), django.core.validators.MaxValueValidator(2)], verbose_name='feeling')),
                ('severity', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Minor'), (2, 'Major'), (3, 'Critical')], null=True, verbose_name='severity')),
                ('status', models.CharField(blank=True, max_length=20, validators=[journeys.maps.validators.validate_state], verbose_name='status')),
                ('touchpoint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='catalogue.touchpoint', verbose_name='touchpoint')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
                ('lane', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='maps.lane', verbose_name='lane')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='maps.step', verbose_name='step')),
            ],
            options={
                'verbose_name': 'card',
                'verbose_name_plural': 'cards',
                'ordering': ['lane', 'step', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('retired', 'Retired')], default='draft', max_length=10, verbose_name='status')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published')),
                ('map', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='maps.journeymap', verbose_name='journey')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workspaces.membership', verbose_name='published by')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'version',
                'verbose_name_plural': 'versions',
                'ordering': ['map', '-number'],
            },
        ),
        migrations.AddField(
            model_name='stage',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='maps.version', verbose_name='version'),
        ),
        migrations.AddField(
            model_name='lane',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lanes', to='maps.version', verbose_name='version'),
        ),
        migrations.AddConstraint(
            model_name='mappersona',
            constraint=models.UniqueConstraint(fields=('map', 'persona'), name='maps_mappersona_once', violation_error_message='This persona is on the map already.'),
        ),
        migrations.AddConstraint(
            model_name='journeymap',
            constraint=models.UniqueConstraint(fields=('workspace', 'name', 'kind'), name='maps_journeymap_name_once', violation_error_message='There is a journey of this name already.'),
        ),
        migrations.AddConstraint(
            model_name='journeymap',
            constraint=models.UniqueConstraint(condition=models.Q(('is_main', True)), fields=('workspace',), name='maps_journeymap_one_main', violation_error_message='Another journey is shown on the home page already.'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('stage', 'position'), name='maps_step_position_once', violation_error_message='Two steps of the stage have the same position.'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('lane', 'step', 'position'), name='maps_card_position_once', violation_error_message='Two cards of the cell have the same position.'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(fields=('lane', 'step', 'touchpoint'), name='maps_card_touchpoint_once', violation_error_message='This touchpoint is in the cell already.'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('valence__isnull', True), models.Q(('valence__gte', -2), ('valence__lte', 2)), _connector='OR'), name='maps_card_valence_range', violation_error_message='A feeling lies between −2 and +2.'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(('span__gte', 1)), name='maps_card_span_positive', violation_error_message='A card covers at least one step.'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('touchpoint__isnull', False), ('valence__isnull', False), _connector='OR'), name='maps_card_says_something', violation_error_message='Write something, or choose a touchpoint or a feeling.'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('map', 'number'), name='maps_version_number_once'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('map',), name='maps_version_one_draft', violation_error_message='This journey has a draft already.'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'published')), fields=('map',), name='maps_version_one_published', violation_error_message='This journey has a published version already.'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('status', 'draft')), models.Q(models.Q(('status', 'draft'), _negated=True), ('published_at__isnull', False)), _connector='OR'), name='maps_version_published_when'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('version', 'position'), name='maps_stage_position_once', violation_error_message='Two stages have the same position.'),
        ),
        migrations.AddConstraint(
            model_name='lane',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('version', 'position'), name='maps_lane_position_once', violation_error_message='Two lanes have the same position.'),
        ),
        ProtectTable("maps_journeymap"),
        ProtectTable("maps_mappersona"),
        ProtectTable("maps_version"),
        ProtectTable("maps_stage"),
        ProtectTable("maps_step"),
        ProtectTable("maps_lane"),
        ProtectTable("maps_card"),
    ]
