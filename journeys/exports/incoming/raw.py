"""A map as a file says it: nothing is matched yet. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from journeys.exports.incoming.problems import NOWHERE, Problem, Where

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class RawStage:
    """A stage; steps name it by its `ref`."""

    ref: str
    name: str
    phase: str = ""
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class RawStep:
    """A step, in the order of the map within its stage."""

    ref: str
    stage: str
    name: str
    metric: str = ""
    next: tuple[tuple[str, str], ...] = ()
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class RawLane:
    """A lane; `kind` may be empty where only a heading is known."""

    ref: str
    kind: str
    name: str = ""
    hidden: bool = False
    collapsed: bool = False
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class RawCard:
    """A card with its fields as they stand in the file.

    `loose` texts are what somebody wrote into a table: they may mean a touchpoint or a feeling.
    """

    lane: str
    step: str
    fields: Mapping[str, Value]
    where: Where = NOWHERE
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Raw:
    """The whole file."""

    stages: tuple[RawStage, ...]
    steps: tuple[RawStep, ...]
    lanes: tuple[RawLane, ...]
    cards: tuple[RawCard, ...]
    name: str = ""
    kind: str = ""
    cyclic: bool = False
    cycle_name: str = ""
    phase_model: str = ""
    personas: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    # Pictures by what cards call them: as they came, and under which names they are kept by now.
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
