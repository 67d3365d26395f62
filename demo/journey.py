"""The demo's journey map: what the shop believes happens, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from demo import story
from demo.words import COMMENTS
from journeys.maps.plans import CardPlan, LanePlan, MapPlan, StagePlan, StepPlan

MAP_NAME = "Buying good coffee"


@dataclass(frozen=True, slots=True)
class _Step:
    """A step; `other` is how Omar feels where Hanna feels `feeling`, None where he is not."""

    name: str
    places: tuple[str, ...]
    action: str
    thought: str
    feeling: float
    need: str
    met: str
    pain: str
    severity: int
    idea: str
    status: str
    behind: str
    department: str
    other: float | None
    question: str
    system: str


_STAGES: tuple[tuple[str, str, tuple[_Step, ...]], ...] = (
    (
        "Awareness",
        "awareness",
        (
            _Step(
                "Notices us",
                (story.SOCIAL, story.WINDOW),
                "Sees a film in the feed, or passes the window",
                "That smells better than mine.",
                0.5,
                "Be inspired",
                "partly",
                "The ad shows machines only",
                1,
                "Show the taste, not the machine",
                "idea",
                "Campaign planning",
                "Marketing",
                -0.2,
                "Who is behind the shop?",
                "Ad manager",
            ),
        ),
    ),
    (
        "Consideration",
        "consideration",
        (
            _Step(
                "Reads and compares",
                (story.PRODUCTS, story.NEWSLETTER),
                "Compares beans and grinders on the phone",
                "Which one fits my machine?",
                0.4,
                "Honest facts",
                "met",
                "Two grinders cannot be seen side by side",
                2,
                "A table to compare",
                "planned",
                "Product texts, search",
                "Product",
                0.1,
                "Is there a trade price?",
                "Shop, product data",
            ),
            _Step(
                "Tastes in the store",
                (story.ADVICE,),
                "Tries three roasts with a colleague",
                "So that is what sour means.",
                1.5,
                "Feel certain",
                "met",
                "Waiting on Saturdays",
                1,
                "Book a tasting online",
                "done",
                "Rota, sample stock",
                "Stores",
                None,
                "May I bring my own beans?",
                "Booking calendar",
            ),
        ),
    ),
    (
        "Purchase",
        "purchase",
        (
            _Step(
                "Orders or pays",
                (story.CHECKOUT, story.TILL),
                "Fills the cart, or takes it along",
                "Shipping costs extra?",
                0.6,
                "Know the full price",
                "partly",
                "Shipping costs appear last",
                2,
                "Total from the first step",
                "in_progress",
                "Shop system, payments",
                "Product",
                0.9,
                "Can I pay by invoice?",
                "Shop, payments, till",
            ),
        ),
    ),
    (
        "Delivery",
        "delivery",
        (
            _Step(
                "Waits for the parcel",
                (story.PARCEL, story.TRACKING),
                "Looks at the tracking, stays at home",
                "Where is it? Nobody knows.",
                0.9,
                "Know the day",
                "unmet",
                "Parcels come days late",
                3,
                "Show a live delivery date",
                "idea",
                "Carrier Rapido, warehouse",
                "Logistics",
                0.2,
                "On which day does it come?",
                "Carrier API, warehouse",
            ),
        ),
    ),
    (
        "Use",
        "use",
        (
            _Step(
                "Brews the first cup",
                (story.GUIDE,),
                "Watches the film, sets the grind",
                "It worked!",
                1.2,
                "Succeed at once",
                "met",
                "The film is too quick",
                1,
                "Chapters in the film",
                "planned",
                "Film, packing list",
                "Product",
                0.6,
                "How fine do I grind?",
                "Film platform",
            ),
        ),
    ),
    (
        "Service",
        "use",
        (
            _Step(
                "Asks for help",
                (story.HOTLINE,),
                "Calls because the machine hums",
                "Please not a queue.",
                0.2,
                "Be helped at once",
                "partly",
                "Agents cannot see the parcel",
                2,
                "Parcel status on the agent's screen",
                "idea",
                "Telephone, order system",
                "Service",
                -0.4,
                "Do they know my order?",
                "Telephone, order system",
            ),
            _Step(
                "Has it repaired",
                (story.REPAIR,),
                "Brings the machine to the store",
                "Same face as last time.",
                0.8,
                "Keep the machine",
                "met",
                "The price is not known before",
                2,
                "A price list on the desk",
                "planned",
                "Workshop, spare parts",
                "Stores",
                0.5,
                "What will it cost?",
                "Workshop planner",
            ),
        ),
    ),
)


LANES: Final = (
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
    LanePlan("systems", hidden=True),
    LanePlan("questions", hidden=True),
    "responsible",
)

# What each department wants to see.
VIEWS: Final = {
    "Sales": ("touchpoints", "thoughts", "feelings", "scores", "opportunities"),
    "Product": ("actions", "touchpoints", "feelings", "needs", "pain_points", "opportunities"),
    "IT": ("touchpoints", "scores", "pain_points", "backstage", "systems", "responsible"),
    "Service": ("touchpoints", "questions", "quotes", "feelings", "scores", "pain_points"),
}


def plan(
    touchpoints: Mapping[str, UUID], personas: Sequence[UUID], said: Mapping[str, UUID]
) -> MapPlan:
    """Return the map.

    Args:
        touchpoints: their ids by key.
        personas: Hanna and Omar.
        said: ids of customers' answers by touchpoint and text, for the lane of quotes.
    """
    return MapPlan(
        stages=[
            StagePlan(name, [_step(step, touchpoints, personas, said) for step in steps], phase)
            for name, phase, steps in _STAGES
        ],
        lanes=LANES,
        cyclic=True,
        cycle_name="repeats with every bag of beans",
    )


def quotes() -> list[tuple[str, str]]:
    """Return one thing that customers say at each step, with its touchpoint's key."""
    return [found for _, _, steps in _STAGES for step in steps for found in _quote(step)]


def _step(
    step: _Step,
    touchpoints: Mapping[str, UUID],
    personas: Sequence[UUID],
    said: Mapping[str, UUID],
) -> StepPlan:
    hanna, omar = personas
    feelings = [CardPlan(valence=step.feeling, persona=hanna)]
    if step.other is not None:
        feelings.append(CardPlan(valence=step.other, persona=omar))
    return StepPlan(
        step.name,
        {
            "actions": [CardPlan(step.action)],
            "touchpoints": [CardPlan(touchpoint=touchpoints[key]) for key in step.places],
            "thoughts": [CardPlan(step.thought)],
            "quotes": [
                CardPlan(response_id=said[text]) if text in said else CardPlan(text)
                for _, text in _quote(step)
            ],
            "feelings": feelings,
            "needs": [CardPlan(step.need, status=step.met)],
            "pain_points": [CardPlan(step.pain, severity=step.severity)],
            "opportunities": [CardPlan(step.idea, status=step.status)],
            "backstage": [CardPlan(step.behind)],
            "systems": [CardPlan(step.system)],
            "questions": [CardPlan(step.question, status="open")],
            "responsible": [CardPlan(step.department)],
        },
    )


def _quote(step: _Step) -> list[tuple[str, str]]:
    mood = "bad" if step.met == "unmet" else "good"
    return [(key, COMMENTS[key][mood][0]) for key in step.places if key in COMMENTS][:1]
