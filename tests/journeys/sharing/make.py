"""Makers of share links; call them inside the workspace's scope."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cxm.common.clock import now
from journeys.maps.models import JourneyMap, Lane
from journeys.sharing.services import Made, create_link
from tests.journeys.make import draft_of


def lanes_named(journey: JourneyMap, *kinds: str) -> list[Any]:
    """Return the keys of the lanes of these kinds in the draft, of all without any."""
    lanes = Lane.objects.filter(version=draft_of(journey)).order_by("position")
    return [lane.key for lane in lanes if not kinds or lane.kind in kinds]


def make_link(journey: JourneyMap, *kinds: str, **overrides: Any) -> Made:
    """Make a link to the draft that shows the lanes of these kinds, all without any."""
    fields = {
        "name": "Agency",
        "lanes": lanes_named(journey, *kinds),
        "version": draft_of(journey),
        "expires_at": now() + timedelta(days=30),
        **overrides,
    }
    return create_link(journey=journey, **fields)
