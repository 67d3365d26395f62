import cxm.common.clock
import cxm.common.ids
import django.db.models.deletion
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
        ('customers', '0001_initial'),
        ('invitations', '0001_initial'),
        ('questionnaires', '0001_initial'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('via', models.CharField(choices=[('email', 'E-mail'), ('phone', 'Phone'), ('store', 'Store'), ('other', 'Other')], default='email', max_length=8, verbose_name='came by')),
                ('submitted_at', models.DateTimeField(default=cxm.common.clock.now, verbose_name='answered')),
                ('changed_at', models.DateTimeField(blank=True, null=True, verbose_name='changed')),
                ('wants_reply', models.BooleanField(default=False, verbose_name='wants a reply')),
                ('reply_due_at', models.DateTimeField(blank=True, null=True, verbose_name='reply promised by')),
                ('replied_at', models.DateTimeField(blank=True, null=True, verbose_name='replied')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.customer', verbose_name='customer')),
                ('invitation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='response', to='invitations.invitation', verbose_name='invitation')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='responses', to='questionnaires.survey', verbose_name='survey')),
                ('touchpoint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='catalogue.touchpoint', verbose_name='touchpoint')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'response',
                'verbose_name_plural': 'responses',
                'ordering': ['-submitted_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('number', models.SmallIntegerField(blank=True, null=True, verbose_name='number')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='questionnaires.question', verbose_name='question')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='responses.response', verbose_name='response')),
            ],
            options={
                'verbose_name': 'answer',
                'verbose_name_plural': 'answers',
                'ordering': ['response', 'question__position'],
            },
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(fields=['workspace', 'submitted_at'], name='responses_day'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(fields=['survey', '-submitted_at'], name='responses_newest'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(condition=models.Q(('replied_at', None), ('wants_reply', True)), fields=['workspace', 'reply_due_at'], name='responses_reply_due'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(fields=['customer', '-submitted_at'], name='responses_customer'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('wants_reply', False), ('reply_due_at__isnull', False), _connector='OR'), name='responses_response_reply_promised'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['question', 'number'], name='responses_answer_question'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('response', 'question'), name='responses_answer_once', violation_error_message='This question is answered already.'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('number', None), ('number__range', (0, 10)), _connector='OR'), name='responses_answer_on_scale', violation_error_message='Choose a number from 0 to 10.'),
        ),
        ProtectTable("responses_response"),
        ProtectTable("responses_answer"),
    ]
