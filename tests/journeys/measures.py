"""Measurements as the scoring stores them, made from counts by the same formulas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from cxm.common.clock import now
from cxm.common.statistics import Figure, nps, proportion, z_for
from cxm.common.targets import Goal, attainment, status_of
from cxm.kpis.models import DailyTally, Measurement, ScoreState
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.models import Touchpoint

Counts = tuple[int, int, int]
MINIMUMS = {"nps": 30, "satisfaction": 30, "success": 100, "task_fulfilment": 100}


def measure_nps(
    workspace: Workspace,
    touchpoint: Touchpoint,
    counts: Counts,
    *,
    target: float | None = None,
    before: Counts | None = None,
    trend: Sequence[Counts] = (),
    replace: bool = False,
) -> None:
    """Store NPS and satisfaction of a touchpoint from promoters, passives and detractors."""
    if replace:
        Measurement.objects.about("touchpoint", [touchpoint.pk]).delete()
    z = z_for(workspace.confidence)
    goal = None if target is None else Goal(target, -100)
    half = None if target is None else Goal((target + 100) / 2, 0)
    figure = nps(*counts, z)
    previous = None if before is None else nps(*before, z)
    course = [nps(*point, z) for point in trend]
    store(workspace, touchpoint.pk, "nps", figure, goal, previous, course)
    store(
        workspace,
        touchpoint.pk,
        "satisfaction",
        _halved(figure),
        half,
        None if previous is None else _halved(previous),
        [_halved(point) for point in course],
    )


def measure_success(
    workspace: Workspace,
    touchpoint: Touchpoint,
    successes: int,
    n: int,
    *,
    target: float | None = None,
) -> None:
    """Store task success and task fulfilment of a touchpoint."""
    figure = _percent(proportion(successes, n, z_for(workspace.confidence)))
    goal = None if target is None else Goal(target, 0)
    for metric in ("success", "task_fulfilment"):
        store(workspace, touchpoint.pk, metric, figure, goal)


def store(
    workspace: Workspace,
    subject_id: UUID,
    metric: str,
    figure: Figure,
    goal: Goal | None,
    previous: Figure | None = None,
    trend: Sequence[Figure] = (),
    subject_kind: str = "touchpoint",
) -> None:
    """Store a figure of the last 90 days with the one before and its course."""
    today = now().date()
    rows = [("90d", 0, 90, figure)]
    if previous is not None:
        rows.append(("90d", 1, 90, previous))
    rows += [("15d", back, 15, point) for back, point in enumerate(reversed(trend))]
    for window, back, days, found in rows:
        end = today - timedelta(days=back * days)
        _row(
            workspace,
            found,
            goal if back == 0 else None,
            metric=metric,
            subject_kind=subject_kind,
            subject_id=subject_id,
            window=window,
            back=back,
            start=end - timedelta(days=days - 1),
            end=end,
        )


def tally_nps(workspace: Workspace, touchpoint: Touchpoint, day: date, *counts: int) -> None:
    """Store what customers answered on one day: promoters, passives, detractors."""
    promoters, passives, detractors = counts or (40, 20, 40)
    DailyTally.objects.create(
        workspace_id=workspace.pk,
        metric="nps",
        subject_kind="touchpoint",
        subject_id=touchpoint.pk,
        day=day,
        n=promoters + passives + detractors,
        successes=promoters,
        failures=detractors,
        total=Decimal(0),
        total_sq=Decimal(0),
    )


def mark_scored(workspace: Workspace) -> None:
    """Note that the workspace was scored just now."""
    ScoreState.objects.update_or_create(
        workspace=workspace,
        defaults={
            "measured_on": date.today(),  # noqa: DTZ011 - not read by the map
            "scored_at": now(),
            "timezone": workspace.timezone,
            "confidence": workspace.confidence,
            "min_answers": workspace.min_answers,
            "min_visits": workspace.min_visits,
        },
    )


def _row(workspace: Workspace, figure: Figure, goal: Goal | None, **fields: Any) -> None:
    minimum = MINIMUMS[fields["metric"]]
    status = status_of(figure, goal, minimum)
    Measurement.objects.create(
        workspace=workspace,
        value=figure.value,
        n=figure.n,
        low=figure.low,
        high=figure.high,
        se=figure.se,
        target=None if goal is None else goal.target,
        floor=None if goal is None else goal.floor,
        attainment=None if goal is None or figure.value is None else attainment(figure.value, goal),
        status="" if status is None else str(status),
        **fields,
    )


def _halved(figure: Figure) -> Figure:
    return _scaled(figure, lambda x: (x + 100) / 2, 0.5)


def _percent(figure: Figure) -> Figure:
    return _scaled(figure, lambda x: x * 100, 100)


def _scaled(figure: Figure, move: Any, factor: float) -> Figure:
    moved = [None if x is None else move(x) for x in (figure.value, figure.low, figure.high)]
    se = None if figure.se is None else figure.se * factor
    return Figure(moved[0], figure.n, moved[1], moved[2], se)
