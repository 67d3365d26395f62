"""Reads about campaigns: who would be asked, and how far the sending is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Min

from cxm.common.clock import now
from cxm.common.scope import token_scope, workspace_scope
from cxm.common.tokens import hash_token
from cxm.customers.models import Customer
from cxm.customers.querysets import CustomerQuerySet
from cxm.customers.reports import contactable
from cxm.customers.vocabulary import CHANNEL_EMAIL, SURVEY
from surveys.invitations.models import Campaign, Invitation, InvitationToken

RECENTLY_ASKED: Final = "recently_asked"
EVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who would get an invitation now, and why each other customer would not."""

    allowed: tuple[UUID, ...]
    refused: Mapping[UUID, str]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """The reasons with their counts, the largest first."""
        return Counter(self.refused.values()).most_common()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is: the number of invitations in each status, and of answers."""

    counts: Mapping[str, int]
    reasons: tuple[tuple[str, int], ...]
    answered: int
    next_due: datetime | None
    last_sent: datetime | None

    @property
    def chosen(self) -> int:
        """How many customers the campaign is about, skipped ones left out."""
        return sum(n for status, n in self.counts.items() if status != Invitation.Status.SKIPPED)

    @property
    def left(self) -> int:
        """How many are still on their way."""
        waiting = (Invitation.Status.QUEUED, Invitation.Status.SENDING)
        return sum(self.counts.get(status, 0) for status in waiting)

    @property
    def share_done(self) -> float:
        """The share, 0…1, of which we know what became of it."""
        return (self.chosen - self.left) / self.chosen if self.chosen else 1.0


def customers_of(campaign: Campaign) -> CustomerQuerySet:
    """Return the customers that a campaign is for: its segment, or everybody."""
    if campaign.segment is not None:
        return campaign.segment.customers()
    return Customer.objects.for_workspace(campaign.workspace).present()


def audience(campaign: Campaign, moment: datetime | None = None) -> Audience:
    """Work out whom a launch at ``moment`` would ask; a constant number of queries."""
    at = moment or now()
    customers = customers_of(campaign)
    contacts = contactable(customers, SURVEY, CHANNEL_EMAIL)
    asked = recently_asked(customers, at, campaign.workspace.contact_gap_days)
    allowed = tuple(customer for customer in contacts.allowed if customer not in asked)
    refused: dict[UUID, str] = dict(contacts.refused)
    refused.update({customer: RECENTLY_ASKED for customer in contacts.allowed if customer in asked})
    return Audience(allowed=allowed, refused=refused)


def recently_asked(customers: CustomerQuerySet, moment: datetime, gap_days: int) -> set[UUID]:
    """Return which of ``customers`` were asked less than ``gap_days`` before ``moment``.

    An invitation that waits in another campaign counts as asked, and so does one to a customer
    who was merged into one of them.
    """
    if gap_days == 0:
        return set()
    return set(
        Invitation.objects.counting_as_asked(moment - timedelta(days=gap_days))
        .filter(customer__root__in=customers.order_by().values("root"))
        .values_list("customer__root", flat=True)
    )


def was_asked_meanwhile(invitation: Invitation, moment: datetime, gap_days: int) -> bool:
    """Say whether another invitation to the same person left within the gap.

    One of the same campaign counts without a gap too: two customers of it may have been merged.
    """
    others = Invitation.objects.filter(customer__root=invitation.customer.root).exclude(
        pk=invitation.pk
    )
    same_campaign = others.filter(campaign=invitation.campaign_id).handed_over(EVER)
    since = moment - timedelta(days=gap_days)
    return (others.handed_over(since) | same_campaign).exists()


def progress(campaign: Campaign) -> Progress:
    """Return how far the sending is; three queries."""
    rows = Invitation.objects.filter(campaign=campaign)
    counts = {
        row["status"]: row["n"] for row in rows.values("status").annotate(n=Count("pk")).order_by()
    }
    reasons = (
        rows.filter(status__in=(Invitation.Status.SKIPPED, Invitation.Status.FAILED))
        .values_list("reason")
        .annotate(n=Count("pk"))
        .order_by("-n", "reason")
    )
    rest = rows.aggregate(
        answered=Count("answered_at"), next_due=Min("due_at"), last_sent=Max("sent_at")
    )
    return Progress(
        counts=counts,
        reasons=tuple((reason, n) for reason, n in reasons),
        answered=rest["answered"],
        next_due=rest["next_due"],
        last_sent=rest["last_sent"],
    )


def find_token(token: str, purpose: str) -> InvitationToken | None:
    """Return the row of a token out of a mail, or None when it is unknown, for another purpose
    or past its time.

    Runs without a scope: the token itself is what lets the row be seen. The invitation, with its
    campaign, survey, workspace and customer, is loaded in the workspace's scope.
    """
    digest = hash_token(token)
    with token_scope(digest):
        found = InvitationToken.objects.filter(token_hash=digest, purpose=purpose).first()
    if found is None or found.expires_at <= now():
        return None
    with workspace_scope(found.workspace_id):
        found.invitation = Invitation.objects.select_related(
            "workspace", "customer", "campaign__survey__touchpoint"
        ).get(pk=found.invitation_id)
    return found


def occasion_of(campaign: Campaign, language: str) -> str:
    """Return the sentence about the occasion in a language; "" when there is none."""
    return campaign.texts.filter(language=language).values_list("occasion", flat=True).first() or ""


def reason_counts(reasons: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the reasons that are given, without the empty one."""
    return [(reason, n) for reason, n in reasons if reason]
