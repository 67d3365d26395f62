"""Where the marks of the feelings lane stand. Pure geometry: values −2…+2 in, coordinates out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LOWEST, HIGHEST = -2.0, 2.0


@dataclass(frozen=True, slots=True)
class Said:
    """What customers said at one step, on −2…+2; value None where too few did."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class StepValues:
    """The three sources at one step; each may be missing."""

    assumed: float | None
    said: Said | None
    does: float | None
    failing: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """How the lane is drawn: one step is `step` wide, the scale runs between top and bottom."""

    step: float
    height: float
    top: float
    bottom: float
    bar: float
    bar_offset: float

    def x(self, index: int) -> float:
        """Return the middle of a step."""
        return _r(self.step * (index + 0.5))

    def y(self, value: float) -> float:
        """Return the height of a value, kept on the scale."""
        kept = min(HIGHEST, max(LOWEST, value))
        share = (HIGHEST - kept) / (HIGHEST - LOWEST)
        return _r(self.top + share * (self.bottom - self.top))

    @property
    def axis(self) -> tuple[float, float, float]:
        """Return where the words for +2, 0 and −2 stand; they begin in the first column."""
        return self.top + 12, self.y(0) - 5, self.height - 17


WIDE = Size(step=136, height=176, top=16, bottom=164, bar=14, bar_offset=33)


def narrow(steps: int) -> Size:
    """Return the drawing for a phone: all steps in 328 pixels."""
    step = 328 / max(steps, 1)
    bar = min(8.0, step / 4)
    return Size(step=step, height=96, top=14, bottom=84, bar=_r(bar), bar_offset=_r(step / 8))


@dataclass(frozen=True, slots=True)
class Bar:
    """What customers did, as a bar from zero."""

    x: float
    y: float
    height: float
    index: int


@dataclass(frozen=True, slots=True)
class Dot:
    """What customers said, as a point with its label; hollow where too few did."""

    x: float
    y: float
    label_y: float
    index: int
    hollow: bool
    bad: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A piece of the band; `unsure` pieces are hatched."""

    path: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The feelings lane: paths for `d` attributes, and marks."""

    width: float
    height: float
    zero: float
    grid: tuple[float, ...]
    assumed: tuple[str, ...]
    said: tuple[str, ...]
    areas: tuple[Area, ...]
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    washes: tuple[float, ...]
    size: Size


def draw(steps: Sequence[StepValues], size: Size = WIDE) -> Drawing:
    """Draw the three curves; a step without a value is a gap, never zero."""
    assumed = [None if s.assumed is None else size.y(s.assumed) for s in steps]
    said = [None if s.said is None or s.said.value is None else s.said for s in steps]
    values = [None if s is None or s.value is None else size.y(s.value) for s in said]
    zero = size.y(0)
    return Drawing(
        width=_r(size.step * len(steps)),
        height=size.height,
        zero=zero,
        grid=tuple(size.y(value) for value in (2, 1, -1, -2)),
        assumed=tuple(_path(run) for run in _curves(assumed, size)),
        said=tuple(_path(run) for run in _curves(values, size)),
        areas=tuple(_areas(said, size)),
        bars=tuple(_bars(steps, size, zero)),
        dots=tuple(_dots(steps, size, zero)),
        washes=tuple(_r(size.step * i) for i, s in enumerate(steps) if s.failing),
        size=size,
    )


def _bars(steps: Sequence[StepValues], size: Size, zero: float) -> list[Bar]:
    bars = []
    for index, step in enumerate(steps):
        if step.does is None:
            continue
        end = size.y(step.does)
        bars.append(
            Bar(
                x=_r(size.x(index) + size.bar_offset),
                y=min(end, zero),
                # A value of zero keeps a visible foot.
                height=max(_r(abs(end - zero)), 1.5),
                index=index,
            )
        )
    return bars


def _dots(steps: Sequence[StepValues], size: Size, zero: float) -> list[Dot]:
    dots = []
    for index, step in enumerate(steps):
        if step.said is None:
            continue
        x = size.x(index)
        if step.said.value is None:
            dots.append(Dot(x, zero, zero + 18, index, hollow=True, bad=False))
            continue
        y = size.y(step.said.value)
        lower = y if step.said.low is None else size.y(step.said.low)
        upper = y if step.said.high is None else size.y(step.said.high)
        label = _label(index, max(lower, y + 6) + 14, min(upper, y - 6) - 6, size)
        dots.append(Dot(x, y, label, index, hollow=False, bad=step.failing))
    return dots


def _label(index: int, below: float, above: float, size: Size) -> float:
    """Let a label stand below its band, or above where there is no room.

    The first one keeps clear of the words of the axis, as near to its band as they allow.
    """
    words = size.axis if index == 0 else ()
    beside = sorted(
        (word + far for word in words for far in (-12, 12)), key=lambda y: abs(y - below)
    )

    def inside(y: float) -> bool:
        return 10 <= y <= size.height - 3

    for y in (below, above, *beside):
        if inside(y) and all(abs(word - y) >= 12 for word in words):
            return _r(y)
    return _r(below if inside(below) else above)


def place_note(
    drawing: Drawing, x: float, y: float, note: tuple[float, float]
) -> tuple[float, float, str]:
    """Return left, top and leader of a note about the point (x, y), where it hides least.

    It stands beside the point's step, never on it; of the places left and right, high and low,
    the one that covers the fewest marks wins, then the nearest one.
    """
    width, height = note
    step = drawing.size.step
    gap = step / 2 + 12
    lefts = [x - gap - width, x + gap, x - gap - width - step / 2, x + gap + step / 2]
    tops = [y - height / 2, 4.0, drawing.height - height - 4]
    places = [
        (left, min(max(top, 4.0), drawing.height - height - 4))
        for left in lefts
        for top in tops
        if 4 <= left <= drawing.width - width - 4
    ] or [(max(4.0, min(x + gap, drawing.width - width - 4)), 4.0)]
    marks = _marks(drawing)

    def cost(place: tuple[float, float]) -> tuple[int, float]:
        left, top = place
        hidden = sum(
            left - 6 < a < left + width + 6 and top - 4 < b < top + height + 4 for a, b in marks
        )
        return hidden, abs(left + width / 2 - x) + abs(top + height / 2 - y)

    left, top = min(places, key=cost)
    edge = left + width if left < x else left
    middle = min(max(y, top + 8), top + height - 8)
    start = x - 8 if left < x else x + 8
    return _r(left), _r(top), f"M{_r(edge)} {_r(middle)} L{_r(start)} {_r(y)}"


def _marks(drawing: Drawing) -> list[tuple[float, float]]:
    """Return points that a note should not cover: labels, and the curves between their points."""
    found = [
        (dot.x + dx, dot.label_y + dy)
        for dot in drawing.dots
        for dx in (-36, -18, 0, 18, 36)
        for dy in (-10, 0, 4)
    ]
    for before, after in pairwise([dot for dot in drawing.dots if not dot.hollow]):
        for share in (0, 0.2, 0.4, 0.6, 0.8, 1):
            # The smooth curve lies close to this one, which is flat at both ends.
            eased = share * share * (3 - 2 * share)
            height = before.y + (after.y - before.y) * eased
            found += [(before.x + (after.x - before.x) * share, height + dy) for dy in (-8, 0, 8)]
    found += [(bar.x + drawing.size.bar / 2, bar.y + bar.height / 2) for bar in drawing.bars]
    return found


@dataclass(frozen=True, slots=True)
class _Piece:
    """One cubic Bézier piece between two neighbouring steps."""

    x0: float
    y0: float
    c0: float
    d0: float
    c1: float
    d1: float
    x1: float
    y1: float


def _curves(values: Sequence[float | None], size: Size) -> list[list[_Piece]]:
    """Return the runs of neighbours that have a value, each as smooth pieces.

    The tangents are Steffen's (1990, Astron. Astrophys. 239, 443): the curve passes through
    every point and nowhere swings beyond its neighbours, so that it shows no feeling that
    nobody had.
    """
    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((size.x(index), value))
    return [_pieces(run) for run in runs if len(run) > 1]


def _pieces(points: Sequence[tuple[float, float]]) -> list[_Piece]:
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    tangents = [slopes[0]]
    for before, after in pairwise(slopes):
        if before * after <= 0:
            tangents.append(0.0)
        else:
            # All steps are equally wide, so that the parabola's slope is the plain mean.
            limit = min(abs(before), abs(after), abs(before + after) / 4)
            tangents.append(2 * limit * (1 if before > 0 else -1))
    tangents.append(slopes[-1])
    pieces = []
    for (start, end), before, after in zip(pairwise(points), tangents, tangents[1:], strict=False):
        third = (end[0] - start[0]) / 3
        pieces.append(
            _Piece(
                start[0],
                start[1],
                start[0] + third,
                start[1] + before * third,
                end[0] - third,
                end[1] - after * third,
                end[0],
                end[1],
            )
        )
    return pieces


def _path(pieces: Sequence[_Piece]) -> str:
    first = pieces[0]
    return f"M{_r(first.x0)} {_r(first.y0)}" + "".join(_forward(piece) for piece in pieces)


def _forward(p: _Piece) -> str:
    return f" C{_r(p.c0)} {_r(p.d0)} {_r(p.c1)} {_r(p.d1)} {_r(p.x1)} {_r(p.y1)}"


def _backward(p: _Piece) -> str:
    return f" C{_r(p.c1)} {_r(p.d1)} {_r(p.c0)} {_r(p.d0)} {_r(p.x0)} {_r(p.y0)}"


def _areas(said: Sequence[Said | None], size: Size) -> list[Area]:
    """Return the band, cut where it turns from sure to unsure."""
    with_band = [
        s if s is not None and s.low is not None and s.high is not None else None for s in said
    ]
    upper = _curves(
        [None if s is None or s.high is None else size.y(s.high) for s in with_band], size
    )
    lower = _curves(
        [None if s is None or s.low is None else size.y(s.low) for s in with_band], size
    )
    unsure_at = {size.x(i): s.unsure for i, s in enumerate(with_band) if s is not None}
    areas: list[Area] = []
    for tops, bottoms in zip(upper, lower, strict=True):
        stretch: list[tuple[_Piece, _Piece]] = []
        kind = False
        for top, bottom in zip(tops, bottoms, strict=True):
            unsure = unsure_at[top.x0] or unsure_at[top.x1]
            if stretch and unsure != kind:
                areas.append(Area(_ring(stretch), kind))
                stretch = []
            kind = unsure
            stretch.append((top, bottom))
        areas.append(Area(_ring(stretch), kind))
    return areas


def _ring(stretch: Sequence[tuple[_Piece, _Piece]]) -> str:
    last = stretch[-1][1]
    there = _path([top for top, _bottom in stretch])
    back = "".join(_backward(bottom) for _top, bottom in reversed(stretch))
    return f"{there} L{_r(last.x1)} {_r(last.y1)}{back} Z"


def _r(value: float) -> float:
    return round(value, 1)
