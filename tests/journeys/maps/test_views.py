"""Views: which lanes sales, IT or controlling look at, shared by all who read the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, User, Workspace
from journeys.maps.models import JourneyMap, Lane, MapView
from journeys.maps.services import publish_version, start_draft
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
JSON = "application/json"


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope))


def address(journey: JourneyMap, view: object = "") -> str:
    return f"/app/journeys/{journey.pk}/views/" + (f"{view}/" if view else "")


def keys(journey: JourneyMap, *kinds: str) -> list[str]:
    return [str(lane_of(draft_of(journey), kind).key) for kind in kinds]


def add(client: Client, journey: JourneyMap, name: str, *kinds: str) -> Any:
    body = {"name": name, "lanes": keys(journey, *kinds)}
    return client.post(address(journey), body, content_type=JSON)


def names(client: Client, journey: JourneyMap) -> list[str]:
    return [view["name"] for view in client.get(address(journey)).json()["views"]]


def test_a_view_is_a_choice_of_lanes_under_a_name(editor: Client, journey: JourneyMap) -> None:
    made = add(editor, journey, "Sales", "touchpoints", "actions")
    assert made.status_code == 201
    assert made.json() == {
        "id": str(MapView.objects.get().pk),
        "name": "Sales",
        "lanes": keys(journey, "touchpoints", "actions"),
    }
    assert editor.get(address(journey)).json()["views"] == [made.json()]
    assert AuditEntry.objects.get(object_name="Sales").action == "added"


def test_a_view_still_fits_the_next_version(editor: Client, journey: JourneyMap) -> None:
    made = add(editor, journey, "Sales", "actions").json()
    publish_version(version=draft_of(journey), by=None)
    draft = start_draft(journey=journey)
    assert [lane.kind for lane in Lane.objects.filter(version=draft, key__in=made["lanes"])] == [
        "actions"
    ]
    # Also a lane that only an older version has may be named.
    editor.patch(address(journey, made["id"]), {"name": "Sales 2"}, content_type=JSON)
    assert names(editor, journey) == ["Sales 2"]


def test_views_are_changed_moved_and_deleted(editor: Client, journey: JourneyMap) -> None:
    a, b, c = (add(editor, journey, name, "actions").json()["id"] for name in "ABC")
    changed = editor.patch(
        address(journey, a), {"name": "Z", "lanes": [], "position": 9}, content_type=JSON
    )
    assert changed.json() == {"id": a, "name": "Z", "lanes": []}
    assert names(editor, journey) == ["B", "C", "Z"]
    editor.patch(address(journey, c), {"position": 0}, content_type=JSON)
    assert names(editor, journey) == ["C", "B", "Z"]
    assert editor.delete(address(journey, b)).status_code == 204
    assert list(MapView.objects.order_by("position").values_list("name", "position")) == [
        ("C", 0),
        ("Z", 1),
    ]


def test_a_name_is_taken_once(editor: Client, journey: JourneyMap) -> None:
    add(editor, journey, "Sales")
    it = add(editor, journey, "IT").json()["id"]
    for answer in (
        add(editor, journey, "Sales"),
        editor.patch(address(journey, it), {"name": "Sales"}, content_type=JSON),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "name_taken")
    assert editor.patch(address(journey, it), {"name": "IT"}, content_type=JSON).status_code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"lanes": []}, "invalid"),
        ({"name": " "}, "empty"),
        ({"name": "x" * 41}, "too_long"),
        ({"name": "x", "lanes": "all"}, "invalid"),
        ({"name": "x", "lanes": ["first"]}, "invalid"),
    ],
)
def test_bad_input_is_told_with_a_code(
    editor: Client, journey: JourneyMap, body: dict[str, object], code: str
) -> None:
    answer = editor.post(address(journey), body, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_place_is_a_whole_number(editor: Client, journey: JourneyMap) -> None:
    pk = add(editor, journey, "Sales").json()["id"]
    for position in (-1, 1.5, True, "0", 10**9):
        answer = editor.patch(address(journey, pk), {"position": position}, content_type=JSON)
        assert answer.status_code == 400, position


def test_lanes_and_views_of_others_are_not_found(
    editor: Client, journey: JourneyMap, scope: Workspace, other_workspace: Workspace
) -> None:
    other = make_map(scope, make_touchpoint(scope))
    body = {"name": "x", "lanes": keys(other, "actions")}
    assert editor.post(address(journey), body, content_type=JSON).status_code == 404
    view = MapView.objects.create(map=other, name="Other")
    assert editor.delete(address(journey, view.pk)).status_code == 404
    with workspace_scope(other_workspace.pk):
        theirs = make_map(other_workspace)
    assert editor.get(address(theirs)).status_code == 404


def test_who_reads_may_use_views_and_not_change_them(
    client_for: ClientFor, bob: User, editor: Client, journey: JourneyMap
) -> None:
    pk = add(editor, journey, "Sales").json()["id"]
    viewer = client_for(bob)
    assert names(viewer, journey) == ["Sales"]
    assert add(viewer, journey, "Mine").status_code == 403
    assert viewer.patch(address(journey, pk), {"name": "x"}, content_type=JSON).status_code == 403
    assert viewer.delete(address(journey, pk)).status_code == 403


def test_the_list_costs_the_same_for_any_number(editor: Client, journey: JourneyMap) -> None:
    add(editor, journey, "First")
    editor.get(address(journey))
    with CaptureQueriesContext(connection) as few:
        editor.get(address(journey))
    for number in range(10):
        add(editor, journey, f"View {number}")
    with CaptureQueriesContext(connection) as many:
        editor.get(address(journey))
    assert len(many) == len(few)
