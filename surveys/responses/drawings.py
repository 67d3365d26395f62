"""Where the parts of a drawing stand: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from cxm.common.statistics import Figure

ROW: Final = 32
LEFT, RIGHT, TOP = 128, 318, 26


class Place(Protocol):
    """A touchpoint with its figure."""

    @property
    def touchpoint_id(self) -> UUID:
        """Return its id."""
        ...

    @property
    def name(self) -> str:
        """Return its name."""
        ...

    @property
    def figure(self) -> Figure:
        """Return its NPS."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One touchpoint's dot and interval; ``tone`` is good, bad or unsure against its target."""

    touchpoint_id: UUID
    name: str
    figure: Figure
    y: int
    x: float
    low: float
    high: float
    few: bool
    tone: str
    target: float | None


@dataclass(frozen=True, slots=True)
class Forest:
    """Intervals under each other on one axis."""

    rows: tuple[Row, ...]
    height: int
    ticks: tuple[tuple[float, int], ...]
    hidden: int


def forest(
    places: Sequence[Place],
    *,
    targets: Mapping[UUID, float | None],
    few: int,
    too_few: int = 10,
) -> Forest | None:
    """Return the drawing, or None when nothing can be drawn.

    Each touchpoint is held against its own target.

    Under ``few`` answers a line is dashed and its dot hollow; under ``too_few`` it is left out
    and counted in ``hidden``.
    """
    shown = [
        place
        for place in places
        if place.figure.n >= too_few
        and place.figure.value is not None
        and place.figure.low is not None
        and place.figure.high is not None
    ]
    if not shown:
        return None
    values = [v for p in shown for v in (p.figure.low, p.figure.high) if v is not None]
    goals = {place.touchpoint_id: targets.get(place.touchpoint_id) for place in shown}
    values += [goal for goal in goals.values() if goal is not None]
    low = max(-100, 20 * int(min(values) // 20))
    high = min(100, 20 * -int(-max(values) // 20))

    def at(value: float) -> float:
        share = (value - low) / (high - low or 1)
        return round(LEFT + min(1.0, max(0.0, share)) * (RIGHT - LEFT), 1)

    rows = tuple(
        Row(
            touchpoint_id=place.touchpoint_id,
            name=place.name,
            figure=place.figure,
            y=TOP + ROW * index + ROW // 2,
            x=at(place.figure.value or 0),
            low=at(place.figure.low or 0),
            high=at(place.figure.high or 0),
            few=place.figure.n < few,
            tone=_tone(place.figure, goal, few),
            target=None if goal is None else at(goal),
        )
        for index, (place, goal) in enumerate(zip(shown, goals.values(), strict=True))
    )
    step = 20 if high - low <= 80 else 40
    ticks = tuple((at(value), value) for value in range(-(-low // step) * step, high + 1, step))
    return Forest(
        rows=rows,
        height=TOP + ROW * len(rows) + 24,
        ticks=ticks,
        hidden=len(places) - len(shown),
    )


def _tone(figure: Figure, target: float | None, few: int) -> str:
    """Colour only what is clear: the whole interval on one side of the target."""
    if target is None or figure.n < few or figure.low is None or figure.high is None:
        return "unsure"
    if figure.low >= target:
        return "good"
    return "bad" if figure.high < target else "unsure"
