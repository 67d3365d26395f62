"""What the inspector says of one step and one of its touchpoints."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cxm.common.targets import Status
from journeys.scores import words
from journeys.scores.drawing import MapMark, ScoreMark, StepMark, mark_score
from journeys.scores.reports import Reading
from touchpoints.catalogue.models import Touchpoint

COUNTS = ("count",)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A step, the touchpoint in view, and its measures, worst first."""

    step: StepMark
    touchpoint: Touchpoint | None
    others: tuple[Touchpoint, ...]
    reason: tuple[str, str] | None
    status: Status | None
    scores: tuple[ScoreMark, ...]
    against_target: ScoreMark | None
    counts: tuple[ScoreMark, ...]
    answers: int


def inspect(
    drawn: MapMark, step_id: UUID | None, touchpoint_id: UUID | None = None
) -> Inspected | None:
    """Return what to say of a step; of the worst failing or first measured one by default.

    None for a map without steps.
    """
    step = drawn.of_step(step_id) or _usual(drawn)
    if step is None:
        return None
    touchpoint = _touchpoint(step, touchpoint_id)
    if touchpoint is None:
        return Inspected(step, None, (), None, None, (), None, (), 0)
    readings = [r for r in step.scores.of_touchpoint(touchpoint.pk) if r.measured]
    measures = [r for r in readings if r.score.metric.unit not in COUNTS]
    with_target = [r for r in measures if r.score.target is not None and r.score.shown]
    level = drawn.scores.confidence
    first = measures[0] if measures else None
    return Inspected(
        step=step,
        touchpoint=touchpoint,
        others=tuple(t for t in step.column.touchpoints if t.pk != touchpoint.pk),
        reason=words.reason(first) if first is not None else None,
        status=first.score.status if first is not None else None,
        scores=tuple(mark_score(r, level) for r in measures),
        against_target=mark_score(with_target[0], level) if with_target else None,
        counts=tuple(mark_score(r, level) for r in readings if r.score.metric.unit in COUNTS),
        answers=_answers(readings),
    )


def _usual(drawn: MapMark) -> StepMark | None:
    worst = drawn.scores.worst
    if worst is not None:
        return drawn.of_step(worst.column.step.pk)
    measured = [step for step in drawn.steps if step.scores.reading is not None]
    return next(iter(measured or drawn.steps), None)


def _touchpoint(step: StepMark, wanted: UUID | None) -> Touchpoint | None:
    """Return the one asked for, else the one whose KPI the map shows, else the first."""
    here = step.column.touchpoints
    for touchpoint in here:
        if touchpoint.pk == wanted:
            return touchpoint
    if step.scores.reading is not None:
        return step.scores.reading.touchpoint
    return here[0] if here else None


def _answers(readings: list[Reading]) -> int:
    """Return how many answers there are: those of the survey measure with the most."""
    return max((r.score.figure.n for r in readings if r.score.metric.feed == "answers"), default=0)
