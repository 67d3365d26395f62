"""The skeleton of a draft in memory while operations are carried out: its columns and rows.

What stands where is kept as lists of ids; a position is an index in its list. Whoever holds a
board holds the lock of its version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from journeys.maps.lanes import LaneKind, lane_kind
from journeys.maps.models import Card, Lane, Stage, Step, Version
from journeys.maps.operations.verbs import OperationRefused

# How much a map holds at most: far above what anybody reads, below what pages cannot draw.
MOST_STAGES: Final = 200
MOST_STEPS: Final = 1_000
MOST_LANES: Final = 200
MOST_IN_CELL: Final = 500

MODELS: Final[Mapping[str, type[Stage] | type[Step] | type[Lane] | type[Card]]] = {
    "stage": Stage,
    "step": Step,
    "lane": Lane,
    "card": Card,
}
GONE: Final = {
    "stage": "unknown_stage",
    "step": "unknown_step",
    "lane": "unknown_lane",
    "card": "unknown_card",
}

# Stages come before their steps.
_SKELETON: Final = """
SELECT 'stage' AS what, id, NULL::uuid, '', position
FROM maps_stage WHERE version_id = %(version)s
UNION ALL
SELECT 'step', step.id, step.stage_id, '', step.position
FROM maps_step step JOIN maps_stage stage ON stage.id = step.stage_id
WHERE stage.version_id = %(version)s
UNION ALL
SELECT 'lane', id, NULL, kind, position
FROM maps_lane WHERE version_id = %(version)s
ORDER BY what, position
"""

Json = dict[str, Any]


@dataclass(slots=True)
class Applied:
    """What came of an operation: how it is kept, and what followed from it, by version."""

    content: Json
    derived: list[tuple[UUID, Json]] = field(default_factory=list)


@dataclass(slots=True)
class Skeleton:
    """Stages, steps and lanes in their order, and the position that each row has stored."""

    stages: list[UUID] = field(default_factory=list)
    steps: dict[UUID, list[UUID]] = field(default_factory=dict)
    stage_of: dict[UUID, UUID] = field(default_factory=dict)
    lanes: list[UUID] = field(default_factory=list)
    kinds: dict[UUID, str] = field(default_factory=dict)
    positions: dict[UUID, int] = field(default_factory=dict)

    @classmethod
    def load(cls, version: Version) -> Skeleton:
        """Read that of a version; 1 query."""
        found = cls()
        with connection.cursor() as cursor:
            cursor.execute(_SKELETON, {"version": version.pk})
            for what, pk, stage, kind, position in cursor:
                found.positions[pk] = position
                if what == "stage":
                    found.stages.append(pk)
                    found.steps[pk] = []
                elif what == "step":
                    found.steps[stage].append(pk)
                    found.stage_of[pk] = stage
                else:
                    found.lanes.append(pk)
                    found.kinds[pk] = kind
        return found


class Board:
    """A draft while operations are carried out.

    Its skeleton is read when it is first asked for: who only changes the words of a card does not.
    """

    def __init__(self, version: Version) -> None:
        self.version = version
        self.workspace_id = version.workspace_id

    @cached_property
    def skeleton(self) -> Skeleton:
        """Return stages, steps and lanes; operations change it along."""
        return Skeleton.load(self.version)

    @property
    def stages(self) -> list[UUID]:
        """Return the stages from left to right."""
        return self.skeleton.stages

    @property
    def steps(self) -> dict[UUID, list[UUID]]:
        """Return the steps of each stage from left to right."""
        return self.skeleton.steps

    @property
    def stage_of(self) -> dict[UUID, UUID]:
        """Return the stage of each step."""
        return self.skeleton.stage_of

    @property
    def lanes(self) -> list[UUID]:
        """Return the lanes from above."""
        return self.skeleton.lanes

    @property
    def kinds(self) -> dict[UUID, str]:
        """Return the kind of each lane."""
        return self.skeleton.kinds

    @property
    def positions(self) -> dict[UUID, int]:
        """Return the position that each stage, step and lane has stored."""
        return self.skeleton.positions

    def kind_of(self, lane: UUID) -> LaneKind:
        """Return what the registry says of a lane; OperationRefused where there is no such one."""
        if lane not in self.kinds:
            raise gone("lane")
        return lane_kind(self.kinds[lane])

    def siblings(self, kind: str, parents: Mapping[str, UUID]) -> list[UUID]:
        """Return the list in which a stage, step or lane stands; raises OperationRefused."""
        if kind == "stage":
            return self.stages
        if kind == "lane":
            return self.lanes
        if parents["stage"] not in self.steps:
            raise gone("stage")
        return self.steps[parents["stage"]]

    def require_step(self, step: UUID) -> None:
        """Refuse a step that is not on the map."""
        if step not in self.stage_of:
            raise gone("step")

    def require_room(self) -> None:
        """Refuse a map that nobody could read."""
        if (
            len(self.stages) > MOST_STAGES
            or len(self.stage_of) > MOST_STEPS
            or len(self.lanes) > MOST_LANES
        ):
            raise too_many()

    def moved(self, lists: Iterable[list[UUID]]) -> dict[UUID, int]:
        """Return the rows in these lists that stand elsewhere now, and note where."""
        found = {
            pk: index
            for rows in lists
            for index, pk in enumerate(rows)
            if self.positions.get(pk) != index
        }
        self.positions.update(found)
        return found


@dataclass(slots=True)
class Cells:
    """The cards of some cells in their order, with the touchpoints that stand there; 1 query."""

    lists: dict[tuple[UUID, UUID], list[UUID]]
    positions: dict[UUID, int]
    touchpoints: dict[UUID, UUID]

    @classmethod
    def load(cls, places: Iterable[tuple[UUID, UUID]]) -> Cells:
        """Read the cards of these cells."""
        wanted = set(places)
        cells = cls(defaultdict(list), {}, {})
        rows = Card.objects.filter(
            lane__in={lane for lane, _step in wanted}, step__in={step for _lane, step in wanted}
        ).order_by("position", "pk")
        for pk, lane, step, position, touchpoint in rows.values_list(
            "pk", "lane_id", "step_id", "position", "touchpoint_id"
        ):
            if (lane, step) in wanted:
                cells.lists[lane, step].append(pk)
                cells.positions[pk] = position
                if touchpoint is not None:
                    cells.touchpoints[pk] = touchpoint
        return cells

    def place(self, cell: tuple[UUID, UUID], card: UUID, at: int | None) -> None:
        """Put a card into a cell."""
        there = self.lists[cell]
        there.insert(len(there) if at is None else at, card)
        if len(there) > MOST_IN_CELL:
            raise too_many()

    def require_once(self) -> None:
        """Refuse a touchpoint that stands twice in a cell."""
        for cards in self.lists.values():
            there = [self.touchpoints[card] for card in cards if card in self.touchpoints]
            if len(set(there)) < len(there):
                raise OperationRefused(
                    _("This touchpoint is in the cell already."), code="touchpoint_twice"
                )

    def moved(self) -> dict[UUID, int]:
        """Return the cards whose place in their cell is another now."""
        return {
            pk: index
            for cards in self.lists.values()
            for index, pk in enumerate(cards)
            if self.positions.get(pk) != index
        }


def renumber(kind: str, places: Mapping[UUID, int]) -> None:
    """Write positions; one statement, none where nothing changed."""
    if not places:
        return
    table = MODELS[kind]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET position = wanted.position "
            "FROM unnest(%s::uuid[], %s::int[]) AS wanted (id, position) "
            f"WHERE {table}.id = wanted.id",
            [list(places), list(places.values())],
        )


def gone(kind: str) -> OperationRefused:
    """Return the refusal of a row that is not on the map, or not any more."""
    return OperationRefused(_("That is not on the map any more."), code=GONE[kind])


def too_many() -> OperationRefused:
    """Return the refusal of a map that grows beyond use."""
    return OperationRefused(_("A map does not hold that many."), code="too_many")
