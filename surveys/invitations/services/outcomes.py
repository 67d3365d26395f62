"""What becomes of an invitation: the only writer of its status after the hand-over."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cxm.common.clock import day_of, now
from cxm.customers.services import suppress
from cxm.customers.vocabulary import BOUNCE, CHANNEL_EMAIL
from cxm.kpis.services import mark_stale
from cxm.workspaces.models import Workspace
from surveys.invitations import pacing
from surveys.invitations.delivery import Fate, Receipt
from surveys.invitations.feeds import INVITATIONS
from surveys.invitations.models import Campaign, Invitation
from surveys.invitations.querysets import InvitationQuerySet

Status = Invitation.Status


@transaction.atomic
def record_receipt(
    *, workspace: Workspace, invitation_id: UUID, claim: UUID, address: str, receipt: Receipt
) -> None:
    """Write down what the mail server said; also over an "uncertain" of the sweeper's."""
    moment = now()
    rows = Invitation.objects.filter(
        pk=invitation_id, status__in=(Status.SENDING, Status.UNCERTAIN)
    )
    rows = rows.claimed_by(claim)
    note_days(workspace, rows)
    match receipt.fate:
        case Fate.ACCEPTED:
            rows.update(
                status=Status.SENT,
                reason="",
                detail=receipt.detail,
                sent_at=moment,
                claimed_until=None,
                updated_at=moment,
            )
        case Fate.LATER:
            put_off(rows, reason="put_off", detail=receipt.detail)
        case Fate.UNKNOWN:
            rows.update(
                status=Status.UNCERTAIN,
                reason="connection_lost",
                detail=receipt.detail,
                updated_at=moment,
            )
        case Fate.REFUSED:
            _fail(rows, "refused", receipt.detail)
        case Fate.BOUNCED:
            _fail(rows, "bounced", receipt.detail)
            suppress(channel=CHANNEL_EMAIL, address=address, reason=BOUNCE)


def note_days(workspace: Workspace, rows: InvitationQuerySet) -> None:
    """Note that the figures of the days on which ``rows`` were handed over change.

    Call it before the rows are changed, in the same transaction.
    """
    moments = rows.filter(handed_over_at__isnull=False).values_list("handed_over_at", flat=True)
    days = {day_of(moment, workspace.timezone) for moment in moments if moment is not None}
    if days:
        mark_stale(INVITATIONS, days)


def put_off(rows: InvitationQuerySet, *, reason: str, detail: str) -> None:
    """Queue again what certainly did not leave, after a pause that grows with each attempt."""
    moment = now()
    for invitation_id, attempts in rows.values_list("pk", "attempts"):
        one = rows.filter(pk=invitation_id)
        pause = pacing.pause_after(attempts)
        if pause is None:
            _fail(one, "gave_up", detail)
            continue
        one.update(
            status=Status.QUEUED,
            reason=reason,
            detail=detail,
            due_at=moment + pause,
            handed_over_at=None,
            claim_id=None,
            claimed_until=None,
            updated_at=moment,
        )


def release(claim: UUID, detail: str) -> None:
    """Queue again what was claimed while nobody answered at the mail server: no attempt counts."""
    moment = now()
    Invitation.objects.filter(status=Status.SENDING, handed_over_at=None).claimed_by(claim).update(
        status=Status.QUEUED,
        reason="server_down",
        detail=detail[:300],
        due_at=moment + pacing.SERVER_DOWN_PAUSE,
        attempts=F("attempts") - 1,
        claim_id=None,
        claimed_until=None,
        updated_at=moment,
    )


@transaction.atomic
def resolve_uncertain(*, workspace: Workspace, invitations: Iterable[UUID], arrived: bool) -> int:
    """Settle uncertain invitations by what a person found out; return how many.

    Args:
        arrived: True leaves them as sent; False sends them again.
    """
    rows = Invitation.objects.filter(pk__in=list(invitations), status=Status.UNCERTAIN)
    note_days(workspace, rows)
    if not arrived:
        return _queue_again(rows)
    return rows.update(
        status=Status.SENT,
        sent_at=F("handed_over_at"),
        reason="",
        claimed_until=None,
        updated_at=now(),
    )


@transaction.atomic
def retry_failed(*, invitations: Iterable[UUID]) -> int:
    """Queue failed invitations again, as a person asked; return how many."""
    return _queue_again(Invitation.objects.filter(pk__in=list(invitations), status=Status.FAILED))


def _queue_again(rows: InvitationQuerySet) -> int:
    moment = now()
    campaigns = list(rows.values_list("campaign_id", flat=True).distinct())
    changed = rows.update(
        status=Status.QUEUED,
        reason="",
        attempts=0,
        due_at=moment,
        handed_over_at=None,
        claim_id=None,
        claimed_until=None,
        updated_at=moment,
    )
    Campaign.objects.filter(pk__in=campaigns, status=Campaign.Status.DONE).update(
        status=Campaign.Status.SENDING, finished_at=None, updated_at=moment
    )
    return changed


def _fail(rows: InvitationQuerySet, reason: str, detail: str) -> None:
    rows.update(
        status=Status.FAILED,
        reason=reason,
        detail=detail[:300],
        claimed_until=None,
        updated_at=now(),
    )
