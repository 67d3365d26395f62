"""A scored map, ready to be drawn: every word and coordinate that the templates write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cxm.common.statistics import Figure
from cxm.common.targets import Status
from cxm.dashboards import charts, numbers
from cxm.kpis.reports import Score
from journeys.maps.models import Card
from journeys.maps.reports import Column, Grid, Heading, Row
from journeys.scores import curves, words
from journeys.scores.reports import MapScores, Reading, StepScores

SPARK = (30, 18)
WIDE_SPARK = (90, 18)
CALLOUT = (192.0, 64.0)


@dataclass(frozen=True, slots=True)
class BulletMark:
    """Places in per cent of the bullet's length."""

    low: float
    width: float
    value: float
    target: float | None


@dataclass(frozen=True, slots=True)
class ScoreMark:
    """A score as it is written in a cell, the inspector and on a phone.

    `kind` is "missing" (nothing measured), "few" (below the minimum) or "score".
    """

    kind: str
    status: Status | None
    title: str
    sentence: str
    touchpoint: str = ""
    value: str = ""
    suffix: str = ""
    foot: str = ""
    age: str = ""
    trend: tuple[str, str, str] | None = None
    spark: charts.Spark | None = None
    wide_spark: charts.Spark | None = None
    bullet: BulletMark | None = None
    target: str = ""

    @property
    def css(self) -> str:
        """Return the class that colours it; "plain" with enough data and no target."""
        return "plain" if self.status is None else str(self.status)


@dataclass(frozen=True, slots=True)
class Track:
    """One of the three sources at a step, on a line from −2 to +2; places in per cent."""

    source: str
    words: str
    note: str
    value: float | None
    low: float | None = None
    width: float | None = None


@dataclass(frozen=True, slots=True)
class StepMark:
    """A step's heading, and all of the step for a phone."""

    column: Column
    scores: StepScores
    score: ScoreMark
    feelings: dict[str, str]
    tracks: tuple[Track, ...]
    lanes: tuple[tuple[Row, tuple[Card, ...]], ...]


@dataclass(frozen=True, slots=True)
class StageMark:
    """A stage's heading and its steps."""

    heading: Heading
    steps: tuple[StepMark, ...]
    failing: bool


@dataclass(frozen=True, slots=True)
class CurveLabel:
    """Value and n beside a point of the curve."""

    value: str
    n: str
    title: str


@dataclass(frozen=True, slots=True)
class Callout:
    """The one note on the curve, beside the worst failing step."""

    x: float
    y: float
    leader: str
    head: str
    line: str
    below: str


@dataclass(frozen=True, slots=True)
class CurveMark:
    """The feelings lane: geometry with its words."""

    drawing: curves.Drawing
    dots: tuple[tuple[curves.Dot, CurveLabel], ...]
    bars: tuple[tuple[curves.Bar, str], ...]
    summary: str
    callout: Callout | None


@dataclass(frozen=True, slots=True)
class MapMark:
    """The whole map."""

    grid: Grid
    scores: MapScores
    stages: tuple[StageMark, ...]
    curve: CurveMark
    narrow_curve: CurveMark
    finding: tuple[str, str]

    @property
    def steps(self) -> tuple[StepMark, ...]:
        """Return all steps from left to right."""
        return tuple(step for stage in self.stages for step in stage.steps)

    def of_step(self, step_id: UUID | None) -> StepMark | None:
        """Return a step's mark."""
        return next((s for s in self.steps if s.column.step.pk == step_id), None)


def draw_map(grid: Grid, scores: MapScores) -> MapMark:
    """Bring a map and its scores into the form in which they are drawn."""
    marks = {s.column.step.pk: mark_score(s.reading, scores.confidence) for s in scores.steps}
    lanes = _lanes_by_step(grid.rows)
    steps = {
        s.column.step.pk: _step(s, marks[s.column.step.pk], lanes[s.column.step.pk])
        for s in scores.steps
    }
    stages = tuple(
        StageMark(
            heading,
            tuple(steps[column.step.pk] for column in heading.columns),
            any(steps[column.step.pk].scores.failing for column in heading.columns),
        )
        for heading in grid.headings
    )
    return MapMark(
        grid=grid,
        scores=scores,
        stages=stages,
        curve=_curve(scores, curves.WIDE, with_callout=True),
        narrow_curve=_curve(scores, curves.narrow(len(scores.steps)), with_callout=False),
        finding=words.finding(scores),
    )


def mark_score(reading: Reading | None, confidence: float) -> ScoreMark:
    """Write out one score."""
    if reading is None:
        return ScoreMark("missing", None, "", words.sentence(None, confidence))
    score = reading.score
    title = str(score.metric.title)
    sentence = words.sentence(reading, confidence)
    if not score.shown or score.figure.value is None:
        return ScoreMark(
            "few",
            Status.NONE,
            title,
            sentence,
            touchpoint=reading.touchpoint.name,
            value=words.few(score.figure),
            foot=words.shown_from(score.minimum),
            age=words.age(reading),
        )
    decimals = words.places(score)
    values = [point.figure.value for point in score.trend]
    return ScoreMark(
        "score",
        score.status,
        title,
        sentence,
        touchpoint=reading.touchpoint.name,
        value=words.value(score),
        suffix=words.suffix(score),
        foot=words.certainty(score.figure, score.metric.unit, decimals),
        age=words.age(reading),
        trend=words.change(score),
        spark=charts.sparkline(values, width=SPARK[0], height=SPARK[1]),
        wide_spark=charts.sparkline(values, width=WIDE_SPARK[0], height=WIDE_SPARK[1]),
        bullet=_bullet(score),
        target=""
        if score.target is None
        else numbers.value(
            score.target, score.metric.unit, 0 if float(score.target).is_integer() else 1
        ),
    )


def _bullet(score: Score) -> BulletMark | None:
    """Place value, interval and target on the measure's scale, or on 0 … 125 % of the largest."""
    figure = score.figure
    if figure.value is None:
        return None
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    scale = score.metric.scale
    if scale is None:
        scale = (0.0, 1.25 * max(high, score.target or 0.0) or 1.0)
    axis = charts.Axis(scale[0], scale[1], 0, 100)
    return BulletMark(
        low=axis.at(low),
        # Never so narrow that the interval is not seen.
        width=max(round(axis.at(high) - axis.at(low), 1), 2.0),
        value=axis.at(figure.value),
        target=None if score.target is None else axis.at(score.target),
    )


def _lanes_by_step(rows: Sequence[Row]) -> Mapping[UUID, list[tuple[Row, tuple[Card, ...]]]]:
    """Return the lanes that say something at each step, from above, with their cards."""
    found: dict[UUID, list[tuple[Row, tuple[Card, ...]]]] = defaultdict(list)
    for row in rows:
        if not row.kind.of_cards or row.kind.shape == "feeling":
            continue
        for cell in row.cells:
            if cell.cards:
                for column in cell.covers:
                    found[column.step.pk].append((row, cell.cards))
    return found


def _step(
    scores: StepScores, mark: ScoreMark, lanes: Sequence[tuple[Row, tuple[Card, ...]]]
) -> StepMark:
    feelings = words.curve_point(scores.said, scores.assumed, scores.does)
    said, does = scores.said.on_curve(), scores.does.on_curve()
    tracks = (
        _track("said", feelings["said"], feelings["n"], said),
        Track("assumed", feelings["assumed"], "", _share(scores.assumed)),
        _track("does", feelings["does"], "", does),
    )
    return StepMark(scores.column, scores, mark, feelings, tracks, tuple(lanes))


def _track(source: str, written: str, note: str, point: curves.Said | None) -> Track:
    if point is None or point.value is None:
        return Track(source, written, note, None)
    low, high = _share(point.low), _share(point.high)
    width = None if low is None or high is None else round(high - low, 1)
    return Track(source, written, note, _share(point.value), low, width)


def _share(value: float | None) -> float | None:
    return None if value is None else charts.Axis(-2, 2, 0, 100).at(value)


def _curve(scores: MapScores, size: curves.Size, *, with_callout: bool) -> CurveMark:
    steps = scores.steps
    values = [
        curves.StepValues(s.assumed, s.said.on_curve(), _amount(s), failing=s.framed) for s in steps
    ]
    drawing = curves.draw(values, size)
    labels = []
    for dot in drawing.dots:
        said = values[dot.index].said
        assert said is not None  # noqa: S101 - a dot is drawn only for a step that has it
        labels.append((dot, _label(steps[dot.index], said)))
    bars = tuple(
        (
            bar,
            f"{steps[bar.index].column.step.name}: "
            f"{numbers.number(values[bar.index].does or 0, 1, sign=True)}",
        )
        for bar in drawing.bars
    )
    return CurveMark(
        drawing,
        tuple(labels),
        bars,
        words.curve_summary(scores),
        _callout(scores, drawing, size) if with_callout else None,
    )


def _label(step: StepScores, said: curves.Said) -> CurveLabel:
    name = step.column.step.name
    if said.value is None:
        return CurveLabel("", words.few(Figure(None, said.n)), f"{name}: {said.n}")
    value = numbers.number(said.value, 1, sign=True)
    n = numbers.count(said.n)
    limits = numbers.interval(Figure(said.value, said.n, said.low, said.high), "mean", 1)
    return CurveLabel(value, n, f"{name}: {value} {limits}, {n}")


def _amount(step: StepScores) -> float | None:
    point = step.does.on_curve()
    return None if point is None else point.value


def _callout(scores: MapScores, drawing: curves.Drawing, size: curves.Size) -> Callout | None:
    if scores.worst is None:
        return None
    text = words.callout(scores.worst)
    if text is None:
        return None
    index = scores.worst.column.index
    dot = next((d for d in drawing.dots if d.index == index and not d.hollow), None)
    y = dot.y if dot is not None else drawing.zero
    x, top, leader = curves.place_note(drawing, size.x(index), y, CALLOUT)
    return Callout(x, top, leader, *text)
