"""A version of a map, read as a whole: columns, rows and cells, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Prefetch, Q

from journeys.maps.lanes import LaneKind
from journeys.maps.models import Card, JourneyMap, Lane, MapPersona, Stage, Step, Version
from journeys.personas.models import Persona
from touchpoints.catalogue.models import Touchpoint


@dataclass(frozen=True)
class Column:
    """A step in its place: `number` counts from 1 over the whole map."""

    step: Step
    stage: Stage
    number: int
    last: bool
    touchpoints: tuple[Touchpoint, ...]

    @property
    def index(self) -> int:
        """Return its place from the left, from 0."""
        return self.number - 1


@dataclass(frozen=True)
class Heading:
    """A stage with its steps; `tint` 1…5 is the shade of its heading, light to strong."""

    stage: Stage
    columns: tuple[Column, ...]
    tint: int

    @cached_property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """Return the touchpoints of its steps, each once."""
        return tuple(_once(t for column in self.columns for t in column.touchpoints))


@dataclass(frozen=True)
class Cell:
    """Where a lane meets a step; it may cover the steps to the right as well."""

    column: Column
    cards: tuple[Card, ...]
    span: int
    covers: tuple[Column, ...]

    @property
    def last(self) -> bool:
        """Say whether it reaches the right edge."""
        return self.covers[-1].last


@dataclass(frozen=True)
class Row:
    """A lane with its cells from left to right."""

    lane: Lane
    kind: LaneKind
    cells: tuple[Cell, ...]
    opens_backstage: bool
    last: bool

    @property
    def empty(self) -> bool:
        """Say whether nobody has put anything into it yet."""
        return not any(cell.cards for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """A version as it is drawn. A stage without a step has no column; it stands in `empty_stages`.

    `assumed` is the mean of what the feelings lane says, by step.
    """

    journey: JourneyMap
    version: Version
    personas: tuple[Persona, ...]
    headings: tuple[Heading, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    assumed: dict[UUID, float]
    empty_stages: tuple[Stage, ...]

    @cached_property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """Return all touchpoints on the map, each once, from left to right."""
        return tuple(_once(t for column in self.columns for t in column.touchpoints))

    @property
    def persona(self) -> Persona | None:
        """Return the one that the map names first."""
        return self.personas[0] if self.personas else None

    def column_of(self, step_id: UUID) -> Column | None:
        """Return the column of a step."""
        return next((c for c in self.columns if c.step.pk == step_id), None)


@dataclass(frozen=True)
class StageOutline:
    """A stage with how many steps it has and the touchpoints that are on them, each once."""

    stage: Stage
    steps: int
    touchpoint_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Outline:
    """A map without its cells, for lists of maps."""

    journey: JourneyMap
    version: Version
    personas: tuple[Persona, ...]
    stages: tuple[StageOutline, ...]

    @property
    def steps(self) -> int:
        """Return how many steps the map has."""
        return sum(stage.steps for stage in self.stages)


def load_outlines(journeys: Sequence[JourneyMap], *, editor: bool) -> list[Outline]:
    """Read the stages of several maps; 5 queries, however many there are."""
    versions: dict[UUID, list[Version]] = defaultdict(list)
    for version in Version.objects.filter(map__in=journeys).order_by("-number"):
        versions[version.map_id].append(version)
    shown = {journey.pk: _preferred(versions[journey.pk], editor) for journey in journeys}
    personas: dict[UUID, list[Persona]] = defaultdict(list)
    for place in MapPersona.objects.filter(map__in=journeys).select_related("persona"):
        personas[place.map_id].append(place.persona)
    stages: dict[UUID, list[Stage]] = defaultdict(list)
    for stage in (
        Stage.objects.filter(version__in=shown.values())
        .order_by("position")
        .prefetch_related("steps")
    ):
        stages[stage.version_id].append(stage)
    touchpoints: dict[UUID, list[UUID]] = defaultdict(list)
    for stage_id, touchpoint_id in (
        Card.objects.filter(lane__version__in=shown.values(), touchpoint__isnull=False)
        .order_by("step__position", "position")
        .values_list("step__stage_id", "touchpoint_id")
    ):
        if touchpoint_id is not None:
            touchpoints[stage_id].append(touchpoint_id)
    return [
        Outline(
            journey,
            shown[journey.pk],
            tuple(personas[journey.pk]),
            tuple(
                StageOutline(
                    stage, len(stage.steps.all()), tuple(dict.fromkeys(touchpoints[stage.pk]))
                )
                for stage in stages[shown[journey.pk].pk]
            ),
        )
        for journey in journeys
    ]


def _preferred(versions: Sequence[Version], editor: bool) -> Version:
    """Return the draft to who edits, the published one to who reads, else the newest."""
    for status in ("draft", "published") if editor else ("published", "draft"):
        for version in versions:
            if version.status == status:
                return version
    return versions[0]


def version_to_show(journey: JourneyMap, *, editor: bool) -> Version:
    """Return the draft to those who edit and the published version to those who read.

    Where the preferred one does not exist, it is the newest of what there is; one query.
    """
    return _preferred(list(Version.objects.filter(map=journey).order_by("-number")), editor)


def load_grid(version: Version, *, measured: bool = False) -> Grid:
    """Read a version; 5 queries, however large the map is.

    Args:
        version: with its map.
        measured: read only what figures follow from, touchpoints and feelings; a map has
            thousands of other cards.
    """
    journey = version.map
    stages = list(
        version.stages.order_by("position").prefetch_related(
            Prefetch("steps", Step.objects.order_by("position"))
        )
    )
    lanes = list(version.lanes.filter(hidden=False).order_by("position"))
    personas = tuple(
        place.persona for place in MapPersona.objects.filter(map=journey).select_related("persona")
    )
    cards = Card.objects.of_version(version).with_touchpoint()
    if measured:
        cards = cards.filter(Q(touchpoint__isnull=False) | Q(valence__isnull=False))
    by_cell: dict[tuple[UUID, UUID], list[Card]] = defaultdict(list)
    touchpoints: dict[UUID, list[Touchpoint]] = defaultdict(list)
    valences: dict[UUID, list[float]] = defaultdict(list)
    shown = {lane.pk: lane for lane in lanes}
    for card in cards:
        if card.lane_id in shown:
            card.lane = shown[card.lane_id]
        by_cell[card.lane_id, card.step_id].append(card)
        if card.touchpoint is not None:
            touchpoints[card.step_id].append(card.touchpoint)
        if card.valence is not None:
            valences[card.step_id].append(float(card.valence))
    headings, columns = _headings(stages, touchpoints)
    return Grid(
        journey=journey,
        version=version,
        personas=personas,
        headings=headings,
        columns=columns,
        rows=_rows(lanes, columns, by_cell),
        assumed={step: sum(values) / len(values) for step, values in valences.items()},
        empty_stages=tuple(stage for stage in stages if not stage.steps.all()),
    )


def _headings(
    stages: list[Stage], touchpoints: dict[UUID, list[Touchpoint]]
) -> tuple[tuple[Heading, ...], tuple[Column, ...]]:
    total = sum(len(stage.steps.all()) for stage in stages)
    columns: list[Column] = []
    headings: list[Heading] = []
    for position, stage in enumerate(stages):
        own: list[Column] = []
        for step in stage.steps.all():
            number = len(columns) + 1
            column = Column(
                step=step,
                stage=stage,
                number=number,
                last=number == total,
                touchpoints=tuple(_once(touchpoints.get(step.pk, ()))),
            )
            own.append(column)
            columns.append(column)
        tint = 1 + round(position * 4 / max(len(stages) - 1, 1))
        if own:
            headings.append(Heading(stage, tuple(own), tint))
    return tuple(headings), tuple(columns)


def _rows(
    lanes: list[Lane],
    columns: tuple[Column, ...],
    by_cell: dict[tuple[UUID, UUID], list[Card]],
) -> tuple[Row, ...]:
    rows: list[Row] = []
    for index, lane in enumerate(lanes):
        kind = lane.entry
        before = rows[-1].kind.behind if rows else False
        cells = tuple(_cells(lane, kind, columns, by_cell))
        rows.append(Row(lane, kind, cells, kind.behind and not before, index == len(lanes) - 1))
    return tuple(rows)


def _cells(
    lane: Lane,
    kind: LaneKind,
    columns: tuple[Column, ...],
    by_cell: dict[tuple[UUID, UUID], list[Card]],
) -> Iterable[Cell]:
    """Cut a lane into cells; neighbours of the same department are one."""
    place = 0
    while place < len(columns):
        column = columns[place]
        cards = tuple(by_cell.get((lane.pk, column.step.pk), ()))
        span = min(max((card.span for card in cards), default=1), len(columns) - place)
        end = place + 1
        while end < len(columns):
            there = by_cell.get((lane.pk, columns[end].step.pk), [])
            free = end < place + span and not there
            same = kind.shape == "department" and _texts(cards) and _texts(there) == _texts(cards)
            if not free and not same:
                break
            end += 1
        yield Cell(column, cards, end - place, columns[place:end])
        place = end


def _texts(cards: Iterable[Card]) -> list[str]:
    return [card.text for card in cards]


def _once(touchpoints: Iterable[Touchpoint]) -> Iterable[Touchpoint]:
    seen: set[UUID] = set()
    for touchpoint in touchpoints:
        if touchpoint.pk not in seen:
            seen.add(touchpoint.pk)
            yield touchpoint
