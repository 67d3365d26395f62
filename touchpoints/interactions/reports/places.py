"""How it goes at one touchpoint, and at all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum

from cxm.common.statistics import z_for
from cxm.kpis.reports import Score, figures
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.models import Goal, Phase, Touchpoint
from touchpoints.interactions import daysums
from touchpoints.interactions.daysums import ByDay, Compared, Period, Step, Sums
from touchpoints.interactions.models import ZERO, TouchpointDay
from touchpoints.interactions.reports.sums import (
    GoalLine,
    Line,
    goals_reached,
    lines_by,
    sums_by_day,
    sums_by_touchpoint_and_day,
)
from touchpoints.interactions.reports.visitors import EXACT_UP_TO, SOON_UP_TO, visitors

SCORE = "satisfaction"


@dataclass(frozen=True, slots=True)
class People:
    """Different visitors, compared; with an interval when they were estimated."""

    compared: Compared
    estimated: bool


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """How it goes at a touchpoint within a period. `goal` is the primary one.

    `people` and `goals` are None where there is so much that they are worked out apart.
    """

    period: Period
    by_day: ByDay
    sums: Sums
    visits: Compared
    views: Compared
    clicks: Compared
    conversion: Compared
    dwell: Compared
    course: Sequence[Step]
    channels: Sequence[Line]
    campaigns: Sequence[Line]
    goal: Goal | None
    people: People | None
    goals: Sequence[GoalLine] | None


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A touchpoint in the list."""

    touchpoint: Touchpoint
    sums: Sums
    visits: Compared
    conversion: Compared
    course: Sequence[Step]
    score: Score | None


def place_report(*, workspace: Workspace, touchpoint: UUID, period: Period) -> PlaceReport:
    """Return what a touchpoint's page shows; ten queries, however many days and channels."""
    z = z_for(workspace.confidence)
    by_day = sums_by_day(
        workspace=workspace, touchpoint=touchpoint, start=period.before.start, end=period.end
    )
    sums = daysums.over(by_day, period)
    fewest = workspace.min_visits
    since = first_day(workspace=workspace)
    return PlaceReport(
        period=period,
        by_day=by_day,
        sums=sums,
        visits=daysums.total(by_day, period, "visits", z, since=since),
        views=daysums.total(by_day, period, "views", z, since=since),
        clicks=daysums.total(by_day, period, "clicks", z, since=since),
        conversion=daysums.conversion(by_day, period, z, fewest=fewest),
        dwell=daysums.dwell(by_day, period, z, fewest=fewest),
        course=daysums.course(by_day, period, z),
        channels=lines_by(
            "channel", workspace=workspace, touchpoint=touchpoint, period=period, z=z
        ),
        campaigns=lines_by(
            "campaign", workspace=workspace, touchpoint=touchpoint, period=period, z=z
        ),
        goal=Goal.objects.for_workspace(workspace).filter(is_primary=True).first(),
        people=people_of(workspace=workspace, touchpoint=touchpoint, period=period, by_day=by_day)
        if sums.visits <= SOON_UP_TO
        else None,
        goals=goals_reached(workspace=workspace, touchpoint=touchpoint, period=period)
        if sums.visits <= EXACT_UP_TO
        else None,
    )


def people_of(
    *, workspace: Workspace, touchpoint: UUID, period: Period, by_day: ByDay | None = None
) -> People:
    """Return the different visitors of a period, compared with the one before."""
    z = z_for(workspace.confidence)
    if by_day is None:
        by_day = sums_by_day(
            workspace=workspace, touchpoint=touchpoint, start=period.before.start, end=period.end
        )
    here = visitors(
        workspace=workspace,
        touchpoint=touchpoint,
        period=period,
        visits=daysums.over(by_day, period).visits,
        z=z,
    )
    since = first_day(workspace=workspace)
    known = since is not None and since <= period.before.start
    past = visitors(
        workspace=workspace,
        touchpoint=touchpoint,
        period=period.before,
        visits=daysums.over(by_day, period.before).visits if known else 0,
        z=z,
    )
    compared = daysums.people(here.figure, past.figure, by_day, period, z)
    return People(compared, here.estimated)


def first_day(*, workspace: Workspace, touchpoint: UUID = ZERO) -> date | None:
    """Return the first day of which something is known, at a touchpoint or anywhere."""
    found: date | None = (
        TouchpointDay.objects.for_workspace(workspace)
        .filter(touchpoint_id=touchpoint)
        .aggregate(first=Min("day"))["first"]
    )
    return found


def place_lines(
    *, workspace: Workspace, touchpoints: Sequence[Touchpoint], period: Period, window: str
) -> list[PlaceLine]:
    """Return how it goes at each of some touchpoints, in the same few queries for any number."""
    z = z_for(workspace.confidence)
    ids = [touchpoint.pk for touchpoint in touchpoints]
    sums = sums_by_touchpoint_and_day(
        workspace=workspace, touchpoints=ids, start=period.before.start, end=period.end
    )
    scores = figures("touchpoint", ids, (SCORE,), window)
    since = first_day(workspace=workspace)
    nothing: Mapping[date, Sums] = {}
    return [
        PlaceLine(
            touchpoint,
            daysums.over(by_day, period),
            daysums.total(by_day, period, "visits", z, since=since),
            daysums.conversion(by_day, period, z, fewest=workspace.min_visits),
            daysums.course(by_day, period, z),
            scores.get((touchpoint.pk, SCORE)),
        )
        for touchpoint in touchpoints
        for by_day in [sums.get(touchpoint.pk, nothing)]
    ]


def visits_of_all(*, workspace: Workspace, period: Period) -> dict[UUID, int]:
    """Return the visits of each touchpoint within a period, in one query, to order a list by."""
    rows = (
        TouchpointDay.objects.for_workspace(workspace)
        .filter(day__gte=period.start, day__lte=period.end)
        .order_by()
        .values("touchpoint_id")
        .annotate(all_visits=Sum("visits"))
    )
    return {row["touchpoint_id"]: int(row["all_visits"]) for row in rows}


def with_rules(touchpoints: QuerySet[Touchpoint]) -> QuerySet[Touchpoint]:
    """Annotate how many rules that are in use lead to each."""
    return touchpoints.annotate(
        active_rules=Count("rules", filter=Q(rules__is_active=True), distinct=True)
    )


def phases_beside(touchpoint: Touchpoint) -> list[Phase]:
    """Return the phases of the model in which the touchpoint lies, in order."""
    if touchpoint.phase is None:
        return []
    return list(Phase.objects.filter(model_id=touchpoint.phase.model_id))
