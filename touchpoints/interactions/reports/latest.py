"""The latest interactions, and those that belong nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from cxm.common.clock import now
from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.querysets import InteractionQuerySet
from touchpoints.interactions.records import CONTACTS

PAGE_SIZE = 50
# Beyond this many nobody reads the exact number, and counting costs.
MOST_COUNTED = 10_000
# So many leave in one file; who wants them all takes them by days.
MOST_EXPORTED = 20_000
UNMATCHED_DAYS = 7


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


def latest(
    *, workspace: Workspace, criteria: Criteria, after: UUID | None = None, size: int = PAGE_SIZE
) -> Page:
    """Return a page of interactions, newest first, in six queries at most.

    What the rows point to is fetched after them: joined, the planner would read every partition
    before it sorts, instead of the end of the newest one.
    """
    rows = _asked_for(workspace, criteria)
    if after is not None:
        last = Interaction.objects.for_workspace(workspace).with_id(after).first()
        if last is not None:
            rows = rows.filter(
                Q(occurred_at__lt=last.occurred_at)
                | Q(occurred_at=last.occurred_at, id__lt=last.id)
            )
    found = list(rows.order_by("-occurred_at", "-id")[: size + 1])
    return Page(found[:size], found[size - 1].id if len(found) > size else None)


def to_export(*, workspace: Workspace, criteria: Criteria) -> Sequence[Interaction]:
    """Return the newest interactions for a file, in eight queries at most."""
    rows = _asked_for(workspace, criteria).prefetch_related("channel", "campaign")
    return list(rows.order_by("-occurred_at", "-id")[:MOST_EXPORTED])


def _asked_for(workspace: Workspace, criteria: Criteria) -> InteractionQuerySet:
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
    return rows


def unmatched(workspace: Workspace) -> int:
    """Return how many contacts of the last days belong to no touchpoint, at most MOST_COUNTED."""
    return (
        Interaction.objects.for_workspace(workspace)
        .contacts()
        .filter(touchpoint__isnull=True, occurred_at__gte=now() - timedelta(days=UNMATCHED_DAYS))
        .values("id")[:MOST_COUNTED]
        .count()
    )
