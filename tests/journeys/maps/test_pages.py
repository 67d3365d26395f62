"""The map's pages: who may come in, what they get, and that nothing written is markup."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import Card, JourneyMap, Step, Version
from tests.journeys.make import draft_of, make_map, make_touchpoint, steps_of
from tests.make import make_member
from touchpoints.catalogue.models import Touchpoint

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"))


def address(journey: JourneyMap, name: str) -> str:
    return f"/app/journeys/{journey.pk}/{name}/"


def test_a_draft_is_begun_by_a_button(editor: Client, journey: JourneyMap) -> None:
    Version.objects.update(status="published", published_at="2026-11-01T00:00Z")
    answer = editor.post(address(journey, "draft"))
    assert answer.headers["Location"] == journey.get_absolute_url()
    assert sorted(v.status for v in journey.versions.all()) == ["draft", "published"]


def test_what_people_write_is_never_markup(editor: Client, journey: JourneyMap) -> None:
    draft = draft_of(journey)
    wicked = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    for lane in draft.lanes.exclude(kind__in=["scores", "feelings", "touchpoints"]):
        Card.objects.create(lane=lane, step=steps_of(draft)[1], position=9, text=wicked)
    Step.objects.filter(stage__version=draft).update(name=wicked[:80])
    for path in (journey.get_absolute_url(), address(journey, "read")):
        shown = editor.get(path).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_viewer_may_look_and_not_touch(
    client_for: ClientFor, bob: User, journey: JourneyMap
) -> None:
    viewer = client_for(bob)
    for path in (journey.get_absolute_url(), address(journey, "read"), address(journey, "scores")):
        assert viewer.get(path).status_code == 200
    assert viewer.get(address(journey, "touchpoints")).status_code == 200
    for name in ("draft", "publish", "touchpoints", "pictures"):
        assert viewer.post(address(journey, name)).status_code == 403
    assert Version.objects.get().is_draft()


def test_a_stranger_finds_nothing(
    client_for: ClientFor, mallory: User, journey: JourneyMap, workspace: Workspace
) -> None:
    stranger = client_for(mallory)
    with workspace_scope(workspace.pk):
        step = steps_of(draft_of(journey))[0]
    for name in ("scores", "read", "touchpoints", "search", f"steps/{step.pk}"):
        assert stranger.get(address(journey, name)).status_code == 404, name
    assert stranger.get(journey.get_absolute_url()).status_code == 404
    for name in ("sync", "touchpoints", "pictures", "draft"):
        assert stranger.post(address(journey, name)).status_code == 404, name


def test_who_is_not_logged_in_is_sent_to_the_door(client: Client, journey: JourneyMap) -> None:
    answer = client.get(journey.get_absolute_url())
    assert answer.status_code == 302
    assert "/admin/login/" in answer.headers["Location"]
    assert client.post(address(journey, "sync")).status_code == 401


def test_touchpoints_are_found_by_name_and_channel(editor: Client, journey: JourneyMap) -> None:
    Touchpoint.objects.filter(name="Store").update(status="retired")
    found = editor.get(address(journey, "touchpoints")).json()
    assert [place["name"] for place in found["results"]] == ["Delivery"]
    (place,) = editor.get(address(journey, "touchpoints"), {"q": "deliv"}).json()["results"]
    assert place["channel"]["name"] == "Web"
    assert editor.get(address(journey, "touchpoints"), {"q": "xyz"}).json()["results"] == []


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_a_touchpoint_is_added_from_the_map(editor: Client, journey: JourneyMap) -> None:
    answer = post(editor, address(journey, "touchpoints"), name="Chat", channel="web")
    assert answer.status_code == 201
    place = Touchpoint.objects.get(pk=answer.json()["id"])
    assert (place.name, place.key, place.channel.key) == ("Chat", "chat", "web")
    assert post(editor, address(journey, "touchpoints"), name="店").status_code == 201
    assert post(editor, address(journey, "touchpoints"), name=" ").status_code == 400
    wrong = post(editor, address(journey, "touchpoints"), name="A", channel="none")
    assert wrong.status_code == 404


def test_who_may_not_add_touchpoints_is_told(
    client_for: ClientFor, workspace: Workspace, journey: JourneyMap
) -> None:
    commenter = client_for(make_member(workspace, "commenter"))
    assert post(commenter, address(journey, "touchpoints"), name="Chat").status_code == 403


def test_other_journeys_are_found_by_name(
    editor: Client, journey: JourneyMap, scope: Workspace
) -> None:
    make_map(scope, name="Returning a lamp")
    found = editor.get(address(journey, "search"), {"q": "lamp"}).json()["results"]
    assert [other["name"] for other in found] == ["Returning a lamp"]
    assert editor.get(address(journey, "search"), {"q": journey.name}).json()["results"] == []


def test_a_picture_is_kept_and_shown_to_members_alone(
    editor: Client, client_for: ClientFor, mallory: User, journey: JourneyMap
) -> None:
    file = SimpleUploadedFile("beach.png", PNG)
    answer = editor.post(address(journey, "pictures"), {"file": file})
    assert answer.status_code == 201
    shown = editor.get(answer.json()["picture"])
    assert (shown.content, shown.headers["Content-Type"]) == (PNG, "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert client_for(mallory).get(answer.json()["picture"]).status_code == 404
    assert editor.get("/app/journeys/pictures/..%2Fsecret.png").status_code == 404
    wrong = SimpleUploadedFile("beach.png", b"<svg onload=alert(1)>")
    refused = editor.post(address(journey, "pictures"), {"file": wrong})
    assert (refused.status_code, refused.json()["code"]) == (400, "no_picture")
    assert editor.post(address(journey, "pictures")).json()["code"] == "no_picture"
