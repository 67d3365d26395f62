"""Where a touchpoint lies in the square of importance: pure geometry.

Importances are whole numbers from 1 to 5, so that several touchpoints share one place. They are
laid out in rows inside their field, each with its number, so that none hides another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LEFT: Final = 64
TOP: Final = 12
FIELD: Final = 112
HEIGHT: Final = 84
STEPS: Final = 5
RADIUS: Final = 13
_EACH_ROW: Final = 3


@dataclass(frozen=True, slots=True)
class Dot:
    """A touchpoint's importance to the customer (upwards) and to us (to the right)."""

    customer: int
    business: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Where its mark is drawn; `number` is its number in the list beside the square."""

    x: float
    y: float
    number: int


def layout(dots: Sequence[Dot]) -> list[Placed]:
    """Return the place of each mark, in the order of the dots."""
    fields: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, dot in enumerate(dots):
        fields[dot.customer, dot.business].append(place)
    found: dict[int, Placed] = {}
    for (customer, business), members in fields.items():
        rows = [members[i : i + _EACH_ROW] for i in range(0, len(members), _EACH_ROW)]
        step_y = min(2 * RADIUS + 3, (HEIGHT - 4) / len(rows))
        for row_number, row in enumerate(rows):
            middle_x = LEFT + (business - 0.5) * FIELD
            middle_y = TOP + (STEPS - customer + 0.5) * HEIGHT
            y = middle_y + (row_number - (len(rows) - 1) / 2) * step_y
            for column, member in enumerate(row):
                x = middle_x + (column - (len(row) - 1) / 2) * (2 * RADIUS + 6)
                found[member] = Placed(round(x, 1), round(y, 1), member + 1)
    return [found[place] for place in range(len(dots))]
