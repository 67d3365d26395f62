"""Export and import as pages: they work without script, keep rights, and leave a trace."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, User, Workspace
from journeys.exports.formats import FORMATS
from journeys.maps.models import Card, JourneyMap, Lane
from journeys.maps.services import publish_version
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint
from tests.make import make_member

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
GRID = "Stage,Before,After\nStep,Hears,Buys\nActions,Sees an ad,<b>Pays</b>\nTouchpoints,Till,\n"


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(
        scope, make_touchpoint(scope), make_touchpoint(scope, "Store"), name="Kauf & Co"
    )


@pytest.fixture
def editor(client_for: ClientFor, alice: User) -> Client:
    return client_for(alice)


def upload(client: Client, content: str = GRID, name: str = "Our journey.csv") -> Any:
    return client.post(
        "/app/journeys/import/", {"file": SimpleUploadedFile(name, content.encode())}
    )


def content_of(page: str) -> str:
    found = re.search(r'name="content" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize("key", sorted(FORMATS))
def test_every_format_is_handed_out_under_a_telling_name(
    key: str, client_for: ClientFor, bob: User, journey: JourneyMap, scope: Workspace
) -> None:
    answer = client_for(bob).get(f"/app/journeys/{journey.pk}/export.{key}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == FORMATS[key].media_type
    name = answer.headers["Content-Disposition"]
    assert name.startswith('attachment; filename="kauf-co-v1-')
    assert name.endswith(f'.{FORMATS[key].extension}"')
    assert answer.content
    entry = AuditEntry.objects.get(action="exported")
    assert entry.user == bob
    assert entry.changes["format"] == [None, key]


def test_the_page_offers_the_formats_and_the_lanes(
    client_for: ClientFor, bob: User, journey: JourneyMap
) -> None:
    client = client_for(bob)
    page = client.get(f"/app/journeys/{journey.pk}/export/").content.decode()
    for key in FORMATS:
        assert f'formaction="/app/journeys/{journey.pk}/export.{key}"' in page
    assert "Pain points" in page
    part = client.get(f"/app/journeys/{journey.pk}/export/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "formaction" in part.content.decode()


def test_only_the_chosen_lanes_leave(editor: Client, journey: JourneyMap, scope: Workspace) -> None:
    draft = draft_of(journey)
    actions = lane_of(draft, "actions")
    Lane.objects.filter(pk=lane_of(draft, "needs").pk).update(hidden=True)
    address = f"/app/journeys/{journey.pk}/export.json"
    assert b"Know the day" in editor.get(address).content
    shown = draft.lanes.filter(hidden=False).values_list("key", flat=True)
    everything = editor.get(address, {"lanes": [str(key) for key in shown]}).content
    assert b"Know the day" in everything, "all that is shown is no choice: hidden lanes travel too"
    some = editor.get(address, {"lanes": [str(actions.key)], "figures": "no"}).content
    assert b"Does 1" in some
    assert b"Know the day" not in some
    assert b'"figures"' not in some


def test_readers_get_what_is_published_and_editors_the_draft(
    client_for: ClientFor, alice: User, bob: User, journey: JourneyMap, scope: Workspace
) -> None:
    publish_version(version=draft_of(journey), by=None)
    editor, reader = client_for(alice), client_for(bob)
    editor.post(f"/app/journeys/{journey.pk}/draft/")
    address = f"/app/journeys/{journey.pk}/export.json"
    assert editor.get(address).json()["version"]["number"] == 2
    assert reader.get(address).json()["version"]["number"] == 1
    assert editor.get(address, {"version": "1"}).json()["version"]["number"] == 1
    assert editor.get(address, {"version": "9"}).status_code == 404


def test_unknown_formats_and_foreign_maps_are_not_found(
    client_for: ClientFor, alice: User, mallory: User, journey: JourneyMap
) -> None:
    assert client_for(alice).get(f"/app/journeys/{journey.pk}/export.exe").status_code == 404
    stranger = client_for(mallory)
    assert stranger.get(f"/app/journeys/{journey.pk}/export/").status_code == 404
    assert stranger.get(f"/app/journeys/{journey.pk}/export.pdf").status_code == 404


def test_a_file_is_shown_before_it_becomes_a_journey(editor: Client, scope: Workspace) -> None:
    make_touchpoint(scope, "Till")
    answer = upload(editor)
    page = answer.content.decode()
    assert "Hears" in page
    assert not JourneyMap.objects.exists()
    assert 'value="Our journey"' in page
    made = editor.post(
        "/app/journeys/import/",
        {"content": content_of(page), "name": "Lamps", "kind": "to_be"},
    )
    journey = JourneyMap.objects.get()
    assert made.headers["Location"] == journey.get_absolute_url()
    assert (journey.name, journey.kind) == ("Lamps", "to_be")
    texts = set(Card.objects.values_list("text", flat=True))
    assert texts == {"Sees an ad", "<b>Pays</b>", ""}
    assert Card.objects.get(text="").touchpoint.name == "Till"  # type: ignore[union-attr]
    assert AuditEntry.objects.filter(action="imported").exists()


def test_what_had_to_be_changed_is_said_with_its_place(editor: Client, scope: Workspace) -> None:
    page = unescape(upload(editor).content.decode())
    assert "There is no touchpoint called “Till”; it was put in as text in Notes." in page
    assert "row 4, column B" in page
    assert "<b>Pays</b>" not in upload(editor).content.decode()


def test_what_must_be_mended_offers_no_journey(editor: Client, scope: Workspace) -> None:
    wide = "Step," + ",".join(f"s{n}" for n in range(201)) + "\nActions,a\n"
    answer = upload(editor, wide)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A journey has at most 200 steps; these are 201." in page
    assert "Create this journey" not in page
    refused = editor.post(
        "/app/journeys/import/", {"content": content_of(page), "name": "X", "kind": "as_is"}
    )
    assert refused.status_code == 422
    assert not JourneyMap.objects.exists()


def test_a_name_that_is_taken_is_refused_in_the_form(editor: Client, scope: Workspace) -> None:
    make_map(scope, name="Our journey")
    page = upload(editor).content.decode()
    assert 'value="Our journey (2)"' in page
    refused = editor.post(
        "/app/journeys/import/",
        {"content": content_of(page), "name": "Our journey", "kind": "as_is"},
    )
    assert "There is a journey of this name already." in refused.content.decode()
    assert JourneyMap.objects.count() == 1


def test_a_file_cannot_be_changed_on_the_way_nor_taken_elsewhere(
    client_for: ClientFor,
    editor: Client,
    scope: Workspace,
    mallory: User,
    other_workspace: Workspace,
) -> None:
    content = content_of(upload(editor).content.decode())
    for client, sent in ((editor, content[:-2]), (client_for(mallory), content)):
        answer = client.post(
            "/app/journeys/import/", {"content": sent, "name": "X", "kind": "as_is"}
        )
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/app/journeys/import/"
    assert not JourneyMap.objects.exists()
    with workspace_scope(other_workspace.pk):
        assert not JourneyMap.objects.exists()


def test_broken_files_are_explained(editor: Client) -> None:
    answer = editor.post("/app/journeys/import/", {"file": io.BytesIO(b"PK\x03\x04broken")})
    assert answer.status_code == 422
    assert "This workbook cannot be read." in answer.content.decode()


def test_readers_may_not_import(client_for: ClientFor, workspace: Workspace, bob: User) -> None:
    commenter = make_member(workspace, "commenter")
    for user in (bob, commenter):
        assert client_for(user).get("/app/journeys/import/").status_code == 403
