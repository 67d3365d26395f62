"""What lies in the quarantine, by reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min

from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import OPEN_JOBS, Quarantined, Retry
from touchpoints.interactions.reasons import Reason, reason_of

_KEY: Final = re.compile("“(.+)”")
MOST_KEYS: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are asked for; None asks for all. A day is the workspace's, of arrival."""

    source: UUID | None = None
    day: date | None = None
    outcome: str = Quarantined.Outcome.OPEN


@dataclass(frozen=True, slots=True)
class Group:
    """The rows with one reason: how many, since when, from whom, and whether they are tried."""

    code: str
    reason: Reason
    count: int
    first: datetime
    last: datetime
    sources: Sequence[str]
    retry: Retry | None


@dataclass(frozen=True, slots=True)
class MissingKey:
    """A touchpoint that is named and that there is not, with how many rows name it."""

    key: str
    count: int


def refused_rows(workspace: Workspace, asked: Asked, code: str = "") -> Any:
    """Return the rows that are asked for, the latest first."""
    rows = Quarantined.objects.for_workspace(workspace).filter(outcome=asked.outcome)
    if code:
        rows = rows.filter(reason=code)
    if asked.source is not None:
        rows = rows.filter(source_id=asked.source)
    if asked.day is not None:
        start = datetime.combine(asked.day, time.min, ZoneInfo(workspace.timezone))
        end = datetime.combine(
            asked.day + timedelta(days=1), time.min, ZoneInfo(workspace.timezone)
        )
        rows = rows.filter(received_at__gte=start, received_at__lt=end)
    return rows.order_by("-received_at", "-id")


def groups_of(*, workspace: Workspace, asked: Asked) -> list[Group]:
    """Return the rows by reason, those with most first, in three queries."""
    rows = (
        refused_rows(workspace, asked)
        .order_by()
        .values("reason", "source__name")
        .annotate(n=Count("pk"), first=Min("received_at"), last=Max("received_at"))
    )
    retries = {
        job.reason: job
        for job in Retry.objects.for_workspace(workspace).filter(status__in=OPEN_JOBS)
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["reason"], []).append(row)
    return sorted(
        (
            Group(
                code,
                reason_of(code),
                sum(row["n"] for row in entries),
                min(row["first"] for row in entries),
                max(row["last"] for row in entries),
                sorted({row["source__name"] for row in entries}),
                retries.get(code),
            )
            for code, entries in found.items()
        ),
        key=lambda group: (-group.count, group.code),
    )


def missing_keys(*, workspace: Workspace, asked: Asked) -> list[MissingKey]:
    """Return the touchpoints that rows name and that there are not, in one query."""
    rows = (
        refused_rows(workspace, asked, "unknown_touchpoint")
        .order_by()
        .values("detail")
        .annotate(n=Count("pk"))
        .order_by("-n", "detail")[:MOST_KEYS]
    )
    found = ((_KEY.search(row["detail"]), row["n"]) for row in rows)
    return [MissingKey(hit[1], count) for hit, count in found if hit is not None]


def outcomes_of(workspace: Workspace) -> dict[str, int]:
    """Return how many rows have each outcome, in one query."""
    rows = (
        Quarantined.objects.for_workspace(workspace)
        .order_by()
        .values("outcome")
        .annotate(n=Count("pk"))
        .values_list("outcome", "n")
    )
    return dict(rows)
