"""Measurements rolled up to step, stage and map; a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from cxm.common.clock import day_of, now
from cxm.common.statistics import Figure, combine, rescale, z_for
from cxm.common.targets import Goal, Status, status_of
from cxm.kpis import registry
from cxm.kpis import reports as kpi_reports
from cxm.kpis.reports import Score
from cxm.workspaces.models import Workspace
from journeys.maps.models import Stage
from journeys.maps.reports import Column, Grid, Outline
from journeys.scores.curves import Said
from journeys.scores.frozen import Between, figures_between
from touchpoints.catalogue.models import Touchpoint

SATISFACTION: Final = "satisfaction"
FULFILMENT: Final = "task_fulfilment"
# Never more than two steps are framed; further ones get the sign in their heading only.
MOST_FRAMED: Final = 2
# Which measure stands for a step where none has a target, first to last.
PREFERRED: Final = (
    "nps",
    SATISFACTION,
    "csat",
    "ces",
    "review",
    "success",
    FULFILMENT,
    "conversion",
)

_RANKS: Final = {Status.BAD: 0, Status.WATCH: 1, Status.UNSURE: 2, Status.GOOD: 3}


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure of one touchpoint.

    `newest` is the last day with facts in the window, `age` how many days ago that is; None where
    nothing is known, `age` also in a period of the past.
    """

    touchpoint: Touchpoint
    score: Score
    newest: date | None = None
    age: int | None = None

    @property
    def status(self) -> Status:
        """Return its status; `none` when too little is known."""
        return self.score.status or Status.NONE

    @property
    def measured(self) -> bool:
        """Say whether there is any data at all."""
        return self.score.figure.n > 0


@dataclass(frozen=True, slots=True)
class Rolled:
    """A measure of several touchpoints together: their mean, weighted by n, 0…100.

    The target is the mean of their targets with the same weights; a touchpoint without one
    takes the workspace's.
    """

    figure: Figure
    minimum: int
    target: float | None = None
    floor: float | None = None

    @property
    def shown(self) -> bool:
        """Say whether there is enough data to show the value."""
        return self.figure.value is not None and self.figure.n >= self.minimum

    @property
    def status(self) -> Status | None:
        """Return the status; None with enough data and no target."""
        goal = None
        if self.target:
            floor = self.floor if self.floor is not None and self.floor <= self.target else None
            goal = Goal(self.target, 0.0, floor)
        return status_of(self.figure, goal, self.minimum)

    @property
    def value(self) -> float | None:
        """Return the value, None when it is not to be shown."""
        return self.figure.value if self.shown else None

    def on_curve(self) -> Said | None:
        """Return it on −2…+2, where 50 of 100 is 0; None when there is no data at all."""
        if self.figure.value is None:
            return None
        if not self.shown:
            return Said(None, None, None, self.figure.n)
        moved = rescale(self.figure, 0, 100, -2, 2)
        unsure = self.status is Status.UNSURE
        return Said(moved.value, moved.low, moved.high, moved.n, unsure)


@dataclass(frozen=True, slots=True)
class StepScores:
    """What is known of one step. `reading` is the one KPI that the map shows."""

    column: Column
    readings: tuple[Reading, ...]
    reading: Reading | None
    said: Rolled
    does: Rolled
    assumed: float | None
    framed: bool = False

    @property
    def status(self) -> Status | None:
        """Return the status of the KPI shown; None when nothing is measured or has no target."""
        return self.reading.score.status if self.reading else None

    @property
    def failing(self) -> bool:
        """Say whether the KPI shown is wholly beyond its floor."""
        return self.status is Status.BAD

    def of_touchpoint(self, touchpoint_id: UUID) -> tuple[Reading, ...]:
        """Return the readings of one touchpoint, worst first."""
        return tuple(r for r in self.readings if r.touchpoint.pk == touchpoint_id)


@dataclass(frozen=True, slots=True)
class StageScores:
    """Satisfaction of a stage over its touchpoints."""

    stage: Stage
    steps: int
    satisfaction: Rolled


@dataclass(frozen=True, slots=True)
class MapScores:
    """What is known of a map in a window. `worst` is the failing step furthest from its target."""

    window: str
    steps: tuple[StepScores, ...]
    stages: tuple[StageScores, ...]
    satisfaction: Rolled
    worst: StepScores | None
    scored_at: datetime | None
    confidence: float

    def of_step(self, step_id: UUID) -> StepScores | None:
        """Return what is known of a step."""
        return next((s for s in self.steps if s.column.step.pk == step_id), None)

    @property
    def failing(self) -> tuple[StepScores, ...]:
        """Return the failing steps from left to right."""
        return tuple(s for s in self.steps if s.failing)


class _Rollup:
    """The figures of a set of touchpoints, fetched once, combined for any part of them."""

    def __init__(
        self,
        workspace: Workspace,
        touchpoints: Iterable[UUID],
        window: str,
        metrics: Sequence[str] = (),
        between: Between | None = None,
    ) -> None:
        self.z = z_for(workspace.confidence)
        self.keys = tuple(metrics) or tuple(
            key for key, entry in sorted(registry.metrics.items()) if "touchpoint" in entry.subjects
        )
        both = (SATISFACTION, FULFILMENT)
        if between is None:
            self.scores = kpi_reports.figures("touchpoint", list(touchpoints), self.keys, window)
            whole = kpi_reports.figures("workspace", [workspace.pk], both, window)
        else:
            self.scores = figures_between("touchpoint", touchpoints, self.keys, workspace, between)
            # Of the workspace, targets alone are wanted.
            whole = figures_between("workspace", [workspace.pk], both, workspace, between)
        self.whole = {key: whole[workspace.pk, key] for key in (SATISFACTION, FULFILMENT)}
        self.today = None if between else day_of(now(), workspace.timezone)

    @cached_property
    def newest(self) -> Mapping[tuple[UUID, str], date]:
        """Return the last day with facts behind each measure; one query."""
        return kpi_reports.newest_days(self.scores.values())

    def readings(self, touchpoints: Iterable[Touchpoint]) -> tuple[Reading, ...]:
        """Return what has data or a target, worst first."""
        found = [
            self._reading(touchpoint, score)
            for touchpoint in touchpoints
            for key in self.keys
            if (score := self.scores[touchpoint.pk, key]).figure.n or score.target is not None
        ]
        return tuple(sorted(found, key=badness))

    def _reading(self, touchpoint: Touchpoint, score: Score) -> Reading:
        newest = self.newest.get((touchpoint.pk, score.metric.key))
        age = None
        if newest is not None and self.today is not None:
            age = max((self.today - newest).days, 0)
        return Reading(touchpoint, score, newest, age)

    def combined(self, touchpoints: Iterable[UUID], key: str) -> Rolled:
        """Return one measure over these touchpoints."""
        parts = [
            score
            for touchpoint in touchpoints
            if (score := self.scores[touchpoint, key]).figure.value is not None
        ]
        whole = self.whole[key]
        figure = combine([part.figure for part in parts], self.z)
        weights = [(part.figure.n, part if part.target is not None else whole) for part in parts]
        targets = [(n, s.target, s.floor) for n, s in weights if s.target is not None]
        total = sum(n for n, _target, _floor in targets)
        if not total:
            return Rolled(figure, whole.minimum)
        floors = [(n, floor) for n, _target, floor in targets if floor is not None]
        return Rolled(
            figure,
            whole.minimum,
            target=sum(n * target for n, target, _floor in targets) / total,
            floor=sum(n * floor for n, floor in floors) / total
            if len(floors) == len(targets)
            else None,
        )


def badness(reading: Reading) -> tuple[int, float, int, str]:
    """Return what readings are sorted by: off target first, then by distance from the target."""
    score = reading.score
    if score.status in _RANKS:
        rank = _RANKS[score.status]
    elif score.status is None and score.shown:
        rank = 4
    else:
        rank = 5 if score.target is not None else 6
    distance = score.attainment if score.attainment is not None else 0.0
    key = score.metric.key
    place = PREFERRED.index(key) if key in PREFERRED else len(PREFERRED)
    return rank, distance, place, key


def score_map(
    grid: Grid, *, workspace: Workspace, window: str = "90d", between: Between | None = None
) -> MapScores:
    """Work out what a map shows; the number of queries does not depend on its size.

    Args:
        grid: the version, read as a whole.
        workspace: whose it is.
        window: the period that ends today.
        between: first and last day of another period, in place of `window`.
    """
    rollup = _Rollup(workspace, [t.pk for t in grid.touchpoints], window, between=between)
    steps = [_score_step(column, grid, rollup) for column in grid.columns]
    failing = sorted((s for s in steps if s.failing), key=_distance)
    framed = {s.column.step.pk for s in failing[:MOST_FRAMED]}
    steps = [replace(s, framed=s.column.step.pk in framed) for s in steps]
    return MapScores(
        window=window,
        steps=tuple(steps),
        stages=tuple(
            StageScores(
                heading.stage,
                len(heading.columns),
                rollup.combined([t.pk for t in heading.touchpoints], SATISFACTION),
            )
            for heading in grid.headings
        ),
        satisfaction=rollup.combined([t.pk for t in grid.touchpoints], SATISFACTION),
        worst=next((s for s in steps if failing and s.column == failing[0].column), None),
        scored_at=kpi_reports.scored_at(),
        confidence=workspace.confidence,
    )


def score_outlines(
    outlines: Sequence[Outline], *, workspace: Workspace, window: str = "90d"
) -> list[tuple[StageScores, ...]]:
    """Work out the stages of several maps at once; as many queries as for one."""
    here = {t for outline in outlines for stage in outline.stages for t in stage.touchpoint_ids}
    rollup = _Rollup(workspace, sorted(here), window, (SATISFACTION, FULFILMENT))
    return [
        tuple(
            StageScores(s.stage, s.steps, rollup.combined(s.touchpoint_ids, SATISFACTION))
            for s in outline.stages
        )
        for outline in outlines
    ]


def _score_step(column: Column, grid: Grid, rollup: _Rollup) -> StepScores:
    readings = rollup.readings(column.touchpoints)
    here = [touchpoint.pk for touchpoint in column.touchpoints]
    chosen = [r for r in readings if r.score.metric.key == column.step.metric]
    return StepScores(
        column=column,
        readings=readings,
        reading=next(iter(chosen or readings), None),
        said=rollup.combined(here, SATISFACTION),
        does=rollup.combined(here, FULFILMENT),
        assumed=grid.assumed.get(column.step.pk),
    )


def _distance(step: StepScores) -> tuple[float, int]:
    attainment = step.reading.score.attainment if step.reading else None
    return (attainment if attainment is not None else 0.0, step.column.number)
