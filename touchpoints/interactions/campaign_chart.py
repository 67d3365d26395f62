"""Where the bars of a course stand. Pure geometry: numbers in, coordinates out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cxm.dashboards.charts import Axis, nice_step

LEFT: Final = 46
RIGHT: Final = 22
TOP: Final = 10
BOTTOM: Final = 24
# A day with anything at all is seen.
LOWEST: Final = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with the place of its label below."""

    x: float
    y: float
    width: float
    height: float
    centre: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A row of bars from zero, with grid lines and the labels that have room."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    bars: Sequence[Bar]
    grid: Sequence[tuple[float, float]]
    labels: Sequence[tuple[float, str]]


def bars(
    values: Sequence[float], labels: Sequence[str], *, width: int = 380, height: int = 160
) -> Bars | None:
    """Return the places of the bars; None where all are zero."""
    highest = max(values, default=0)
    if highest <= 0:
        return None
    step = nice_step(highest, 3)
    top = math.ceil(highest / step) * step
    y = Axis(0, top, height - BOTTOM, TOP)
    room = (width - LEFT - RIGHT) / len(values)
    thick = max(1.0, room * 0.72)
    every = max(1, math.ceil(len(values) * 52 / (width - LEFT - RIGHT)))
    found, named = [], []
    for place, value in enumerate(values):
        centre = LEFT + room * (place + 0.5)
        tall = max(LOWEST, height - BOTTOM - y.at(value)) if value else 0.0
        found.append(
            Bar(
                round(centre - thick / 2, 1),
                round(height - BOTTOM - tall, 1),
                round(thick, 1),
                round(tall, 1),
                round(centre, 1),
            )
        )
        if (len(values) - 1 - place) % every == 0:
            named.append((round(centre, 1), labels[place]))
    grid = [(y.at(step * n), step * n) for n in range(round(top / step) + 1)]
    return Bars(width, height, LEFT, width - RIGHT, height - BOTTOM, found, grid, named)
