"""What maps say of a touchpoint on its own page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from journeys.maps.drawn import drawn_at
from journeys.maps.services import publish_version, start_draft
from tests.journeys.make import draft_of, make_map, make_touchpoint

pytestmark = pytest.mark.django_db


def test_a_touchpoint_knows_its_steps_and_what_hurts_there(
    scope: Workspace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    place = make_touchpoint(scope)
    journey = make_map(scope, place, name="Buying a lamp")
    make_map(scope, make_touchpoint(scope, "Till"))

    with django_assert_num_queries(2):
        found = drawn_at(scope, place.pk)

    assert [(one.journey, one.step) for one in found.places] == [("Buying a lamp", "Step 1")]
    assert found.places[0].url.startswith(journey.get_absolute_url())
    assert [(pain.title, pain.severity, pain.word) for pain in found.pains] == [
        ("Nobody knows", 2, "Major")
    ]


def test_a_map_counts_once_by_what_is_published(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    journey = make_map(scope, place)
    published = publish_version(version=draft_of(journey), by=None)
    start_draft(journey=journey)

    (found,) = drawn_at(scope, place.pk).places

    step = published.stages.get().steps.get()
    assert found.url.endswith(f"?step={step.pk}")


def test_the_touchpoints_page_leads_to_the_map(
    workspace: Workspace, bob: User, client_for: Callable[..., Client]
) -> None:
    with workspace_scope(workspace.pk):
        place = make_touchpoint(workspace)
        make_map(workspace, place, name="Buying a lamp")

    reader = client_for(bob)
    part = reverse("touchpoint_around", args=[place.pk])
    assert part in reader.get(place.get_absolute_url()).content.decode()
    page = reader.get(part).content.decode()

    assert "Nobody knows" in page
    assert "Buying a lamp · Step 1" in page
