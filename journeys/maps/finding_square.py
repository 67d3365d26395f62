"""Where opportunities lie in the square of impact and effort: the catalogue's geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from journeys.maps.models import Opportunity
from touchpoints.catalogue.importance import Dot, Placed, layout


@dataclass(frozen=True, slots=True)
class Marked:
    """An opportunity with its number in the list and, where both were said, its place."""

    row: Opportunity
    number: int
    at: Placed | None


def place(rows: Sequence[Opportunity], *, start: int = 1) -> list[Marked]:
    """Return where the marks are drawn; impact goes upwards, effort to the right."""
    weighed = [row for row in rows if row.impact is not None and row.effort is not None]
    dots = [Dot(row.impact or 1, row.effort or 1) for row in weighed]
    places = {row.pk: at for row, at in zip(weighed, layout(dots), strict=True)}
    return [Marked(row, number, places.get(row.pk)) for number, row in enumerate(rows, start=start)]
