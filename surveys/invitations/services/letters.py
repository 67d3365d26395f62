"""Writes the mail of one invitation, with fresh secrets in its links."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.core.mail import EmailMultiAlternatives

from cxm.common.ids import uuid7
from cxm.common.tokens import hash_token, make_token
from cxm.customers.models import Consent
from cxm.customers.vocabulary import CHANNEL_EMAIL, SURVEY
from cxm.workspaces.models import Workspace
from surveys.invitations import mail, pacing
from surveys.invitations.models import Campaign, Invitation, InvitationToken
from surveys.questionnaires.models import Survey
from surveys.questionnaires.reports import questionnaire


class Words(TypedDict):
    """What a campaign says in one language."""

    subject: str
    occasion: str


def write_letter(
    *, workspace: Workspace, invitation: Invitation, address: str, language: str, moment: datetime
) -> EmailMultiAlternatives:
    """Return the mail that invites ``invitation``'s customer; its links work from ``moment`` on.

    Stores the hashes of new secrets; those of an attempt that failed become void.
    """
    campaign, customer = invitation.campaign, invitation.customer
    answer_token, stop_token = _make_tokens(invitation, moment)
    agreed = (
        Consent.objects.current()
        .filter(customer__root=customer.root, purpose=SURVEY, channel=CHANNEL_EMAIL, granted=True)
        .values_list("at", flat=True)
        .first()
    )
    return mail.compose(
        mail.Letter(
            workspace=workspace,
            questionnaire=questionnaire(campaign.survey, language, workspace.name),
            name=customer.name,
            address=address,
            survey_url=mail.site_link("survey_page", answer_token),
            unsubscribe_url=mail.site_link("unsubscribe", stop_token),
            expires_at=mail.days_after(moment, campaign.expires_days),
            message_id=mail.message_id(invitation.pk),
            agreed_at=agreed,
            **_words(campaign, language),
        )
    )


def write_test_letter(
    *, survey: Survey, campaign: Campaign | None, address: str, url: str, moment: datetime
) -> EmailMultiAlternatives:
    """Return the mail as customers would get it, for a colleague; all its links lead to ``url``."""
    workspace = survey.workspace
    language = survey.language_for(workspace.language)
    return mail.compose(
        mail.Letter(
            workspace=workspace,
            questionnaire=questionnaire(survey, language, workspace.name),
            name="",
            address=address,
            survey_url=url,
            unsubscribe_url=url,
            expires_at=mail.days_after(moment, campaign.expires_days if campaign else 14),
            message_id=mail.message_id(uuid7()),
            **_words(campaign, language),
        )
    )


def _words(campaign: Campaign | None, language: str) -> Words:
    text = campaign.texts.filter(language=language).first() if campaign else None
    return Words(
        subject=text.subject if text else "",
        occasion=text.occasion if text else "",
    )


def _make_tokens(invitation: Invitation, moment: datetime) -> tuple[str, str]:
    InvitationToken.objects.filter(invitation=invitation).delete()
    answer_token, stop_token = make_token(), make_token()
    campaign = invitation.campaign
    # An answer given on the last day may still be changed.
    answering = mail.days_after(moment, campaign.expires_days + campaign.survey.change_days)
    InvitationToken.objects.bulk_create(
        InvitationToken(
            workspace_id=invitation.workspace_id,
            invitation=invitation,
            purpose=purpose,
            token_hash=hash_token(token),
            expires_at=until,
        )
        for purpose, token, until in (
            (InvitationToken.Purpose.SURVEY, answer_token, answering),
            (InvitationToken.Purpose.UNSUBSCRIBE, stop_token, moment + pacing.UNSUBSCRIBE_WORKS),
        )
    )
    return answer_token, stop_token
