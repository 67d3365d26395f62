"""The demo's journey map: what the shop believes happens, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from demo import story
from demo.words import COMMENTS
from journeys.maps.plans import USUAL_LANES, CardPlan, MapPlan, StagePlan, StepPlan

MAP_NAME = "Buying good coffee"


@dataclass(frozen=True, slots=True)
class _Step:
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
            ),
        ),
    ),
)


def plan(touchpoints: Mapping[str, UUID]) -> MapPlan:
    """Return the map with its touchpoints by id."""
    return MapPlan(
        stages=[
            StagePlan(name, [_step(step, touchpoints) for step in steps], phase=phase)
            for name, phase, steps in _STAGES
        ],
        lanes=USUAL_LANES,
        cyclic=True,
        cycle_name="repeats with every bag of beans",
    )


def _step(step: _Step, touchpoints: Mapping[str, UUID]) -> StepPlan:
    return StepPlan(
        step.name,
        {
            "actions": [CardPlan(step.action)],
            "touchpoints": [CardPlan(touchpoint=touchpoints[key]) for key in step.places],
            "thoughts": [CardPlan(step.thought)],
            "quotes": [CardPlan(quote) for quote in _quotes(step)],
            "feelings": [CardPlan(valence=step.feeling)],
            "needs": [CardPlan(step.need, status=step.met)],
            "pain_points": [CardPlan(step.pain, severity=step.severity)],
            "opportunities": [CardPlan(step.idea, status=step.status)],
            "backstage": [CardPlan(step.behind)],
            "responsible": [CardPlan(step.department)],
        },
    )


def _quotes(step: _Step) -> list[str]:
    """Return one thing that customers say at the first touchpoint of a step, if they say any."""
    mood = "bad" if step.met == "unmet" else "good"
    return [COMMENTS[key][mood][0] for key in step.places if key in COMMENTS][:1]
