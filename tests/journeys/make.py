"""Makers of personas, touchpoints and maps; call them inside the workspace's scope."""

from __future__ import annotations

from itertools import count
from typing import Any

from cxm.workspaces.models import Workspace
from journeys.maps.models import Card, JourneyMap, Lane, Step, Version
from journeys.maps.plans import CardPlan, MapPlan, StagePlan, StepPlan
from journeys.maps.services import create_map
from journeys.personas.models import Persona
from touchpoints.catalogue.models import Channel, Touchpoint

_numbers = count(1)


def make_persona(workspace: Workspace, **overrides: Any) -> Persona:
    """Make a persona."""
    return Persona.objects.create(
        workspace=workspace, **{"name": f"Commuter Clara {next(_numbers)}", **overrides}
    )


def make_touchpoint(workspace: Workspace, name: str = "Delivery", **overrides: Any) -> Touchpoint:
    """Make a touchpoint in a channel called Web."""
    channel, _made = Channel.objects.get_or_create(
        workspace=workspace, key="web", defaults={"name": "Web", "icon": "web"}
    )
    fields = {"key": f"touchpoint-{next(_numbers)}", "channel": channel, **overrides}
    return Touchpoint.objects.create(workspace=workspace, name=name, **fields)


def make_plan(*touchpoints: Touchpoint) -> MapPlan:
    """Return a plan with one stage for each touchpoint, one step in each."""
    return MapPlan(
        stages=[
            StagePlan(
                name=f"Stage {number}",
                steps=[
                    StepPlan(
                        name=f"Step {number}",
                        cards={
                            "actions": [CardPlan(text=f"Does {number}")],
                            "touchpoints": [CardPlan(touchpoint=touchpoint.pk)],
                            "feelings": [CardPlan(valence=0.5)],
                            "needs": [CardPlan(text="Know the day", status="unmet")],
                            "opportunities": [CardPlan(text="Show it", status="planned")],
                            "pain_points": [CardPlan(text="Nobody knows", severity=2)],
                        },
                    )
                ],
            )
            for number, touchpoint in enumerate(touchpoints, start=1)
        ]
    )


def make_map(workspace: Workspace, *touchpoints: Touchpoint, **overrides: Any) -> JourneyMap:
    """Make a map with a draft; each touchpoint has a stage and a step of its own."""
    fields = {"name": f"Buying {next(_numbers)}", "plan": make_plan(*touchpoints), **overrides}
    return create_map(workspace=workspace, **fields)


def draft_of(journey: JourneyMap) -> Version:
    """Return the draft of a map."""
    return Version.objects.drafts().get(map=journey)


def steps_of(version: Version) -> list[Step]:
    """Return the steps from left to right."""
    return list(Step.objects.filter(stage__version=version).in_order())


def lane_of(version: Version, kind: str) -> Lane:
    """Return the lane of that kind."""
    return Lane.objects.get(version=version, kind=kind)


def texts_of(lane: Lane) -> list[tuple[str, int, str]]:
    """Return (step, position, text) of the lane's cards from left to right."""
    return [
        (card.step.name, card.position, card.text)
        for card in Card.objects.filter(lane=lane)
        .select_related("step__stage")
        .order_by("step__stage__position", "step__position", "position")
    ]
