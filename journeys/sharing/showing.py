"""What of a map a link shows: its lanes, with figures or without; nothing of any other lane."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from cxm.common.statistics import Figure
from cxm.dashboards import numbers
from cxm.workspaces.models import Workspace
from journeys.maps.models import JourneyMap, ShareLink, Version
from journeys.maps.quotes import Quote, quotes_of
from journeys.maps.reports import Cell, Column, Grid, Row, load_grid
from journeys.scores.drawing import MapMark, draw_map
from journeys.scores.frozen import Between
from journeys.scores.reports import MapScores, Rolled, StageScores, StepScores, score_map

WINDOW: Final = "90d"
# Filled from figures, so that a link without figures has nothing to put there.
OF_FIGURES: Final = frozenset({"score"})
_NOTHING: Final = Rolled(Figure(None, 0), 0)


@dataclass(frozen=True, slots=True)
class Beside:
    """What cards name and the map does not hold.

    Attributes:
        quotes: the words of answers, by their ids.
        journeys: what other journeys are called, by their ids.
        picture_url: gives a picture's name an address that the link opens.
    """

    quotes: Mapping[str, Quote | None]
    journeys: Mapping[str, str]
    picture_url: Callable[[str], str]


def draw_shared(link: ShareLink, version: Version, workspace: Workspace) -> MapMark:
    """Return the map as the link shows it; as many queries as the map's own page, or fewer."""
    grid = load_grid(version)
    shown = keep_lanes(grid, lanes_shown(grid, link))
    if not link.with_figures:
        drawn = draw_map(shown, without_figures(shown, workspace.confidence))
        curve = replace(drawn.narrow_curve, summary=_assumed_in_words(shown))
        return replace(drawn, curve=replace(drawn.curve, summary=curve.summary), narrow_curve=curve)
    # Worked out from the whole map, so that the figures are those of the map's own page.
    scored = score_map(grid, workspace=workspace, window=WINDOW, between=_between(link, version))
    return draw_map(shown, _on(shown, scored))


def _between(link: ShareLink, version: Version) -> Between | None:
    """Return the days with which a version was published, where a link is pinned to it."""
    return None if link.version_id is None else version.own_days


def lanes_shown(grid: Grid, link: ShareLink) -> frozenset[UUID]:
    """Return the keys of the lanes that the link shows: chosen, and not hidden on the map."""
    return frozenset(
        row.lane.key
        for row in grid.rows
        if row.lane.key in link.lanes
        and not row.lane.hidden
        and (link.with_figures or row.kind.shape not in OF_FIGURES)
    )


def keep_lanes(grid: Grid, keys: Set[UUID]) -> Grid:
    """Return the grid with these lanes alone; what other lanes put onto steps is gone too."""
    rows = [row for row in grid.rows if row.lane.key in keys]
    places = {
        card.touchpoint_id
        for row in rows
        for cell in row.cells
        for card in cell.cards
        if card.touchpoint_id is not None
    }
    columns = {
        column.step.pk: replace(
            column, touchpoints=tuple(t for t in column.touchpoints if t.pk in places)
        )
        for column in grid.columns
    }
    kept = [_row(row, columns) for row in rows]
    # The line of visibility stands above the first lane behind it that is left.
    before = [False, *(row.kind.behind for row in kept)]
    return replace(
        grid,
        headings=tuple(
            replace(heading, columns=tuple(columns[c.step.pk] for c in heading.columns))
            for heading in grid.headings
        ),
        columns=tuple(columns[c.step.pk] for c in grid.columns),
        rows=tuple(
            replace(row, opens_backstage=row.kind.behind and not above, last=row is kept[-1])
            for row, above in zip(kept, before, strict=False)
        ),
        assumed=_assumed(kept),
    )


def without_figures(grid: Grid, confidence: float) -> MapScores:
    """Return scores of which nothing is known, so that nothing can be drawn of them."""
    return MapScores(
        window=WINDOW,
        steps=tuple(
            StepScores(column, (), None, _NOTHING, _NOTHING, grid.assumed.get(column.step.pk))
            for column in grid.columns
        ),
        stages=tuple(
            StageScores(heading.stage, len(heading.columns), _NOTHING) for heading in grid.headings
        ),
        satisfaction=_NOTHING,
        worst=None,
        scored_at=None,
        confidence=confidence,
    )


def _on(grid: Grid, scored: MapScores) -> MapScores:
    """Put scores onto the columns of a narrower grid; what is assumed comes from its lanes."""
    columns = {column.step.pk: column for column in grid.columns}
    steps = tuple(
        replace(
            step,
            column=columns[step.column.step.pk],
            assumed=grid.assumed.get(step.column.step.pk),
        )
        for step in scored.steps
    )
    worst = None if scored.worst is None else scored.worst.column.step.pk
    return replace(
        scored, steps=steps, worst=next((s for s in steps if s.column.step.pk == worst), None)
    )


def shows_feelings(grid: Grid) -> bool:
    """Say whether the feelings lane is among those shown."""
    return any(row.kind.shape == "feeling" for row in grid.rows)


def shared_quotes(grid: Grid) -> dict[str, Quote | None]:
    """Return the words of the answers that stand in the lanes shown; one query at most."""
    return quotes_of(
        card.response_id
        for row in grid.rows
        if row.kind.shape == "quote"
        for cell in row.cells
        for card in cell.cards
    )


def linked_names(grid: Grid) -> dict[str, str]:
    """Return what the journeys are called to which cards of the lanes shown lead, by their ids.

    Their names are all that is told of them: what they hold is not shared. One query at most.
    """
    wanted = {
        card.linked_map_id
        for row in grid.rows
        if row.kind.shape == "link"
        for cell in row.cells
        for card in cell.cards
        if card.linked_map_id is not None
    }
    if not wanted:
        return {}
    found = JourneyMap.objects.filter(pk__in=wanted).values_list("pk", "name")
    return {str(pk): name for pk, name in found}


def led(words: str) -> str:
    """Return how a card that leads to another journey reads where it leads nowhere."""
    return f"→ {words}" if words else ""


def _assumed_in_words(grid: Grid) -> str:
    points = [
        f"{column.step.name} {numbers.number(grid.assumed[column.step.pk], 1, sign=True)}"
        for column in grid.columns
        if column.step.pk in grid.assumed
    ]
    return _("What we assume customers feel, from −2 to +2: %s.") % (", ".join(points) or "–")


def _row(row: Row, columns: dict[UUID, Column]) -> Row:
    return replace(row, cells=tuple(_cell(cell, columns) for cell in row.cells))


def _cell(cell: Cell, columns: dict[UUID, Column]) -> Cell:
    return replace(
        cell,
        column=columns[cell.column.step.pk],
        covers=tuple(columns[c.step.pk] for c in cell.covers),
    )


def _assumed(rows: list[Row]) -> dict[UUID, float]:
    found: dict[UUID, list[float]] = defaultdict(list)
    for row in rows:
        if row.kind.shape == "feeling":
            for cell in row.cells:
                for card in cell.cards:
                    if card.valence is not None:
                        found[card.step_id].append(float(card.valence))
    return {step: sum(values) / len(values) for step, values in found.items()}
