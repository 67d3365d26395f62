"""Reads of the room: latest interactions, what sources sent, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from cxm.common.clock import day_of, now
from cxm.kpis.reports import Score, slices
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.models import Dimension, Goal
from touchpoints.interactions.models import Interaction, Quarantined, Source, SourceDay
from touchpoints.interactions.records import CONTACTS

PAGE_SIZE = 50
# Beyond this many nobody reads the exact number, and counting costs.
MOST_COUNTED = 10_000
UNMATCHED_DAYS = 7
MOST_DIMENSIONS = 8


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which interactions are asked for; None and "" ask for all. Days are the workspace's."""

    touchpoint: UUID | None = None
    unmatched: bool = False
    source: UUID | None = None
    event: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_set(self) -> bool:
        """Whether anything is asked for."""
        return self != Criteria()


@dataclass(frozen=True, slots=True)
class Page:
    """Some interactions, newest first, and the id after which the next page begins."""

    rows: Sequence[Interaction]
    older: UUID | None


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and what it sent in the last days."""

    source: Source
    days: Sequence[SourceDay]
    waiting: int
    late: bool


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Visits by the values of a dimension; each score has n = visits."""

    dimension: Dimension
    scores: Sequence[Score]


def latest(
    *, workspace: Workspace, criteria: Criteria, after: UUID | None = None, size: int = PAGE_SIZE
) -> Page:
    """Return a page of interactions, newest first, in six queries at most.

    What the rows point to is fetched after them: joined, the planner would read every partition
    before it sorts, instead of the end of the newest one.
    """
    rows = Interaction.objects.for_workspace(workspace).prefetch_related(
        "touchpoint__channel", "source", "customer"
    )
    zone = ZoneInfo(workspace.timezone)
    if criteria.touchpoint is not None:
        rows = rows.filter(touchpoint_id=criteria.touchpoint)
    if criteria.unmatched:
        rows = rows.filter(touchpoint__isnull=True, kind__in=CONTACTS)
    if criteria.source is not None:
        rows = rows.filter(source_id=criteria.source)
    if criteria.event:
        rows = rows.filter(event=criteria.event)
    if criteria.since is not None:
        rows = rows.filter(occurred_at__gte=datetime.combine(criteria.since, time.min, zone))
    if criteria.until is not None:
        end = datetime.combine(criteria.until + timedelta(days=1), time.min, zone)
        rows = rows.filter(occurred_at__lt=end)
    if after is not None:
        last = Interaction.objects.for_workspace(workspace).with_id(after).first()
        if last is not None:
            rows = rows.filter(
                Q(occurred_at__lt=last.occurred_at)
                | Q(occurred_at=last.occurred_at, id__lt=last.id)
            )
    found = list(rows.order_by("-occurred_at", "-id")[: size + 1])
    return Page(found[:size], found[size - 1].id if len(found) > size else None)


def source_states(*, workspace: Workspace, days: int = 7) -> list[SourceState]:
    """Return each source with its last days, newest first, in three queries."""
    first = day_of(now(), workspace.timezone) - timedelta(days=days - 1)
    sent: dict[UUID, list[SourceDay]] = {}
    for row in SourceDay.objects.for_workspace(workspace).filter(day__gte=first).order_by("-day"):
        sent.setdefault(row.source_id, []).append(row)
    waiting = dict(
        Quarantined.objects.for_workspace(workspace)
        .filter(outcome=Quarantined.Outcome.OPEN)
        .values_list("source_id")
        .annotate(Count("pk"))
        .order_by("source_id")
    )
    return [
        SourceState(
            source, sent.get(source.pk, []), waiting.get(source.pk, 0), is_late(source, now())
        )
        for source in Source.objects.for_workspace(workspace).filter(revoked_at=None)
    ]


def is_late(source: Source, at: datetime) -> bool:
    """Say whether a source should have sent something by now."""
    if source.expected_hours is None:
        return False
    seen = source.last_seen_at or source.created_at
    return at - seen > timedelta(hours=source.expected_hours)


def waiting_in_quarantine(workspace: Workspace) -> int:
    """Return how many rows wait, at most MOST_COUNTED; reads an index only."""
    return (
        Quarantined.objects.for_workspace(workspace)
        .filter(outcome=Quarantined.Outcome.OPEN)
        .values("pk")[:MOST_COUNTED]
        .count()
    )


def unmatched(workspace: Workspace) -> int:
    """Return how many contacts of the last days belong to no touchpoint, at most MOST_COUNTED."""
    return (
        Interaction.objects.for_workspace(workspace)
        .contacts()
        .filter(touchpoint__isnull=True, occurred_at__gte=now() - timedelta(days=UNMATCHED_DAYS))
        .values("id")[:MOST_COUNTED]
        .count()
    )


def breakdowns(
    *, workspace: Workspace, window: str, touchpoint: UUID | None = None
) -> list[Breakdown]:
    """Return visits, with conversion where there is a primary goal, by each dimension's values."""
    kind, subject = (
        ("workspace", workspace.pk) if touchpoint is None else ("touchpoint", touchpoint)
    )
    has_goal = Goal.objects.for_workspace(workspace).filter(is_primary=True).exists()
    metric = "conversion" if has_goal else "visits"
    found = [
        Breakdown(dimension, slices(kind, subject, metric, dimension.key, window))
        for dimension in Dimension.objects.for_workspace(workspace)[:MOST_DIMENSIONS]
    ]
    return [breakdown for breakdown in found if breakdown.scores]
