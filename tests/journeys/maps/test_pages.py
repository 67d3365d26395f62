"""The forms with which a map is changed: with and without scripts, for editors only."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, User, Workspace
from journeys.maps.models import Card, JourneyMap, Stage, Step, Version
from journeys.maps.services import publish_version
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint, steps_of, texts_of

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"))


@pytest.fixture
def editor(client_for: ClientFor, alice: User) -> Client:
    return client_for(alice)


def test_a_journey_is_made_from_the_template(editor: Client, scope: Workspace) -> None:
    page = editor.get("/app/journeys/new/")
    assert "Start with what the customer does first." in page.content.decode()
    answer = editor.post(
        "/app/journeys/new/", {"name": "Buying", "kind": "as_is", "template": "e-commerce"}
    )
    journey = JourneyMap.objects.get(name="Buying")
    assert answer.headers["Location"] == journey.get_absolute_url()
    assert journey.is_main
    draft = draft_of(journey)
    assert draft.stages.count() == 6
    assert len(steps_of(draft)) == 8
    assert Card.objects.filter(lane__version=draft).count() > 50
    shown = editor.get(journey.get_absolute_url()).content.decode()
    assert "Waits for the parcel" in shown
    assert "The delivery day is a guess" in shown
    assert shown.count("Nothing here yet.") == 1


def test_a_name_is_taken_once(editor: Client, journey: JourneyMap) -> None:
    answer = editor.post(
        "/app/journeys/new/", {"name": journey.name, "kind": "as_is", "template": "blank"}
    )
    assert "There is a journey of this name already." in answer.content.decode()


def test_a_blank_map_begins_with_its_first_step(editor: Client, scope: Workspace) -> None:
    journey = make_map(scope)
    assert (
        "Start with what the customer does first."
        in editor.get(journey.get_absolute_url()).content.decode()
    )
    editor.post(f"/app/journeys/{journey.pk}/steps/new/", {"name": "Notices us", "metric": ""})
    (step,) = steps_of(draft_of(journey))
    assert (step.name, step.position) == ("Notices us", 0)


def test_a_stage_comes_with_its_first_step(editor: Client, journey: JourneyMap) -> None:
    editor.post(
        f"/app/journeys/{journey.pk}/stages/new/",
        {"name": "Loyalty", "phase": "loyalty", "first_step": "Comes back"},
    )
    stage = Stage.objects.get(name="Loyalty")
    assert (stage.position, stage.phase) == (2, "loyalty")
    assert stage.steps.get().name == "Comes back"


def test_with_htmx_a_form_comes_alone_and_a_change_tells_the_page(
    editor: Client, journey: JourneyMap
) -> None:
    draft = draft_of(journey)
    address = (
        f"/app/journeys/lanes/{lane_of(draft, 'actions').pk}/steps/{steps_of(draft)[0].pk}/new/"
    )
    form = editor.get(address, headers=HTMX).content.decode()
    assert "<html" not in form
    assert 'hx-post="' in form
    answer = editor.post(address, {"text": "Looks twice"}, headers=HTMX)
    assert answer.status_code == 204
    assert "map-changed" in json.loads(answer.headers["HX-Trigger"])
    assert texts_of(lane_of(draft, "actions"))[1] == ("Step 1", 1, "Looks twice")


def test_without_scripts_the_form_is_a_page_that_leads_back(
    editor: Client, journey: JourneyMap
) -> None:
    card = Card.objects.filter(lane=lane_of(draft_of(journey), "actions")).order_by("pk")[0]
    assert "<h1>" in editor.get(f"/app/journeys/cards/{card.pk}/").content.decode()
    answer = editor.post(f"/app/journeys/cards/{card.pk}/", {"text": "Waits", "do": "save"})
    assert answer.headers["Location"] == journey.get_absolute_url()
    card.refresh_from_db()
    assert card.text == "Waits"


def test_a_refusal_is_shown_in_the_form(editor: Client, journey: JourneyMap) -> None:
    draft = draft_of(journey)
    step = steps_of(draft)[0]
    there = Card.objects.get(lane=lane_of(draft, "touchpoints"), step=step)
    answer = editor.post(
        f"/app/journeys/lanes/{there.lane_id}/steps/{step.pk}/new/",
        {"touchpoint": str(there.touchpoint_id), "text": ""},
        headers=HTMX,
    )
    assert answer.status_code == 200
    assert "This touchpoint is in the cell already." in answer.content.decode()


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("right", [("Step 2", 0, "Does 2"), ("Step 2", 1, "Does 1")]),
        ("left", [("Step 1", 0, "Does 1"), ("Step 2", 0, "Does 2")]),
        ("delete", [("Step 2", 0, "Does 2")]),
    ],
)
def test_a_card_is_moved_and_deleted_by_buttons(
    editor: Client, journey: JourneyMap, do: str, expected: list[tuple[str, int, str]]
) -> None:
    lane = lane_of(draft_of(journey), "actions")
    card = Card.objects.get(lane=lane, text="Does 1")
    editor.post(f"/app/journeys/cards/{card.pk}/", {"do": do})
    assert texts_of(lane) == expected


def test_a_feeling_is_set_and_changed_at_one_address(editor: Client, journey: JourneyMap) -> None:
    draft = draft_of(journey)
    lane, step = lane_of(draft, "feelings"), steps_of(draft)[0]
    for value in ("1.5", "-0.5"):
        editor.post(f"/app/journeys/lanes/{lane.pk}/steps/{step.pk}/feeling/", {"valence": value})
    (card,) = Card.objects.filter(lane=lane, step=step)
    assert float(card.valence or 0) == -0.5


def test_publishing_and_starting_a_draft_by_buttons(editor: Client, journey: JourneyMap) -> None:
    editor.post(f"/app/journeys/{journey.pk}/publish/")
    assert [v.status for v in journey.versions.all()] == ["published"]
    shown = editor.get(journey.get_absolute_url()).content.decode()
    assert "/draft/" in shown
    assert "data-dialog" not in shown
    editor.post(f"/app/journeys/{journey.pk}/draft/")
    assert sorted(v.status for v in journey.versions.all()) == ["draft", "published"]


def test_a_published_map_is_not_changed_by_an_old_form(editor: Client, journey: JourneyMap) -> None:
    draft = draft_of(journey)
    card = Card.objects.filter(lane=lane_of(draft, "actions"))[0]
    publish_version(version=draft, by=None)
    answer = editor.post(f"/app/journeys/cards/{card.pk}/", {"text": "Late", "do": "save"})
    assert "This version is published" in answer.content.decode()
    card.refresh_from_db()
    assert card.text != "Late"


def test_changes_are_in_the_audit_log(editor: Client, journey: JourneyMap) -> None:
    step = steps_of(draft_of(journey))[0]
    editor.post(f"/app/journeys/steps/{step.pk}/", {"name": "Renamed", "metric": ""})
    entry = AuditEntry.objects.filter(object_id=str(step.pk)).latest("created_at")
    assert (entry.action, entry.object_name) == ("changed", "Renamed")


def test_what_people_write_is_never_markup(editor: Client, journey: JourneyMap) -> None:
    draft = draft_of(journey)
    wicked = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    for lane in draft.lanes.exclude(kind__in=["scores", "feelings", "touchpoints"]):
        Card.objects.create(lane=lane, step=steps_of(draft)[1], position=9, text=wicked)
    Step.objects.filter(stage__version=draft).update(name=wicked[:80])
    for path in ("", "?step=x"):
        shown = editor.get(journey.get_absolute_url() + path).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_a_viewer_may_look_and_not_touch(
    client_for: ClientFor, bob: User, journey: JourneyMap
) -> None:
    viewer = client_for(bob)
    shown = viewer.get(journey.get_absolute_url())
    assert shown.status_code == 200
    assert "data-dialog" not in shown.content.decode()
    step = steps_of(draft_of(journey))[0]
    for path in (f"steps/{step.pk}/", f"{journey.pk}/publish/", "new/", f"{journey.pk}/draft/"):
        assert viewer.post(f"/app/journeys/{path}", {"do": "delete"}).status_code == 403
    assert Version.objects.get().is_draft()


def test_a_stranger_finds_nothing(
    client_for: ClientFor, mallory: User, journey: JourneyMap, workspace: Workspace
) -> None:
    stranger = client_for(mallory)
    with workspace_scope(workspace.pk):
        draft = draft_of(journey)
        step, lane = steps_of(draft)[0], lane_of(draft, "actions")
        card = Card.objects.filter(lane=lane)[0]
    for path in (
        f"{journey.pk}/",
        f"{journey.pk}/scores/",
        f"{journey.pk}/steps/{step.pk}/",
        f"{journey.pk}/steps/new/",
        f"{journey.pk}/stages/new/",
        f"stages/{step.stage_id}/",
        f"steps/{step.pk}/",
        f"lanes/{lane.pk}/steps/{step.pk}/new/",
        f"lanes/{lane.pk}/steps/{step.pk}/feeling/",
        f"cards/{card.pk}/",
    ):
        assert stranger.get(f"/app/journeys/{path}").status_code == 404, path
    assert stranger.post(f"/app/journeys/cards/{card.pk}/", {"do": "delete"}).status_code == 404


def test_who_is_not_logged_in_is_sent_to_the_door(client: Client, journey: JourneyMap) -> None:
    answer = client.get(journey.get_absolute_url())
    assert answer.status_code == 302
    assert "/admin/login/" in answer.headers["Location"]
