"""Where the marks of a chart stand. Pure geometry: figures in, coordinates out.

Colours are classes and belong to the style sheet; words belong to the template tags.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cxm.common.statistics import Figure

STATUS_CLASSES = ("good", "watch", "bad", "unsure", "none")


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear axis from `low` to `high`, drawn from `start` to `end` pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value, kept inside the axis, to a tenth of a pixel."""
        span = self.high - self.low or 1.0
        share = min(1.0, max(0.0, (value - self.low) / span))
        return round(self.start + share * (self.end - self.start), 1)


def nice_step(span: float, most: int) -> float:
    """Return the smallest of 1, 2, 5 × 10ⁿ that divides the span into at most `most` steps."""
    if span <= 0:
        return 1.0
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 5, 10):
        if factor * power >= rough - 1e-12:
            return factor * power
    return 10 * power


def nice_limits(
    values: Sequence[float],
    *,
    least: float | None = None,
    most: float | None = None,
    steps: int = 4,
) -> tuple[float, float, float]:
    """Return (low, high, step) of an axis around the values, ends on round numbers."""
    low, high = min(values), max(values)
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    step = nice_step(high - low, steps)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    if least is not None:
        low = max(low, least)
    if most is not None:
        high = min(high, most)
    return low, high, step


@dataclass(frozen=True, slots=True)
class RangeLine:
    """Interval as a block, dot now, hollow dot before, mark for the target."""

    x: float
    low: float | None
    high: float | None
    previous: float | None
    target: float | None
    label: float | None
    anchor: str
    ends: tuple[float, float]


def range_line(
    figure: Figure,
    *,
    target: float | None = None,
    previous: float | None = None,
    limits: tuple[float | None, float | None] = (0, 100),
    width: int = 336,
) -> RangeLine | None:
    """Return the places on a line of `width` pixels; None without a value.

    The axis is cut around what is drawn, so its ends must be labelled.
    """
    if figure.value is None:
        return None
    shown = [figure.value, figure.low, figure.high, previous, target]
    present = [v for v in shown if v is not None]
    spread = max(present) - min(present)
    pad = max(spread * 0.35, abs(figure.value) * 0.04, 1e-6)
    low, high, _step = nice_limits(
        [min(present) - pad, max(present) + pad], least=limits[0], most=limits[1], steps=5
    )
    axis = Axis(low, high, 6, width - 6)
    at = axis.at
    mark = None if target is None else at(target)
    anchor, label = "middle", mark
    if mark is not None:
        if mark < 34:
            anchor, label = "start", 6.0
        elif mark > width - 34:
            anchor, label = "end", float(width - 6)
    return RangeLine(
        x=at(figure.value),
        low=None if figure.low is None else at(figure.low),
        high=None if figure.high is None else at(figure.high),
        previous=None if previous is None else at(previous),
        target=mark,
        label=label,
        anchor=anchor,
        ends=(low, high),
    )


@dataclass(frozen=True, slots=True)
class Spark:
    """A course: lines between neighbours that exist, and the last point."""

    lines: tuple[str, ...]
    end: tuple[float, float] | None


def sparkline(values: Sequence[float | None], *, width: int = 120, height: int = 46) -> Spark:
    """Return the polylines of a course; what is missing stays a gap, never zero."""
    present = [v for v in values if v is not None]
    if not present:
        return Spark((), None)
    x = Axis(0, max(len(values) - 1, 1), 3, width - 5)
    flat = max(present) - min(present) < 1e-9
    y = Axis(
        min(present), max(present), height / 2 if flat else height - 5, height / 2 if flat else 5
    )
    runs: list[list[tuple[float, float]]] = [[]]
    for index, entry in enumerate(values):
        if entry is None:
            runs.append([])
        else:
            runs[-1].append((x.at(index), y.at(entry)))
    points = [p for run in runs for p in run]
    lines = tuple(" ".join(f"{a},{b}" for a, b in run) for run in runs if len(run) > 1)
    return Spark(lines, points[-1])


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of a course over time."""

    x: float
    y: float
    figure: Figure
    label: str
    few: bool
    last: bool
    labelled: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A line over time with its band, grid, target and labels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    grid: tuple[tuple[float, float], ...]
    bands: tuple[str, ...]
    lines: tuple[tuple[str, bool], ...]
    dots: tuple[Dot, ...]
    target: float | None
    target_value: float | None
    x_labels: tuple[tuple[float, str], ...]

    @property
    def last(self) -> Dot | None:
        """Return the latest point."""
        return self.dots[-1] if self.dots else None


def course(
    points: Sequence[tuple[str, Figure]],
    *,
    target: float | None = None,
    least: float | None = None,
    most: float | None = None,
    few: int = 30,
    too_few: int = 10,
    narrow: bool = False,
) -> Course | None:
    """Return a chart of labelled figures, oldest first; None when there is nothing to draw.

    Under `few` answers a point is hollow and its line dashed, under `too_few` there is none.
    A period without a point stays a gap.
    """
    shown = [
        (label, figure if figure.value is not None and figure.n >= too_few else None)
        for label, figure in points
    ]
    drawn = [figure for _label, figure in shown if figure is not None]
    if not drawn:
        return None
    width, height = (330, 250) if narrow else (640, 292)
    left, right = (34, width - 16) if narrow else (34, width - 112)
    top, bottom = 14, height - 28
    values = [v for f in drawn for v in (f.value, f.low, f.high) if v is not None]
    if target is not None:
        values.append(target)
    low, high, step = nice_limits(values, least=least, most=most, steps=4)
    y = Axis(low, high, bottom, top)
    x = Axis(0, max(len(points) - 1, 1), left, right)
    grid = []
    tick = math.ceil(low / step - 1e-9) * step
    while tick <= high + 1e-9:
        grid.append((y.at(tick), tick))
        tick += step
    every = max(1, math.ceil(len(points) / (6 if narrow else 13)))
    x_labels = tuple(
        (x.at(i), label)
        for i, (label, _figure) in enumerate(points)
        if (len(points) - 1 - i) % every == 0
    )
    dots: list[Dot] = []
    runs: list[list[tuple[int, Figure]]] = [[]]
    for index, (label, entry) in enumerate(shown):
        if entry is None or entry.value is None:
            runs.append([])
            continue
        runs[-1].append((index, entry))
        dots.append(
            Dot(
                x.at(index),
                y.at(entry.value),
                entry,
                label,
                few=entry.n < few,
                last=False,
                labelled=(len(points) - 1 - index) % every == 0,
            )
        )
    last = dots[-1]
    dots[-1] = Dot(last.x, last.y, last.figure, last.label, last.few, True, last.labelled)
    return Course(
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        grid=tuple(grid),
        bands=tuple(_band(run, x, y) for run in runs if len(run) > 1 and _has_band(run)),
        lines=tuple(line for run in runs for line in _lines(run, x, y, few)),
        dots=tuple(dots),
        target=None if target is None else y.at(target),
        target_value=target,
        x_labels=x_labels,
    )


def _has_band(run: Sequence[tuple[int, Figure]]) -> bool:
    return all(f.low is not None and f.high is not None for _i, f in run)


def _band(run: Sequence[tuple[int, Figure]], x: Axis, y: Axis) -> str:
    upper = [f"{x.at(i)},{y.at(f.high)}" for i, f in run if f.high is not None]
    lower = [f"{x.at(i)},{y.at(f.low)}" for i, f in reversed(run) if f.low is not None]
    return " ".join(upper + lower)


def _lines(run: Sequence[tuple[int, Figure]], x: Axis, y: Axis, few: int) -> list[tuple[str, bool]]:
    """Return one polyline for each stretch of the same certainty: (points, dashed)."""
    stretches: list[tuple[list[str], bool]] = []
    for (i, a), (j, b) in pairwise(run):
        if a.value is None or b.value is None:
            continue
        dashed = a.n < few or b.n < few
        here, there = f"{x.at(i)},{y.at(a.value)}", f"{x.at(j)},{y.at(b.value)}"
        if stretches and stretches[-1][1] == dashed:
            stretches[-1][0].append(there)
        else:
            stretches.append(([here, there], dashed))
    return [(" ".join(points), dashed) for points, dashed in stretches]


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bar from 0 to 125 % of the target, with whiskers for the interval."""

    bar: float
    low: float | None
    high: float | None
    target: float


def bullet(
    attainment: float | None,
    low: float | None = None,
    high: float | None = None,
    *,
    width: int = 168,
) -> Bullet | None:
    """Return the places for an attainment (1.0 = target met); None without one."""
    if attainment is None:
        return None
    axis = Axis(0, 1.25, 4, width - 4)
    return Bullet(
        bar=round(axis.at(attainment) - 4, 1),
        low=None if low is None else axis.at(low),
        high=None if high is None else axis.at(high),
        target=axis.at(1.0),
    )
