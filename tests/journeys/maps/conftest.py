"""Whoever edits, and what she edits where a test makes no map of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cxm.workspaces.models import User, Workspace
from journeys.maps.models import JourneyMap, Opportunity, PainPoint
from tests.journeys.make import make_map, make_touchpoint


@pytest.fixture
def editor(client_for: Callable[[User], Client], alice: User) -> Client:
    return client_for(alice)


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    """A map whose two steps share one pain point and one opportunity."""
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"), name="Buying")


@pytest.fixture
def pain(journey: JourneyMap) -> PainPoint:
    return PainPoint.objects.get(title="Nobody knows")


@pytest.fixture
def idea(journey: JourneyMap) -> Opportunity:
    return Opportunity.objects.get(title="Show it")
