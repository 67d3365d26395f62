import cxm.common.clock
import cxm.common.ids
import cxm.workspaces.validators
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from cxm.common.rls import ProtectTable


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0001_initial'),
        ('questionnaires', '0001_initial'),
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('sending', 'Sending'), ('paused', 'Paused'), ('done', 'Done')], default='draft', editable=False, max_length=8, verbose_name='status')),
                ('expires_days', models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='days that a link works')),
                ('launched_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='launched')),
                ('finished_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished')),
                ('segment', models.ForeignKey(blank=True, help_text='Empty means every customer.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='customers.segment', verbose_name='segment')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='campaigns', to='questionnaires.survey', verbose_name='survey')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'campaign',
                'verbose_name_plural': 'campaigns',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('status', models.CharField(choices=[('queued', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('uncertain', 'Uncertain'), ('failed', 'Failed'), ('skipped', 'Skipped')], default='queued', max_length=10, verbose_name='status')),
                ('reason', models.CharField(blank=True, max_length=24, verbose_name='reason')),
                ('detail', models.CharField(blank=True, max_length=300, verbose_name='the mail server said')),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('due_at', models.DateTimeField(default=cxm.common.clock.now, verbose_name='due')),
                ('claim_id', models.UUIDField(blank=True, editable=False, null=True)),
                ('claimed_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('handed_over_at', models.DateTimeField(blank=True, null=True, verbose_name='handed over')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='link works until')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='answered')),
                ('message_id', models.CharField(blank=True, editable=False, max_length=200)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='invitations.campaign', verbose_name='campaign')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer', verbose_name='customer')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='InvitationToken',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('purpose', models.CharField(choices=[('survey', 'Answer'), ('unsubscribe', 'Unsubscribe')], max_length=12)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='invitations.invitation')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
        ),
        migrations.CreateModel(
            name='CampaignText',
            fields=[
                ('id', models.UUIDField(default=cxm.common.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('language', models.CharField(max_length=12, validators=[cxm.workspaces.validators.validate_language], verbose_name='language')),
                ('subject', models.CharField(blank=True, help_text='Empty means: our own, in general words.', max_length=120, verbose_name='subject')),
                ('occasion', models.CharField(blank=True, help_text='One sentence before the question: Your order reached you on 18 November.', max_length=240, verbose_name='occasion')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='invitations.campaign', verbose_name='campaign')),
                ('workspace', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace', verbose_name='workspace')),
            ],
            options={
                'verbose_name': 'text',
                'verbose_name_plural': 'texts',
                'ordering': ['campaign', 'language'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'language'), name='invitations_text_language_once', violation_error_message='This campaign has a text in this language already.')],
            },
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('status', 'queued')), fields=['workspace', 'due_at', 'id'], name='invitations_due'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('status', 'sending')), fields=['workspace', 'claimed_until'], name='invitations_claimed'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['campaign', 'status'], name='invitations_progress'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['workspace', 'handed_over_at'], name='invitations_day'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['customer', 'handed_over_at'], name='invitations_asked'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('status__in', ('uncertain', 'failed'))), fields=['workspace', 'status'], name='invitations_trouble'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['workspace', '-created_at', '-id'], name='invitations_newest'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(fields=('campaign', 'customer'), name='invitations_invitation_once', violation_error_message='This customer is in this campaign already.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'sending'), _negated=True), models.Q(('claim_id__isnull', False), ('claimed_until__isnull', False)), _connector='OR'), name='invitations_invitation_claimed'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('sent', 'uncertain')), _negated=True), ('handed_over_at__isnull', False), _connector='OR'), name='invitations_invitation_handed_over'),
        ),
        migrations.AddConstraint(
            model_name='invitationtoken',
            constraint=models.UniqueConstraint(fields=('invitation', 'purpose'), name='invitations_token_purpose_once'),
        ),
        ProtectTable("invitations_campaign"),
        ProtectTable("invitations_campaigntext"),
        ProtectTable("invitations_invitation"),
        ProtectTable("invitations_invitationtoken", token_column="token_hash"),
    ]
