"""A map as a small company would have it: eight steps, one of them off target."""

from __future__ import annotations

from cxm.workspaces.models import Workspace
from journeys.maps.models import JourneyMap
from journeys.maps.plans import CardPlan, MapPlan, StagePlan, StepPlan
from journeys.maps.services import create_map
from tests.journeys.make import make_persona, make_touchpoint
from tests.journeys.measures import mark_scored, measure_nps, measure_success
from touchpoints.catalogue.models import Touchpoint

STEPS = (
    ("Awareness", "Notices lamps", "Window & reels", "video", "Marketing", 0.6),
    ("Interest", "Reads reviews", "Review pages", "web", "Marketing", 0.9),
    ("Choice", "Visits the store", "Store advice", "shop", "Stores", 1.4),
    ("Choice", "Compares online", "Product finder", "web", "Product", 0.8),
    ("Purchase", "Places the order", "Checkout", "cart", "Sales", 1.0),
    ("Purchase", "Delivery", "Parcel carrier", "truck", "Logistics", 0.7),
    ("Use & loyalty", "First evening", "Set-up app", "app", "Service", 1.5),
    ("Use & loyalty", "Service", "Help desk", "wrench", "Service", 1.2),
)
ACTIONS = (
    "Sees a lamp at a friend's home",
    "Compares three brands",
    "Asks for advice, touches them",
    "Filters by size and price",
    "Pays by card, gets a mail",
    "Waits, tracks, calls us",
    "Mounts it, pairs the app",
    "Asks for a spare bulb",
)
THOUGHTS = (
    "Would that fit us?",
    "Who do I trust?",
    "That light is warm!",
    "Which one is dimmable?",
    "Did that work?",
    "Where is my lamp?",
    "Why does it not pair?",
    "Same person as last time?",
)


def make_story(workspace: Workspace) -> JourneyMap:
    """Make the map with its touchpoints and measurements, inside the workspace's scope."""
    places = [
        make_touchpoint(
            workspace,
            name,
            icon=icon,
            department=department,
            key=name.lower().replace(" ", "-").replace("&", "and"),
            event_names=["order.shipped", "parcel.delivered"] if icon == "truck" else [],
            moment_of_truth=icon in {"truck", "shop"},
        )
        for _stage, _step, name, icon, department, _feeling in STEPS
    ]
    clara = make_persona(workspace, name="Commuter Clara", role="Nurse, 34")
    journey = create_map(
        workspace=workspace,
        name="Buying a lamp",
        personas=[clara, make_persona(workspace, name="Family Farid", color="berry")],
        plan=_plan(places),
    )
    _measure(workspace, places)
    mark_scored(workspace)
    return journey


def _plan(places: list[Touchpoint]) -> MapPlan:
    stages: list[StagePlan] = []
    for number, (stage, name, _place, _icon, department, feeling) in enumerate(STEPS):
        step = StepPlan(
            name,
            {
                "actions": [CardPlan(ACTIONS[number])],
                "touchpoints": [CardPlan(touchpoint=places[number].pk)],
                "thoughts": [CardPlan(THOUGHTS[number])],
                "feelings": [CardPlan(valence=feeling)],
                "needs": [CardPlan("Know the day", status=("met", "partly", "unmet")[number % 3])],
                "pain_points": [CardPlan("Nobody says when it comes", severity=number % 3 + 1)]
                if number in {1, 3, 5, 6}
                else [],
                "opportunities": [CardPlan("Show a live date", status="planned")]
                if number in {0, 2, 5}
                else [],
                "backstage": [CardPlan("Order system, two carriers")],
                "responsible": [CardPlan(department)],
            },
        )
        if stages and stages[-1].name == stage:
            before = stages.pop()
            stages.append(StagePlan(stage, [*before.steps, step]))
        else:
            stages.append(StagePlan(stage, [step]))
    return MapPlan(stages=stages, cyclic=True, cycle_name="repeats yearly")


def _measure(workspace: Workspace, places: list[Touchpoint]) -> None:
    measure_nps(workspace, places[0], (5, 4, 3), target=30)
    measure_nps(
        workspace,
        places[1],
        (240, 100, 48),
        target=40,
        before=(220, 110, 60),
        trend=[(38, 20, 10), (40, 18, 9), (40, 18, 8), (41, 16, 7), (41, 15, 7), (40, 13, 7)],
    )
    measure_nps(workspace, places[2], (160, 40, 14), target=50, before=(150, 50, 20))
    measure_nps(workspace, places[3], (220, 190, 200), target=7.5)
    measure_nps(workspace, places[4], (170, 90, 45), target=30)
    measure_nps(
        workspace,
        places[5],
        (35, 46, 61),
        target=20,
        before=(60, 50, 45),
        trend=[(12, 8, 4), (10, 9, 5), (9, 9, 6), (1, 7, 12), (2, 7, 16), (1, 6, 18)],
    )
    measure_nps(workspace, places[6], (50, 30, 17), target=30)
    measure_nps(workspace, places[7], (15, 10, 6), target=35)
    successes = ((300, 600), (390, 600), (420, 520), (260, 611), (500, 700), (90, 350), (240, 310))
    for place, (good, n) in zip(places, successes, strict=False):
        measure_success(workspace, place, good, n)
