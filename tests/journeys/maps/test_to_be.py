"""The journey as it shall be begins as a copy of the one of today, and stays beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.api.errors import DomainError
from cxm.workspaces.models import User, Workspace
from journeys.maps.counterparts import as_is_texts
from journeys.maps.models import Card, Comment, JourneyMap, MapView
from journeys.maps.restoring import duplicate_map, free_name, to_be_of
from journeys.maps.services import publish_version, start_draft
from tests.journeys.make import (
    draft_of,
    lane_of,
    make_map,
    make_persona,
    make_touchpoint,
    steps_of,
)

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(
        scope,
        make_touchpoint(scope),
        make_touchpoint(scope, "Store"),
        name="Buying",
        personas=[make_persona(scope), make_persona(scope)],
    )


def test_both_maps_name_each_other_and_share_keys(journey: JourneyMap) -> None:
    draft = draft_of(journey)
    to_be = to_be_of(version=draft)
    journey.refresh_from_db()
    assert (to_be.kind, to_be.name, to_be.is_main) == ("to_be", "Buying", False)
    assert (journey.counterpart, to_be.counterpart) == (to_be, journey)
    copy = draft_of(to_be)
    assert [s.key for s in steps_of(copy)] == [s.key for s in steps_of(draft)]
    assert [p.persona_id for p in to_be.places.all()] == [
        p.persona_id for p in journey.places.all()
    ]


def test_it_is_made_once(journey: JourneyMap) -> None:
    assert to_be_of(version=draft_of(journey)) == to_be_of(version=draft_of(journey))


def test_a_to_be_journey_of_that_name_that_belongs_to_nobody_is_found(
    journey: JourneyMap, scope: Workspace
) -> None:
    lonely = make_map(scope, name="Buying", kind="to_be")
    assert to_be_of(version=draft_of(journey)) == lonely
    lonely.refresh_from_db()
    assert lonely.counterpart == journey


def test_one_that_belongs_to_another_journey_is_left_alone(
    journey: JourneyMap, scope: Workspace
) -> None:
    theirs = to_be_of(version=draft_of(journey))
    JourneyMap.objects.filter(pk=journey.pk).update(name="Buying a lamp")
    other = make_map(scope, make_touchpoint(scope), name="Buying")
    made = to_be_of(version=draft_of(other))
    assert made != theirs
    assert made.name == "Buying 2"


def test_of_a_to_be_journey_there_is_none(journey: JourneyMap) -> None:
    to_be = to_be_of(version=draft_of(journey))
    with pytest.raises(DomainError) as refused:
        to_be_of(version=draft_of(to_be))
    assert refused.value.code == "is_to_be"


def test_what_hurts_tomorrow_is_written_without_touching_today(journey: JourneyMap) -> None:
    to_be = to_be_of(version=draft_of(journey))
    today = Card.objects.filter(lane=lane_of(draft_of(journey), "pain_points"))
    tomorrow = Card.objects.filter(lane=lane_of(draft_of(to_be), "pain_points"))
    assert not set(today.values_list("pain_point")) & set(tomorrow.values_list("pain_point"))
    ideas = [
        set(
            Card.objects.filter(lane=lane_of(draft_of(m), "opportunities")).values_list(
                "opportunity"
            )
        )
        for m in (journey, to_be)
    ]
    assert ideas[0] == ideas[1]


def test_the_text_of_today_is_found_by_key_in_one_query(journey: JourneyMap) -> None:
    to_be = to_be_of(version=draft_of(journey))
    copy = draft_of(to_be)
    Card.objects.filter(lane__version=copy, text="Does 1").update(text="Does it at once")
    card = Card.objects.get(lane__version=copy, text="Does it at once")
    copy.map  # noqa: B018 - fetched beforehand
    with CaptureQueriesContext(connection) as queries:
        texts = as_is_texts(copy)
    assert len(queries) == 1
    assert texts[str(card.key)] == "Does 1"
    assert as_is_texts(draft_of(journey)) == {}


def test_the_published_text_of_today_counts_not_the_draft(journey: JourneyMap) -> None:
    live = publish_version(version=draft_of(journey), by=None)
    copy = draft_of(to_be_of(version=live))
    draft = start_draft(journey=journey)
    Card.objects.filter(lane__version=draft, text="Does 1").update(text="Half-baked")
    assert "Does 1" in as_is_texts(copy).values()
    assert "Half-baked" not in as_is_texts(copy).values()


def test_the_editor_asks_for_it(client_for: ClientFor, alice: User, journey: JourneyMap) -> None:
    client = client_for(alice)
    address = f"/app/journeys/{journey.pk}/versions/"
    made = client.post(address, {"to_be": True}, content_type="application/json")
    assert made.status_code == 201
    to_be = JourneyMap.objects.get(kind="to_be")
    assert made.json() == {"id": str(to_be.pk), "url": to_be.get_absolute_url()}
    again = client.post(address, {"to_be": True}, content_type="application/json")
    assert again.json() == made.json()
    wrong = client.post(
        f"/app/journeys/{to_be.pk}/versions/", {"to_be": True}, content_type="application/json"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "is_to_be")


def test_a_map_begins_as_a_copy_of_another_one(journey: JourneyMap) -> None:
    draft = draft_of(journey)
    lane = lane_of(draft, "actions")
    MapView.objects.create(map=journey, name="Sales", lanes=[lane.key])
    Comment.objects.create(map=journey, text="Only here")
    made = duplicate_map(source=draft, name="Renting")
    copy = draft_of(made)
    assert (made.name, made.kind, made.is_main, made.counterpart) == (
        "Renting",
        "as_is",
        False,
        None,
    )
    assert copy.made_from == draft
    assert Card.objects.of_version(copy).count() == Card.objects.of_version(draft).count() == 12
    assert [v.lanes for v in made.views.all()] == [[lane.key]]
    assert not made.comments.exists()


def test_a_copy_costs_the_same_for_any_size(scope: Workspace) -> None:
    small = make_map(scope, make_touchpoint(scope))
    large = make_map(scope, *(make_touchpoint(scope) for _n in range(8)))
    counts = []
    for model in (small, large):
        draft = draft_of(model)
        with CaptureQueriesContext(connection) as queries:
            duplicate_map(source=draft, name=f"Copy of {model.name}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 22


def test_a_name_is_taken_once(journey: JourneyMap) -> None:
    with pytest.raises(DomainError) as refused:
        duplicate_map(source=draft_of(journey), name="Buying")
    assert refused.value.code == "name_taken"
    assert free_name(journey.workspace_id, "Buying", "as_is") == "Buying 2"
    assert free_name(journey.workspace_id, "Buying", "to_be") == "Buying"
    JourneyMap.objects.filter(pk=journey.pk).update(name="x" * 120)
    assert free_name(journey.workspace_id, "x" * 120, "as_is") == "x" * 118 + " 2"
