"""Where opportunities lie in the square of impact and effort: the catalogue's geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journeys.maps.models import Opportunity
from touchpoints.catalogue.importance import Dot, Placed, layout


@dataclass(frozen=True, slots=True)
class Marked:
    """An opportunity with its number in the list and, where both were said, its place."""

    row: Opportunity
    number: int
    at: Placed | None


# The middle of the square counts as great impact and as little effort: in doubt, do it.
MIDDLE: Final = 3
FIELDS: Final[Sequence[tuple[str | Promise, bool, bool]]] = (
    (_("Quick wins"), True, False),
    (_("Big bets"), True, True),
    (_("Fill-ins"), False, False),
    (_("Not now"), False, True),
)


def by_field(marks: Sequence[Marked]) -> list[tuple[str, list[Marked]]]:
    """Return the four fields of the square with what lies in each."""
    found: dict[tuple[bool, bool], list[Marked]] = {}
    for mark in marks:
        if mark.at is not None:
            great, costly = (mark.row.impact or 0) >= MIDDLE, (mark.row.effort or 0) > MIDDLE
            found.setdefault((great, costly), []).append(mark)
    return [(str(name), found.get((great, costly), [])) for name, great, costly in FIELDS]


def place(rows: Sequence[Opportunity], *, start: int = 1) -> list[Marked]:
    """Return where the marks are drawn; impact goes upwards, effort to the right."""
    weighed = [row for row in rows if row.impact is not None and row.effort is not None]
    dots = [Dot(row.impact or 1, row.effort or 1) for row in weighed]
    places = {row.pk: at for row, at in zip(weighed, layout(dots), strict=True)}
    return [Marked(row, number, places.get(row.pk)) for number, row in enumerate(rows, start=start)]
