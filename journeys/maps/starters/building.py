"""How templates are written down: what happens at one step, in the words of the lanes."""

from __future__ import annotations

from dataclasses import dataclass

from journeys.maps.plans import CardPlan, LanePlan, MapPlan, StepPlan, Text

LANES: tuple[str, ...] = (
    "actions",
    "touchpoints",
    "thoughts",
    "questions",
    "feelings",
    "scores",
    "quotes",
    "needs",
    "pain_points",
    "moments",
    "opportunities",
    "line_visibility",
    "backstage",
    "systems",
    "responsible",
)


@dataclass(frozen=True, slots=True)
class Starter:
    """A template with the words under which it is offered; `example` is what its map is called."""

    key: str
    title: Text
    description: Text
    example: Text
    plan: MapPlan

    @property
    def steps(self) -> int:
        """Return how many steps it brings."""
        return sum(len(stage.steps) for stage in self.plan.stages)


def step(
    name: Text,
    *,
    does: Text,
    thinks: Text,
    feels: float,
    need: tuple[str, Text],
    behind: Text,
    systems: Text,
    department: Text,
    asks: Text = "",
    pain: tuple[int, Text] | None = None,
    idea: Text = "",
    moment: Text = "",
    more: dict[str, CardPlan] | None = None,
) -> StepPlan:
    """Return a step with its cards: a need with how far it is met, a pain with its severity.

    `more` are cards of lanes that only this kind of business has.
    """
    cards = {
        "actions": [CardPlan(does)],
        "thoughts": [CardPlan(thinks)],
        "feelings": [CardPlan(valence=feels)],
        "needs": [CardPlan(need[1], status=need[0])],
        "backstage": [CardPlan(behind)],
        "systems": [CardPlan(systems)],
        "responsible": [CardPlan(department)],
    }
    if asks:
        cards["questions"] = [CardPlan(asks, status="open")]
    if pain is not None:
        cards["pain_points"] = [CardPlan(pain[1], severity=pain[0])]
    if idea:
        cards["opportunities"] = [CardPlan(idea, status="idea")]
    if moment:
        cards["moments"] = [CardPlan(moment)]
    for lane, card in (more or {}).items():
        cards[lane] = [card]
    return StepPlan(name, cards)


def lanes_with(*added: tuple[str, str]) -> tuple[str | LanePlan, ...]:
    """Return the lanes of templates, with further kinds each below another: (kind, below)."""
    found = list(LANES)
    for kind, below in added:
        found.insert(found.index(below) + 1, kind)
    return tuple(found)
