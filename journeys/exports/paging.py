"""How a map is cut into pages, and lanes into cells. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from journeys.exports.sheet import Item, Lane, Paper, Sheet

# Nobody reads more lines than that on a card; what is longer runs on.
MOST_LINES: Final = 12
_LONGEST_WORD: Final = 16
_BREAK: Final = "\u200b"
_UNBROKEN = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")


@dataclass(frozen=True, slots=True)
class Format:
    """A sheet of paper, lying; all in points. `most` is how many steps fit side by side."""

    width: float
    height: float
    margin: float
    lane: float
    text: float
    most: int
    widest: float

    @property
    def room(self) -> float:
        """Return what is left for steps."""
        return self.width - 2 * self.margin - self.lane


FORMATS: Final[dict[Paper, Format]] = {
    "a3": Format(1190.55, 841.89, 28, 92, 8.5, 9, 220),
    "a4": Format(841.89, 595.28, 24, 78, 7.5, 6, 210),
}
# The picture: as wide as the map is long.
WIDE: Final = Format(0, 0, 24, 100, 8.5, 10_000, 126)


def cut(lengths: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Cut stages of these lengths into pages of at most `most` steps: (first, behind last).

    As few pages as possible; among those, as few stages as possible lie on two pages, and the
    pages are as alike as can be.
    """
    total = sum(lengths)
    if total == 0:
        return []
    ends = set()
    place = 0
    for length in lengths:
        place += length
        ends.add(place)
    pages = math.ceil(total / most)
    even = total / pages
    # The best way to cut what lies before a place into k pages: (stages cut, unevenness, cuts).
    best: dict[tuple[int, int], tuple[int, float, tuple[int, ...]]] = {(0, 0): (0, 0.0, ())}
    for page in range(1, pages + 1):
        for end in range(1, total + 1):
            found = [
                (
                    before[0] + (end not in ends),
                    before[1] + (end - start - even) ** 2,
                    (*before[2], end),
                )
                for start in range(max(0, end - most), end)
                if (before := best.get((page - 1, start))) is not None
            ]
            if found:
                best[page, end] = min(found)
    cuts = (0, *best[pages, total][2])
    return list(pairwise(cuts))


@dataclass(frozen=True, slots=True)
class Cell:
    """Cards that stand over neighbouring steps, by their places from the left."""

    start: int
    end: int
    items: tuple[Item, ...]

    def within(self, start: int, end: int) -> Cell | None:
        """Return the part of it that lies on a page."""
        left, right = max(self.start, start), min(self.end, end)
        return Cell(left, right, self.items) if left < right else None


def cells_of(sheet: Sheet, lane: Lane) -> list[Cell]:
    """Cut a lane into cells; neighbours of the same department are one."""
    steps = sheet.steps
    found: list[Cell] = []
    place = 0
    while place < len(steps):
        items = sheet.cell(lane.key, steps[place].key)
        reach = place + max((item.span for item in items), default=1)
        end = place + 1
        while end < len(steps):
            there = sheet.cell(lane.key, steps[end].key)
            same = (
                lane.shape == "department"
                and bool(items)
                and [i.words for i in there] == [i.words for i in items]
            )
            if not (end < reach and not there) and not same:
                break
            end += 1
        found.append(Cell(place, end, items))
        place = end
    return found


def channels_of(sheet: Sheet, step: str) -> list[str]:
    """Return on which channels a step takes place, each once."""
    names = [i.place.channel for i in sheet.items if i.place is not None and i.step == step]
    return list(dict.fromkeys(names))


def printable(text: str) -> str:
    """Return a text with places to break in words that no line holds, and few lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    kept = [*lines[: MOST_LINES - 1], " ".join(lines[MOST_LINES - 1 :])]
    joined = "\n".join(line for line in kept if line)
    return _UNBROKEN.sub(lambda word: _broken(word[0]), joined)


def _broken(word: str) -> str:
    step = _LONGEST_WORD - 4
    return _BREAK.join(word[i : i + step] for i in range(0, len(word), step))
