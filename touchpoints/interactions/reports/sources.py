"""What sources sent, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from cxm.common.clock import day_of, now
from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import Quarantined, Source, SourceDay
from touchpoints.interactions.reports.latest import MOST_COUNTED


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
