"""What a map is to look like before it has rows: plain values for templates, imports, the demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.functional import Promise

Text = str | Promise

USUAL_LANES: tuple[str, ...] = (
    "actions",
    "touchpoints",
    "thoughts",
    "feelings",
    "scores",
    "quotes",
    "needs",
    "pain_points",
    "opportunities",
    "backstage",
    "responsible",
)


@dataclass(frozen=True, slots=True)
class CardPlan:
    """A card to be: `touchpoint` is the id of one in the catalogue, `span` counts steps."""

    text: Text = ""
    touchpoint: UUID | None = None
    valence: Decimal | float | None = None
    severity: int | None = None
    status: str = ""
    span: int = 1


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step to be, with its cards by kind of lane."""

    name: Text
    cards: Mapping[str, Sequence[CardPlan]] = field(default_factory=dict)
    metric: str = ""


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage to be, with its steps from left to right."""

    name: Text
    steps: Sequence[StepPlan] = ()
    phase: str = ""


@dataclass(frozen=True, slots=True)
class MapPlan:
    """The columns and rows of a map to be."""

    stages: Sequence[StagePlan] = ()
    lanes: Sequence[str] = USUAL_LANES
    cyclic: bool = False
    cycle_name: Text = ""
