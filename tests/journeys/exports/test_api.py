"""Maps as files through the API."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cxm.workspaces.models import AuditEntry, Workspace
from journeys.exports.formats import FORMATS
from journeys.maps.models import JourneyMap
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
IMPORT = "/api/v1/journey-maps/import/"


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), name="Buying")


def test_a_map_is_handed_out_in_every_format(
    api: Api, scope: Workspace, journey: JourneyMap
) -> None:
    client = api("journeys:read")
    for key, entry in FORMATS.items():
        answer = client.get(f"/api/v1/journey-maps/{journey.pk}/export/", {"as": key})
        assert answer.status_code == 200, key
        assert answer.headers["Content-Type"] == entry.media_type
    wanted = {"as": "pdf"}
    address = f"/api/v1/journey-maps/{journey.pk}/export/"
    assert client.get(address, wanted, headers={"Accept": "application/pdf"}).status_code == 200
    assert AuditEntry.objects.filter(action="exported").count() == len(FORMATS) + 1


def test_what_is_asked_for_is_checked(api: Api, scope: Workspace, journey: JourneyMap) -> None:
    client = api("journeys:read")
    address = f"/api/v1/journey-maps/{journey.pk}/export/"
    wrong: list[dict[str, str]] = [{}, {"as": "exe"}, {"as": "json", "lanes": str(uuid.uuid4())}]
    for asked in wrong:
        assert client.get(address, asked).status_code == 400, asked
    assert client.get(address, {"as": "json", "version": "9"}).status_code == 404
    lane = str(lane_of(draft_of(journey), "actions").key)
    answer = client.get(address, {"as": "json", "lanes": lane, "figures": "false"})
    assert [found["kind"] for found in answer.json()["lanes"]] == ["actions"]


def test_a_map_comes_in_through_the_api(api: Api, scope: Workspace, journey: JourneyMap) -> None:
    client = api("journeys:read", "journeys:write")
    written = client.get(f"/api/v1/journey-maps/{journey.pk}/export/", {"as": "json"}).content
    file = SimpleUploadedFile("a.json", written)
    looked = client.post(IMPORT, {"file": file, "dry_run": True}, format="multipart")
    assert looked.status_code == 200
    assert looked.json()["id"] is None
    assert JourneyMap.objects.count() == 1
    file.seek(0)
    made = client.post(IMPORT, {"file": file, "name": "Again"}, format="multipart")
    assert made.status_code == 201, made.json()
    assert made.json()["cards"] == 6
    # The map is in this workspace: what it says of findings is there already.
    assert [problem["code"] for problem in made.json()["problems"]] == ["finding_there"]
    assert JourneyMap.objects.get(pk=made.json()["id"]).name == "Again"
    file.seek(0)
    again = client.post(IMPORT, {"file": file}, format="multipart")
    assert (again.status_code, again.json()["code"]) == (422, "name_taken")


def test_what_cannot_be_read_is_refused_with_a_code(api: Api, scope: Workspace) -> None:
    client = api("journeys:write")
    file = SimpleUploadedFile("a.json", json.dumps({"format": "x"}).encode())
    refused = client.post(IMPORT, {"file": file}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_format")
    nameless = SimpleUploadedFile("a.csv", b"Step,One\nActions,a\n")
    refused = client.post(IMPORT, {"file": nameless}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (422, "name_missing")
    assert not JourneyMap.objects.exists()


def test_scopes_and_strangers(
    api: Api, scope: Workspace, journey: JourneyMap, other_workspace: Workspace
) -> None:
    address = f"/api/v1/journey-maps/{journey.pk}/export/"
    assert api("personas:read").get(address, {"as": "pdf"}).status_code == 403
    assert api(of=other_workspace).get(address, {"as": "pdf"}).status_code == 404
    file = SimpleUploadedFile("a.csv", b"Step,One\nActions,a\n")
    sent = {"file": file, "name": "X"}
    assert api("journeys:read").post(IMPORT, sent, format="multipart").status_code == 403


def test_the_list_of_maps_stays_where_it_was(
    api: Api, scope: Workspace, journey: JourneyMap
) -> None:
    listed = api("journeys:read").get("/api/v1/journey-maps/")
    assert [found["name"] for found in listed.json()["results"]] == ["Buying"]
    assert api("journeys:read").get(f"/api/v1/journey-maps/{journey.pk}/").status_code == 200
