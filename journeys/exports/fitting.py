"""How much fits on a slide. Pure but for translated words.

How high texts become is estimated, generously, since only the reader's program sets them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

WIDTH, HEIGHT = 13.333, 7.5
MARGIN: Final = 0.5
TOP: Final = 1.3
ROOM: Final = HEIGHT - TOP - 0.55
FIRST: Final = 1.9
# Of a letter's size: how wide letters are, how high lines are; both more than the usual.
LETTER, LINE = 0.56, 1.24


def fitting(
    rows: list[list[list[str]]], width: float, header: Sequence[str], size: float
) -> Iterator[list[list[str]]]:
    """Cut the rows of a table into slides; a row that is too high alone is cut between cards."""
    room = ROOM - height_of(header, width, size)
    page: list[list[str]] = []
    used = 0.0
    for row in rows:
        pieces = list(_pieces(row, width, room, size))
        for piece in pieces:
            height = height_of(piece, width, size)
            if page and used + height > room:
                yield page
                page, used = [], 0.0
            page.append(piece)
            used += height
    if page or not rows:
        yield page


def _pieces(row: list[list[str]], width: float, room: float, size: float) -> Iterator[list[str]]:
    head, *cells = row
    while True:
        taken: list[list[str]] = []
        rest: list[list[str]] = []
        for cards in cells:
            count = len(cards)
            while (
                count > 1 and height_of(["\n".join(cards[:count])], width, size, head=width) > room
            ):
                count -= 1
            taken.append(cards[:count])
            rest.append(cards[count:])
        yield ["\n".join(head), *("\n".join(cards) for cards in taken)]
        if not any(rest):
            return
        head, cells = [_("%s (continued)") % row[0][0]], rest


def height_of(cells: Sequence[str], width: float, size: float, *, head: float = FIRST) -> float:
    """Return how high a row becomes at most, in inches."""
    most = 0
    for place, cell in enumerate(cells):
        inches = head if place == 0 else width
        letters = max(6, int((inches - 0.16) * 72 / (size * LETTER)))
        lines = sum(max(1, _lines(line, letters)) for line in cell.split("\n"))
        most = max(most, lines)
    return most * size * LINE / 72 + 0.1


def _lines(text: str, letters: int) -> int:
    """Count lines as words wrap."""
    lines, used = 1, 0
    for word in text.split(" "):
        length = len(word)
        if used and used + 1 + length > letters:
            lines, used = lines + 1, 0
        lines += max(0, math.ceil(length / letters) - 1)
        used += (1 if used else 0) + min(length, letters)
    return lines
