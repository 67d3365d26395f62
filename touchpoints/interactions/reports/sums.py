"""Sums by day as pages read them: never from the interactions themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from cxm.common.statistics import Figure
from cxm.workspaces.models import Workspace
from touchpoints.campaigns.models import Campaign
from touchpoints.catalogue.models import Channel, Goal
from touchpoints.interactions.daysums import ByDay, Period, Sums, percent
from touchpoints.interactions.models import ZERO, Conversion, TouchpointDay

COLUMNS = ("contacts", "views", "clicks", "visits", "won")


@dataclass(frozen=True, slots=True)
class Line:
    """Sums of one channel or campaign; `of` is None for what came by none."""

    of: Channel | Campaign | None
    sums: Sums
    conversion: Figure
    # Of the largest line, for its bar.
    share: float

    @property
    def name(self) -> str:
        """Return the name, "" for none."""
        return self.of.name if self.of is not None else ""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """How often a goal was reached, in how many visits, with the money by currency."""

    goal: Goal
    reached: int
    visits: int
    values: Mapping[str, Decimal]


def _days(workspace: Workspace, touchpoints: Collection[UUID], start: date, end: date) -> Any:
    return (
        TouchpointDay.objects.for_workspace(workspace)
        .filter(touchpoint_id__in=touchpoints, day__gte=start, day__lte=end)
        .order_by()
    )


def _summed(rows: Any) -> Any:
    return rows.annotate(**{f"all_{name}": Sum(name) for name in (*COLUMNS, "dwell_seconds")})


def _sums(row: Mapping[str, Any]) -> Sums:
    counted = {name: int(row[f"all_{name}"]) for name in COLUMNS}
    return Sums(**counted, seconds=row["all_dwell_seconds"])


def sums_by_day(*, workspace: Workspace, touchpoint: UUID, start: date, end: date) -> ByDay:
    """Return the sums of each day on which there are any, in one query."""
    rows = _days(workspace, [touchpoint], start, end).values("day")
    return {row["day"]: _sums(row) for row in _summed(rows)}


def sums_by_touchpoint_and_day(
    *, workspace: Workspace, touchpoints: Collection[UUID], start: date, end: date
) -> dict[UUID, dict[date, Sums]]:
    """Return the sums of each day of some touchpoints, in one query."""
    found: dict[UUID, dict[date, Sums]] = defaultdict(dict)
    rows = _days(workspace, touchpoints, start, end).values("touchpoint_id", "day")
    for row in _summed(rows):
        found[row["touchpoint_id"]][row["day"]] = _sums(row)
    return found


def lines_by(
    what: Literal["channel", "campaign"],
    *,
    workspace: Workspace,
    touchpoint: UUID,
    period: Period,
    z: float,
) -> list[Line]:
    """Return the sums of each channel or campaign, most visits first, in two queries.

    What came by no campaign is left out there; what came by no channel is a line of its own.
    """
    rows = _days(workspace, [touchpoint], period.start, period.end)
    column = f"{what}_id"
    sums = {row[column]: _sums(row) for row in _summed(rows.values(column))}
    if what == "campaign":
        sums.pop(ZERO, None)
    model: Any = Channel if what == "channel" else Campaign
    named = model.objects.for_workspace(workspace).in_bulk([key for key in sums if key != ZERO])
    # What was deleted since counts with what came by none.
    merged: dict[UUID, Sums] = defaultdict(Sums)
    for key, entry in sums.items():
        merged[key if key in named else ZERO] += entry
    largest = max((entry.visits for entry in merged.values()), default=0)
    ordered = sorted(
        merged.items(),
        key=lambda item: (-item[1].visits, -item[1].contacts, str(item[0])),
    )
    return [
        Line(
            named.get(key),
            entry,
            percent(entry.won, entry.visits, z),
            entry.visits / largest if largest else 0.0,
        )
        for key, entry in ordered
    ]


def goals_reached(*, workspace: Workspace, touchpoint: UUID, period: Period) -> list[GoalLine]:
    """Return the goals that contacts at the touchpoint reached, in two queries."""
    rows: QuerySet[Any, Any] = (
        Conversion.objects.for_workspace(workspace)
        .filter(touchpoint_id=touchpoint, day__gte=period.start, day__lte=period.end)
        .order_by()
        .values("goal_id", "currency")
        .annotate(
            reached=Count("occurrence"),
            visits=Count("visit_key", distinct=True),
            worth=Sum("value"),
        )
    )
    found: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["goal_id"]].append(row)
    goals = Goal.objects.for_workspace(workspace).filter(pk__in=found)
    return sorted(
        (
            GoalLine(
                goal,
                sum(row["reached"] for row in found[goal.pk]),
                sum(row["visits"] for row in found[goal.pk]),
                {
                    row["currency"]: row["worth"]
                    for row in sorted(found[goal.pk], key=lambda row: str(row["currency"]))
                    if row["worth"] is not None
                },
            )
            for goal in goals
        ),
        key=lambda line: (not line.goal.is_primary, -line.reached, line.goal.name),
    )
