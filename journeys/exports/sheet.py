"""A map as it leaves the house: every word resolved, no rows of the database. Pure.

All formats are functions of a `Sheet`, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from journeys.scores.curves import StepValues

Paper = Literal["a3", "a4"]


def _no_picture(_name: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """A touchpoint as the catalogue names it."""

    id: str
    key: str
    name: str
    channel: str
    icon: str = ""
    moment: bool = False
    department: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure with its certainty; `value` is None where too little is known to show one."""

    metric: str
    title: str
    touchpoint: str
    unit: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    target: float | None = None
    status: str | None = None
    touchpoint_id: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """The one score that a step shows, in words; `bullet` are places in per cent."""

    kind: str
    status: str | None
    status_word: str
    title: str
    sentence: str
    value: str = ""
    foot: str = ""
    trend: str = ""
    arrow: str = ""
    target: str = ""
    bullet: tuple[float, float, float, float | None] | None = None
    spark: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A card. `words` is what one reads on it, `text` what is kept on it.

    The words of a customer's answer are read, never kept: they vanish when the answer does.
    """

    key: str
    lane: str
    step: str
    text: str = ""
    words: str = ""
    span: int = 1
    place: Place | None = None
    valence: float | None = None
    severity: int | None = None
    severity_word: str = ""
    status: str = ""
    status_word: str = ""
    persona: str = ""
    answer: str = ""
    response_id: str = ""
    linked_map: str = ""
    picture: str = ""
    # Of the pain point or opportunity behind it.
    description: str = ""
    impact: int | None = None
    effort: int | None = None
    owner: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A column; `number` counts from 1 over the whole map."""

    key: str
    number: int
    name: str
    stage: str
    metric: str = ""
    next: tuple[tuple[str, str], ...] = ()
    mark: Mark | None = None
    values: StepValues = field(default_factory=lambda: StepValues(None, None, None))
    measures: tuple[Measure, ...] = ()
    framed: bool = False
    failing: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """Neighbouring steps under one heading; `tint` 1…5 is its shade, light to strong."""

    key: str
    name: str
    phase: str = ""
    phase_name: str = ""
    tint: int = 1
    steps: tuple[Step, ...] = ()
    satisfaction: Measure | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A row; `name` is its own heading, `title` what stands there."""

    key: str
    kind: str
    name: str
    title: str
    shape: str
    hint: str = ""
    of_cards: bool = True
    behind: bool = False
    hidden: bool = False
    collapsed: bool = False


@dataclass(frozen=True)
class Sheet:
    """A version of a map. Without figures it says nothing that was measured."""

    id: str
    name: str
    kind: str
    kind_word: str
    made_at: datetime
    version: int = 1
    version_key: str = ""
    status: str = "draft"
    status_word: str = ""
    published_on: date | None = None
    workspace: str = ""
    cyclic: bool = False
    cycle_name: str = ""
    phase_model: str = ""
    personas: tuple[tuple[str, str], ...] = ()
    stages: tuple[Stage, ...] = ()
    lanes: tuple[Lane, ...] = ()
    items: tuple[Item, ...] = ()
    figures: bool = False
    window: str = ""
    period: str = ""
    confidence: float = 0.95
    finding: tuple[str, str] = ("", "")
    scored_at: datetime | None = None
    language: str = "en"
    # Reads a picture by the name that a card gives it; None where it is gone.
    picture_of: Callable[[str], bytes | None] = field(default=_no_picture, compare=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Return all steps from left to right."""
        return tuple(step for stage in self.stages for step in stage.steps)

    @cached_property
    def shown(self) -> tuple[Lane, ...]:
        """Return the lanes that are drawn, from above."""
        return tuple(lane for lane in self.lanes if not lane.hidden)

    @cached_property
    def cells(self) -> dict[tuple[str, str], tuple[Item, ...]]:
        """Return the cards by (lane, step), in their order."""
        found: dict[tuple[str, str], list[Item]] = {}
        for item in self.items:
            found.setdefault((item.lane, item.step), []).append(item)
        return {cell: tuple(items) for cell, items in found.items()}

    def cell(self, lane: str, step: str) -> tuple[Item, ...]:
        """Return the cards of one cell."""
        return self.cells.get((lane, step), ())

    @cached_property
    def places(self) -> dict[str, Place]:
        """Return the touchpoints on the map by their id."""
        return {item.place.id: item.place for item in self.items if item.place is not None}

    def keep(self, lanes: Iterable[str]) -> Sheet:
        """Return it with these lanes alone, also where they are hidden on the map."""
        wanted = set(lanes)
        return replace(
            self,
            lanes=tuple(replace(lane, hidden=False) for lane in self.lanes if lane.key in wanted),
            items=tuple(item for item in self.items if item.lane in wanted),
        )
