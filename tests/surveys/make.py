"""Makers of surveys, campaigns and answers; inside the scope that they open themselves."""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from typing import Any

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.common.tokens import hash_token, make_token
from cxm.customers.keys import email_key
from cxm.customers.models import Customer
from cxm.workspaces.models import Workspace
from surveys.invitations.models import Campaign, CampaignText, Invitation, InvitationToken
from surveys.invitations.services import SentBefore, launch_campaign, record_sent
from surveys.questionnaires.models import Survey
from surveys.questionnaires.services import create_nps_survey
from tests.cxm.customers.make import make_customer
from touchpoints.catalogue.models import Channel, Touchpoint

_numbers = count(1)


def make_touchpoint(workspace: Workspace, **overrides: Any) -> Touchpoint:
    """Make a touchpoint in a channel of its own."""
    number = next(_numbers)
    fields = {"key": f"place-{number}", "name": f"Place {number}", **overrides}
    with workspace_scope(workspace.pk):
        channel = Channel.objects.create(key=f"channel-{number}", name=f"Channel {number}")
        return Touchpoint.objects.create(channel=channel, **fields)


def make_survey(workspace: Workspace, **overrides: Any) -> Survey:
    """Make an active survey with the NPS question and a comment, English and German."""
    fields = {"name": "After your order", "status": "active", **overrides}
    with workspace_scope(workspace.pk):
        return create_nps_survey(workspace=workspace, **fields)


def make_reachable(workspace: Workspace, address: str = "", **overrides: Any) -> Customer:
    """Make a customer with an e-mail address who agreed to be asked."""
    key = email_key(address or f"customer{next(_numbers)}@example.com")
    return make_customer(workspace, key, consent=("survey", "email"), **overrides)


def make_campaign(
    survey: Survey, *, texts: dict[str, str] | None = None, **overrides: Any
) -> Campaign:
    """Make a campaign; ``texts`` are its occasions by language."""
    with workspace_scope(survey.workspace_id):
        campaign = Campaign.objects.create(**{"survey": survey, "name": "Autumn", **overrides})
        for language, occasion in (texts or {}).items():
            CampaignText.objects.create(campaign=campaign, language=language, occasion=occasion)
        return campaign


def make_launched(survey: Survey, **overrides: Any) -> Campaign:
    """Make a campaign and queue its invitations."""
    campaign = make_campaign(survey, **overrides)
    with workspace_scope(survey.workspace_id):
        return launch_campaign(campaign=campaign)


def make_invited(
    survey: Survey, customer: Customer, *, at: datetime | None = None, **overrides: Any
) -> tuple[Invitation, str, str]:
    """Make an invitation that left already; return it with its two secrets."""
    campaign = make_campaign(survey, **overrides)
    moment = at or now()
    with workspace_scope(survey.workspace_id):
        record_sent(campaign=campaign, sent=[SentBefore(customer.pk, moment)])
        invitation = Invitation.objects.get(campaign=campaign)
        tokens = make_token(), make_token()
        for purpose, token in zip(InvitationToken.Purpose.values, tokens, strict=True):
            assert invitation.expires_at is not None
            InvitationToken.objects.create(
                invitation=invitation,
                purpose=purpose,
                token_hash=hash_token(token),
                expires_at=invitation.expires_at.replace(year=invitation.expires_at.year + 2),
            )
    return invitation, *tokens


def parse(content: bytes) -> EmailMessage:
    """Read a mail as a mail program does."""
    found = message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(message: EmailMessage, kind: str) -> str:
    """Return the text ("plain") or the HTML ("html") of a mail."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def survey_path(message: EmailMessage) -> str:
    """Return the path of the survey's address in a mail."""
    found = re.search(r"http://testserver(/s/[^/]+/)", part(message, "plain"))
    assert found is not None
    return found[1]


def unsubscribe_path(message: EmailMessage) -> str:
    """Return the path of the one-click address in a mail's header."""
    found = re.search(r"<http://testserver(/u/[^/]+/)>", str(message["List-Unsubscribe"]))
    assert found is not None
    return found[1]
