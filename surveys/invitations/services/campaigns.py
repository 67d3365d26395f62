"""Launching, pausing and filling campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.common.ids import uuid7
from surveys.invitations.models import Campaign, Invitation
from surveys.invitations.reports import audience
from surveys.invitations.services.outcomes import note_days

# One statement for all rows; a campaign may be about a whole customer base.
_INSERT: Final = """
    INSERT INTO invitations_invitation (
        id, workspace_id, created_at, updated_at, campaign_id, customer_id, status, reason,
        detail, language, due_at, attempts, message_id, handed_over_at, sent_at, expires_at)
    SELECT id, %(workspace)s, %(at)s, %(at)s, %(campaign)s, customer, status, reason,
        '', '', coalesce(sent, %(at)s), 0, '', sent, sent, sent + make_interval(days => %(works)s)
    FROM unnest(%(ids)s::uuid[], %(customers)s::uuid[], %(statuses)s::text[], %(reasons)s::text[],
        %(sent)s::timestamptz[]) AS given (id, customer, status, reason, sent)
    ON CONFLICT (campaign_id, customer_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class SentBefore:
    """An invitation that left already, by another tool or in the past of a demonstration."""

    customer_id: UUID
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class _Row:
    customer_id: UUID
    status: str
    reason: str = ""
    sent_at: datetime | None = None


@transaction.atomic
def launch_campaign(*, campaign: Campaign, at: datetime | None = None) -> Campaign:
    """Queue an invitation for everybody whom the campaign may ask; write down who is left out.

    Everything is rows of this one transaction: from its commit on, the workers find the
    invitations by themselves.

    Raises:
        DomainError: it was launched already ("launched"), its survey is not active
            ("survey_not_active"), or nobody may be asked ("nobody").
    """
    moment = at or now()
    campaign = _locked(campaign)
    if campaign.status != Campaign.Status.DRAFT:
        raise DomainError(_("This campaign was launched already."), code="launched")
    if not campaign.survey.is_open():
        raise DomainError(_("Activate the survey first."), code="survey_not_active")
    _one_launch_at_a_time(campaign.workspace_id)
    chosen = audience(campaign, moment)
    if not chosen.allowed:
        raise DomainError(_("Nobody may be asked."), code="nobody")
    rows = [_Row(customer, Invitation.Status.QUEUED) for customer in chosen.allowed]
    rows += [
        _Row(customer, Invitation.Status.SKIPPED, reason)
        for customer, reason in chosen.refused.items()
    ]
    _insert(campaign, rows, moment)
    campaign.status = Campaign.Status.SENDING
    campaign.launched_at = moment
    campaign.save(update_fields=["status", "launched_at", "updated_at"])
    return campaign


@transaction.atomic
def pause_campaign(*, campaign: Campaign) -> Campaign:
    """Let no further mail of the campaign leave; one that is being handed over still does."""
    return _turn(campaign, Campaign.Status.SENDING, Campaign.Status.PAUSED)


@transaction.atomic
def resume_campaign(*, campaign: Campaign) -> Campaign:
    """Go on sending. Consent, suppression and the contact gap are read again for each mail."""
    return _turn(campaign, Campaign.Status.PAUSED, Campaign.Status.SENDING)


@transaction.atomic
def record_sent(*, campaign: Campaign, sent: Sequence[SentBefore]) -> dict[UUID, UUID]:
    """Write down invitations that left already, so that answers to them can be told apart.

    No mail leaves. A repeat changes nothing. The campaign must be a draft or done and is done
    afterwards.

    Returns:
        The id of the invitation of each customer.
    """
    campaign = _locked(campaign)
    if campaign.status not in (Campaign.Status.DRAFT, Campaign.Status.DONE):
        raise DomainError(_("This campaign is being sent."), code="launched")
    if not sent:
        return {}
    _insert(
        campaign,
        [
            _Row(row.customer_id, Invitation.Status.SENT, sent_at=row.sent_at)
            for row in sorted(sent, key=lambda row: row.sent_at)
        ],
        now(),
    )
    note_days(campaign.workspace, Invitation.objects.filter(campaign=campaign))
    first, last = min(row.sent_at for row in sent), max(row.sent_at for row in sent)
    campaign.status = Campaign.Status.DONE
    campaign.launched_at = min(campaign.launched_at or first, first)
    campaign.finished_at = max(campaign.finished_at or last, last)
    campaign.save(update_fields=["status", "launched_at", "finished_at", "updated_at"])
    return dict(
        Invitation.objects.filter(
            campaign=campaign, customer__in=[row.customer_id for row in sent]
        ).values_list("customer_id", "pk")
    )


def _turn(campaign: Campaign, before: str, after: str) -> Campaign:
    campaign = _locked(campaign)
    if campaign.status != before:
        raise DomainError(
            _("This campaign is %(status)s.") % {"status": campaign.get_status_display()},
            code="not_possible_now",
        )
    campaign.status = after
    campaign.save(update_fields=["status", "updated_at"])
    return campaign


def _locked(campaign: Campaign) -> Campaign:
    return (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("survey", "segment", "workspace")
        .get(pk=campaign.pk)
    )


def _one_launch_at_a_time(workspace_id: UUID) -> None:
    """Let two launches in one workspace follow each other.

    At the same time neither would see the other's invitations, and a customer who is in both
    segments would be asked twice within the contact gap.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"launch:{workspace_id}"]
        )


def _insert(campaign: Campaign, rows: Sequence[_Row], moment: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "workspace": campaign.workspace_id,
                "campaign": campaign.pk,
                "at": moment,
                "works": campaign.expires_days,
                "ids": [uuid7() for _row in rows],
                "customers": [row.customer_id for row in rows],
                "statuses": [str(row.status) for row in rows],
                "reasons": [row.reason for row in rows],
                "sent": [row.sent_at for row in rows],
            },
        )
