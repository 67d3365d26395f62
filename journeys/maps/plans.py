"""What a map is to look like before it has rows: plain values for templates, imports, the demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
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
class FindingPlan:
    """What the pain point or opportunity behind a card says besides it; `owner` is a member."""

    description: str = ""
    impact: int | None = None
    effort: int | None = None
    owner: UUID | None = None


NOTHING_SAID: Final = FindingPlan()


@dataclass(frozen=True, slots=True)
class CardPlan:
    """A card to be: `touchpoint` is the id of one in the catalogue, `span` counts steps.

    `picture` is the name of one that is stored.
    """

    text: Text = ""
    touchpoint: UUID | None = None
    valence: Decimal | float | None = None
    severity: int | None = None
    status: str = ""
    span: int = 1
    persona: UUID | None = None
    answer: Text = ""
    response_id: UUID | None = None
    linked_map: UUID | None = None
    picture: str = ""
    finding: FindingPlan = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step to be, with its cards by lane: by the lane's `ref`, or its kind where it has none.

    `next` names the steps that follow by their `ref`, each with a label.
    """

    name: Text
    cards: Mapping[str, Sequence[CardPlan]] = field(default_factory=dict)
    metric: str = ""
    ref: str = ""
    next: Sequence[tuple[str, Text]] = ()


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage to be, with its steps from left to right; `phase` is a key of the phase model."""

    name: Text
    steps: Sequence[StepPlan] = ()
    phase: str = ""


@dataclass(frozen=True, slots=True)
class LanePlan:
    """A lane to be; cards name it by its `ref`, which tells lanes of one kind apart."""

    kind: str
    name: Text = ""
    hidden: bool = False
    collapsed: bool = False
    ref: str = ""


@dataclass(frozen=True, slots=True)
class MapPlan:
    """The columns and rows of a map to be; a lane is its kind alone, or a plan."""

    stages: Sequence[StagePlan] = ()
    lanes: Sequence[str | LanePlan] = USUAL_LANES
    cyclic: bool = False
    cycle_name: Text = ""
    phase_model: str = ""

    @property
    def lane_plans(self) -> list[LanePlan]:
        """Return the lanes as plans."""
        return [LanePlan(lane) if isinstance(lane, str) else lane for lane in self.lanes]
