"""What is happening now: the newest contacts, and how many there were in each minute.

Each look costs as much for a million contacts a day as for ten: it begins at the end of the
newest partition and goes back over so many contacts at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMinute

from cxm.common.clock import now
from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import Inbox, Interaction, Visit
from touchpoints.interactions.querysets import InteractionQuerySet
from touchpoints.interactions.records import PAGE_LEFT

SHOWN: Final = 40
MINUTES: Final = 30
# Contacts that are looked through for a filter, and that are counted by minute.
LOOKED_THROUGH: Final = 20_000
# Clocks of senders run ahead a little; what lies further ahead is no news of now.
AHEAD: Final = timedelta(minutes=1)
# Visits are found by when they began; one that lasts longer shows no device.
LONGEST_VISIT: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Live:
    """Which contacts are looked at; None asks for all."""

    touchpoint: UUID | None = None
    channel: UUID | None = None
    source: UUID | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact with what is known of its visit."""

    row: Interaction
    visit: Visit | None

    @property
    def place(self) -> str:
        """Return where it was, as the sender tells it."""
        return place_of(self.row)

    @property
    def tag(self) -> str:
        """Return the last part of the id, by which the page knows what it shows."""
        return self.row.id.hex[-8:]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Contacts by minute, oldest first; `whole` False: there were more than were counted."""

    counts: Sequence[tuple[datetime, int]]
    whole: bool

    @property
    def total(self) -> int:
        """Return how many were counted."""
        return sum(count for _moment, count in self.counts)

    @property
    def most(self) -> int:
        """Return the largest count, at least 1."""
        return max([count for _moment, count in self.counts] + [1])


def place_of(row: Interaction) -> str:
    """Return where a contact was, as the sender tells it."""
    for told in (row.context, row.properties):
        found = told.get("place") if isinstance(told, dict) else None
        if isinstance(found, str) and found:
            return found[:80]
    return ""


def newest(
    *, workspace: Workspace, asked: Live, seen: frozenset[str] = frozenset()
) -> list[Contact]:
    """Return the newest contacts that are not seen yet, newest first, in eight queries at most."""
    found = newest_rows(workspace=workspace, asked=asked, most=SHOWN)
    fresh = [row for row in found if row.id.hex[-8:] not in seen]
    if not fresh:
        return []
    visits = Visit.objects.for_workspace(workspace).filter(
        id__in={row.visit_key for row in fresh},
        started_at__gte=fresh[-1].occurred_at - LONGEST_VISIT,
        started_at__lte=fresh[0].occurred_at + AHEAD,
    )
    by_key = {visit.id: visit for visit in visits}
    return [Contact(row, by_key.get(row.visit_key)) for row in fresh]


def newest_rows(
    *, workspace: Workspace, asked: Live, most: int = LOOKED_THROUGH
) -> Sequence[Interaction]:
    """Return the newest contacts with what they point to, newest first, in seven queries."""
    rows = _asked(_contacts(workspace), asked)
    if asked.channel is not None or asked.source is not None:
        rows = rows.filter(occurred_at__gte=_since(workspace, LOOKED_THROUGH))
    return list(
        rows.prefetch_related("touchpoint__channel", "channel", "campaign", "source", "customer")[
            :most
        ]
    )


def by_minute(*, workspace: Workspace, asked: Live) -> Minutes:
    """Return how many contacts there were in each of the last minutes, in two queries."""
    at = now().replace(second=0, microsecond=0)
    start = at - timedelta(minutes=MINUTES - 1)
    limit = _since(workspace, LOOKED_THROUGH)
    whole = limit <= start
    rows = (
        _asked(_contacts(workspace), asked)
        .filter(occurred_at__gte=max(start, limit))
        .order_by()
        .annotate(minute=TruncMinute("occurred_at"))
        .values("minute")
        .annotate(n=Count("id"))
        .values_list("minute", "n")
    )
    found = dict(rows)
    moments = [start + timedelta(minutes=n) for n in range(MINUTES)]
    return Minutes([(moment, found.get(moment, 0)) for moment in moments], whole)


def waiting_by_source(workspace: Workspace) -> dict[UUID, int]:
    """Return how many events of each source lie in the inbox, in one query."""
    rows = (
        Inbox.objects.filter(workspace_id=workspace.pk, declined=False)
        .order_by()
        .values("source_id")
        .annotate(n=Sum("events"))
        .values_list("source_id", "n")
    )
    return dict(rows)


def _contacts(workspace: Workspace) -> InteractionQuerySet:
    return (
        Interaction.objects.for_workspace(workspace)
        .contacts()
        .exclude(event=PAGE_LEFT)
        .filter(occurred_at__lte=now() + AHEAD)
        .order_by("-occurred_at", "-id")
    )


def _asked(rows: InteractionQuerySet, asked: Live) -> InteractionQuerySet:
    wanted = Q()
    for name in ("touchpoint", "channel", "source"):
        value = getattr(asked, name)
        if value is not None:
            wanted &= Q(**{f"{name}_id": value})
    return rows.filter(wanted)


def _since(workspace: Workspace, most: int) -> datetime:
    """Return when the contact happened beyond which nobody looks back."""
    rows = _contacts(workspace).values_list("occurred_at", flat=True)
    return next(iter(rows[most : most + 1]), datetime.min.replace(tzinfo=now().tzinfo))
