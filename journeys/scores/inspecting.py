"""What the inspector says of one step and one of its touchpoints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from cxm.common.clock import now
from cxm.common.targets import Status
from cxm.workspaces.models import Workspace
from journeys.scores import words
from journeys.scores.drawing import MapMark, ScoreMark, StepMark, mark_score
from journeys.scores.reports import Reading
from touchpoints.catalogue.models import MatchingRule, Touchpoint
from touchpoints.catalogue.voices import Asked, Voice, ask_url, asked, voices
from touchpoints.catalogue.words import rule_words
from touchpoints.interactions.reports.events import events_at

COUNTS = ("count",)
LATEST_VOICES: Final = 3
MOST_EVENTS: Final = 6
USUAL_METRIC: Final = "nps"


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


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at a touchpoint besides its scores, and where more of it is set up.

    Attributes:
        events: names and counts; those that the touchpoint lists are there with 0 as well.
        whole: False when only the newest of many events were counted.
        rules: in words, with the rule.
        answers: of all surveys asked here; `latest` are the newest words among them.
        target_url: where a KPI for this touchpoint is made.
    """

    events: tuple[tuple[str, int], ...]
    whole: bool
    rules: tuple[tuple[MatchingRule, str], ...]
    asked: tuple[Asked, ...]
    latest: tuple[Voice, ...]
    ask_url: str
    target_url: str

    @property
    def answers(self) -> int:
        """Return how many answered here in all."""
        return sum(entry.answers for entry in self.asked)

    @property
    def all_url(self) -> str:
        """Return where all answers are read; "" where there are none."""
        return next((entry.url for entry in self.asked if entry.answers), "")


def known_at(touchpoint: Touchpoint, *, workspace: Workspace, days: int) -> Known:
    """Return what is known at a touchpoint in the last days; four queries."""
    since = now() - timedelta(days=days)
    happened = events_at(workspace=workspace, touchpoint=touchpoint.pk, since=since)
    counts = dict(happened.events)
    for name in touchpoint.event_names:
        counts.setdefault(name, 0)
    events = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    rules = MatchingRule.objects.for_workspace(workspace).filter(
        touchpoint=touchpoint, is_active=True
    )
    return Known(
        events=tuple(events[:MOST_EVENTS]),
        whole=happened.whole,
        rules=tuple((rule, rule_words(rule)) for rule in rules.order_by("position", "pk")),
        asked=tuple(asked(workspace, [touchpoint.pk], since=since)),
        latest=tuple(voices(workspace, [touchpoint.pk], limit=LATEST_VOICES, since=since)),
        ask_url=ask_url(touchpoint.pk),
        target_url=_target_url(touchpoint),
    )


def _target_url(touchpoint: Touchpoint) -> str:
    wanted = {"metric": USUAL_METRIC, "subject_id": f"touchpoint:{touchpoint.pk}"}
    return f"{reverse('admin:kpis_kpi_add')}?{urlencode(wanted)}"


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
