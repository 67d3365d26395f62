import cxm.common.ids
import cxm.workspaces.validators
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import surveys.questionnaires.models
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('name', models.CharField(help_text='Only your team sees it, for example After delivery.', max_length=120, verbose_name='name')),
                ('kind', models.CharField(choices=[('relational', 'About us as a whole'), ('transactional', 'About one touchpoint')], default='relational', help_text='The two are never added up: they measure different things.', max_length=16, verbose_name='asks')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12, validators=[cxm.workspaces.validators.validate_language]), default=surveys.questionnaires.models.default_languages, help_text='Codes with commas between them: en,de', size=None, verbose_name='languages')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('active', 'Active'), ('closed', 'Closed')], default='draft', max_length=8, verbose_name='status')),
                ('change_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MaxValueValidator(90)], verbose_name='days in which an answer may be changed')),
                ('reply_days', models.PositiveSmallIntegerField(default=3, help_text='Customers who ask for a reply are told this date.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='days until a reply is promised')),
                ('touchpoint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='catalogue.touchpoint', verbose_name='touchpoint')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'survey',
                'verbose_name_plural': 'surveys',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('kind', models.CharField(max_length=16, validators=[surveys.questionnaires.models.validate_kind], verbose_name='kind')),
                ('position', models.PositiveSmallIntegerField(default=1, verbose_name='position')),
                ('required', models.BooleanField(default=False, verbose_name='must be answered')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='questionnaires.survey', verbose_name='survey')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['survey', 'position'],
            },
        ),
        migrations.CreateModel(
            name='QuestionText',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('language', models.CharField(max_length=12, validators=[cxm.workspaces.validators.validate_language], verbose_name='language')),
                ('text', models.CharField(help_text='{company} stands for the name of your company.', max_length=300, verbose_name='text')),
                ('low_label', models.CharField(blank=True, max_length=60, verbose_name='at the low end')),
                ('high_label', models.CharField(blank=True, max_length=60, verbose_name='at the high end')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='questionnaires.question', verbose_name='question')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'text',
                'verbose_name_plural': 'texts',
                'ordering': ['question', 'language'],
                'constraints': [models.UniqueConstraint(fields=('question', 'language'), name='questionnaires_text_language_once', violation_error_message='This question has a text in this language already.')],
            },
        ),
        migrations.AddIndex(
            model_name='survey',
            index=models.Index(fields=['workspace', 'touchpoint'], name='questionnaires_touchpoint'),
        ),
        migrations.AddConstraint(
            model_name='survey',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'relational'), ('touchpoint', None)), models.Q(('kind', 'transactional'), ('touchpoint__isnull', False)), _connector='OR'), name='questionnaires_survey_touchpoint', violation_error_message='A survey about one touchpoint names it; one about us as a whole names none.'),
        ),
        migrations.AddConstraint(
            model_name='survey',
            constraint=models.CheckConstraint(condition=models.Q(('languages__len__gt', 0)), name='questionnaires_survey_speaks', violation_error_message='A survey needs at least one language.'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('survey', 'position'), name='questionnaires_question_position', violation_error_message='Two questions stand at the same position.'),
        ),
        ProtectTable("questionnaires_survey"),
        ProtectTable("questionnaires_question"),
        ProtectTable("questionnaires_questiontext"),
    ]
