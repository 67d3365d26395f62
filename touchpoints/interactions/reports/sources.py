"""What sources sent, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F

from cxm.common.clock import day_of, now
from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import Quarantined, Source, SourceDay
from touchpoints.interactions.reports.latest import MOST_COUNTED
from touchpoints.interactions.reports.live import waiting_by_source


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and what it sent in the last days."""

    source: Source
    days: Sequence[SourceDay]
    waiting: int
    late: bool


def source_states(*, workspace: Workspace, days: int = 7) -> list[SourceState]:
    """Return each source with its last days, newest first, in three queries."""
    first = day_of(now(), workspace.timezone) - timedelta(days=days - 1)
    sent: dict[UUID, list[SourceDay]] = {}
    for row in SourceDay.objects.for_workspace(workspace).filter(day__gte=first).order_by("-day"):
        sent.setdefault(row.source_id, []).append(row)
    waiting = _refused_by_source(workspace)
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


@dataclass(frozen=True, slots=True)
class SourceDayRow:
    """A day of a source; `counts` is None where nothing came."""

    day: date
    counts: SourceDay | None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A source with each of its last days, the newest first, and what waits.

    received = stored + duplicate + bot + quarantined on each day. `inbox` are events that came and
    are not sorted in yet, `refused` rows that wait in the quarantine.
    """

    source: Source
    days: Sequence[SourceDayRow]
    inbox: int
    refused: int
    late: bool

    @property
    def most(self) -> int:
        """Return what came on the fullest day, at least 1."""
        return max([row.counts.received for row in self.days if row.counts] + [1])

    @property
    def received(self) -> int:
        """Return what came on all the days."""
        return sum(row.counts.received for row in self.days if row.counts)


def source_reports(*, workspace: Workspace, days: int) -> list[SourceReport]:
    """Return every source with its last days, those seen last before others, in four queries."""
    today = day_of(now(), workspace.timezone)
    wanted = [today - timedelta(days=back) for back in range(days)]
    sent: dict[UUID, dict[date, SourceDay]] = {}
    for row in SourceDay.objects.for_workspace(workspace).filter(day__gte=wanted[-1]):
        sent.setdefault(row.source_id, {})[row.day] = row
    refused = _refused_by_source(workspace)
    inbox = waiting_by_source(workspace)
    at = now()
    sources = Source.objects.for_workspace(workspace).order_by(
        F("last_seen_at").desc(nulls_last=True), "name"
    )
    return [
        SourceReport(
            source,
            [SourceDayRow(day, sent.get(source.pk, {}).get(day)) for day in wanted],
            inbox.get(source.pk, 0),
            refused.get(source.pk, 0),
            source.revoked_at is None and is_late(source, at),
        )
        for source in sources
        if source.revoked_at is None or source.pk in sent
    ]


def _refused_by_source(workspace: Workspace) -> dict[UUID, int]:
    rows = (
        Quarantined.objects.for_workspace(workspace)
        .filter(outcome=Quarantined.Outcome.OPEN)
        .order_by()
        .values_list("source_id")
        .annotate(Count("pk"))
    )
    return dict(rows)
