"""The document from which the editor draws a map."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxm.workspaces.models import Membership, User, Workspace
from journeys.maps.document import load_document
from journeys.maps.lanes import LANE_KINDS
from journeys.maps.models import MapView, Version
from tests.journeys.make import draft_of, lane_of, make_map, make_persona, make_touchpoint, steps_of
from tests.journeys.maps import ops
from tests.journeys.story import make_story

pytestmark = pytest.mark.django_db

MAY = {"edit": True, "comment": True, "share": True, "publish": True}


@pytest.fixture
def member(alice: User, scope: Workspace) -> Membership:
    return Membership.objects.select_related("user").get(user=alice)


def load(version: Version, member: Membership) -> Any:
    """Return the document as the browser reads it."""
    return json.loads(json.dumps(load_document(version, member=member, may=MAY)))


def test_the_document_has_everything_in_its_order(scope: Workspace, member: Membership) -> None:
    draft = draft_of(make_story(scope))
    found = load(draft, member)
    assert [stage["name"] for stage in found["stages"]] == [
        "Awareness",
        "Interest",
        "Choice",
        "Purchase",
        "Use & loyalty",
    ]
    assert [step["name"] for step in found["steps"]][-2:] == ["First evening", "Service"]
    assert found["steps"][2]["stage"] == found["stages"][2]["id"]
    assert [lane["kind"] for lane in found["lanes"]][:2] == ["actions", "touchpoints"]
    assert {kind["key"] for kind in found["kinds"]} == set(LANE_KINDS)
    assert [persona["name"] for persona in found["personas"]] == ["Commuter Clara", "Family Farid"]
    assert (found["map"]["name"], found["map"]["cyclic"]) == ("Buying a lamp", True)
    assert found["version"]["status"] == "draft"
    assert found["me"] == {"id": str(member.pk), "name": "Alice Ahl", "initials": "AA"}
    assert [person["id"] for person in found["people"]] == [str(member.pk)]
    assert "nps" in [metric["key"] for metric in found["metrics"]]
    assert found["urls"]["sync"] == f"/app/journeys/{draft.map_id}/sync/"
    assert all(isinstance(url, str) and url for url in found["urls"].values())


def test_a_card_has_the_fields_that_are_set(scope: Workspace, member: Membership) -> None:
    place, persona = make_touchpoint(scope, moment_of_truth=True), make_persona(scope)
    draft = draft_of(make_map(scope, place))
    step, feelings = steps_of(draft)[0], lane_of(draft, "feelings")
    feeling = ops.card(feelings.pk, step.pk, valence=-1.5, persona=str(persona.pk))
    ops.done(draft, ops.insert(feeling))
    found = load(draft, member)
    by_lane: dict[str, list[Any]] = {}
    for card in found["cards"]:
        by_lane.setdefault(card["lane"], []).append(card)
    (action,) = by_lane[str(lane_of(draft, "actions").pk)]
    assert set(action) == {"id", "key", "lane", "step", "text"}
    assert [card["valence"] for card in by_lane[str(feelings.pk)]] == [0.5, -1.5]
    assert by_lane[str(feelings.pk)][1]["persona"] in [p["id"] for p in found["personas"]]
    (pain,) = by_lane[str(lane_of(draft, "pain_points").pk)]
    assert pain["severity"] == 2
    (idea,) = by_lane[str(lane_of(draft, "opportunities").pk)]
    assert found["opportunities"][idea["opportunity"]] == {
        "impact": None,
        "effort": None,
        "owner": None,
    }
    shown = found["touchpoints"][str(place.pk)]
    assert (shown["name"], shown["channel"]["name"], shown["moment"]) == ("Delivery", "Web", True)


def test_nobody_edits_what_is_published(scope: Workspace, member: Membership) -> None:
    draft = draft_of(make_map(scope, make_touchpoint(scope)))
    assert load(draft, member)["may"]["edit"] is True
    draft.status = Version.Status.PUBLISHED
    assert load(draft, member)["may"] == {**MAY, "edit": False}


def test_the_document_takes_the_same_queries_for_any_size(
    scope: Workspace, member: Membership
) -> None:
    small = draft_of(make_map(scope, make_touchpoint(scope)))
    large = draft_of(make_story(scope))
    MapView.objects.create(map=large.map, name="Sales", lanes=[lane_of(large, "actions").key])
    step = steps_of(large)[0]
    rows = [ops.card(lane_of(large, "actions").pk, step.pk, f"Card {n}") for n in range(300)]
    ops.done(large, ops.insert(*rows))
    counts = []
    for version in (small, large):
        loaded = Version.objects.select_related("map__counterpart").get(pk=version.pk)
        with CaptureQueriesContext(connection) as queries:
            load(loaded, member)
        counts.append(len(queries))
    assert counts[0] == counts[1] == 11
