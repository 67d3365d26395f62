"""Maps through the API: read whole, changed piece by piece, frozen once published."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, Workspace
from journeys.maps.models import Card, JourneyMap
from tests.journeys.make import (
    draft_of,
    lane_of,
    make_map,
    make_persona,
    make_touchpoint,
    steps_of,
)
from tests.journeys.maps import ops

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"), name="Buying")


def test_a_map_is_made_from_a_template_for_its_personas(api: Api, scope: Workspace) -> None:
    clara, farid = make_persona(scope, name="Clara"), make_persona(scope, name="Farid")
    answer = api("journeys:write").post(
        "/api/v1/journey-maps/",
        {
            "name": "Buying",
            "template": "e-commerce",
            "persona_ids": [str(farid.pk), str(clara.pk)],
            "cyclic": True,
        },
    )
    assert answer.status_code == 201, answer.json()
    assert [p["name"] for p in answer.json()["personas"]] == ["Farid", "Clara"]
    assert len(steps_of(draft_of(JourneyMap.objects.get(name="Buying")))) > 5


def test_a_map_is_read_whole(api: Api, journey: JourneyMap) -> None:
    client = api("journeys:read")
    body = client.get(f"/api/v1/journey-maps/{journey.pk}/").json()
    assert [s["name"] for s in body["current"]["stages"]] == ["Stage 1", "Stage 2"]
    assert [s["name"] for s in body["current"]["stages"][0]["steps"]] == ["Step 1"]
    lanes = {lane["kind"]: lane for lane in body["current"]["lanes"]}
    assert [card["text"] for card in lanes["actions"]["cards"]] == ["Does 1", "Does 2"]
    assert body["versions"][0]["status"] == "draft"
    listed = client.get("/api/v1/journey-maps/").json()["results"]
    assert [entry["name"] for entry in listed] == ["Buying"]
    assert "current" not in listed[0]


def test_a_list_takes_as_many_queries_for_any_number_of_maps(api: Api, scope: Workspace) -> None:
    client = api("journeys:read")
    counts = []
    for _round in range(3):
        make_map(scope, make_touchpoint(scope), personas=[make_persona(scope)])
        client.get("/api/v1/journey-maps/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/journey-maps/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_a_map_is_built_piece_by_piece(api: Api, scope: Workspace) -> None:
    client = api("journeys:write")
    journey = client.post("/api/v1/journey-maps/", {"name": "Buying"}).json()
    version = journey["versions"][0]["id"]
    stage = client.post("/api/v1/journey-stages/", {"version": version, "name": "Before"}).json()
    step = client.post("/api/v1/journey-steps/", {"stage": stage["id"], "name": "Looks"}).json()
    lane = client.post("/api/v1/journey-lanes/", {"version": version, "kind": "notes"}).json()
    card = client.post(
        "/api/v1/journey-cards/", {"lane": lane["id"], "step": step["id"], "text": "First"}
    )
    assert card.status_code == 201, card.json()
    changed = client.patch(f"/api/v1/journey-cards/{card.json()['id']}/", {"text": "Second"})
    assert changed.json()["text"] == "Second"
    assert client.delete(f"/api/v1/journey-cards/{card.json()['id']}/").status_code == 204
    assert not Card.objects.exists()
    assert AuditEntry.objects.filter(object_kind="maps.card").count() == 3


def test_a_card_that_does_not_fit_its_lane_is_refused(api: Api, journey: JourneyMap) -> None:
    draft = draft_of(journey)
    body = {"step": str(steps_of(draft)[0].pk), "text": "74 %"}
    for kind in ("scores", "touchpoints", "feelings"):
        answer = api().post(
            "/api/v1/journey-cards/", {**body, "lane": str(lane_of(draft, kind).pk)}
        )
        assert answer.status_code == 400, kind
        assert answer.json()["code"] == "invalid"


def test_a_card_stays_in_its_cell(api: Api, journey: JourneyMap) -> None:
    draft = draft_of(journey)
    card = Card.objects.get(text="Does 1")
    answer = api().patch(f"/api/v1/journey-cards/{card.pk}/", {"step": str(steps_of(draft)[1].pk)})
    assert answer.status_code == 400


def test_ids_of_another_workspace_are_unknown(
    api: Api, journey: JourneyMap, other_workspace: Workspace
) -> None:
    with workspace_scope(other_workspace.pk):
        place = make_touchpoint(other_workspace)
        theirs = draft_of(make_map(other_workspace, place))
        lane, step = lane_of(theirs, "actions"), steps_of(theirs)[0]
    draft = draft_of(journey)
    ours = {"lane": lane_of(draft, "touchpoints").pk, "step": steps_of(draft)[0].pk}
    wrong: list[tuple[str, dict[str, UUID | str]]] = [
        ("journey-cards", {**ours, "touchpoint": place.pk}),
        ("journey-cards", {**ours, "lane": lane.pk, "text": "x"}),
        ("journey-cards", {**ours, "step": step.pk, "text": "x"}),
        ("journey-steps", {"stage": step.stage_id, "name": "x"}),
        ("journey-stages", {"version": theirs.pk, "name": "x"}),
        ("journey-lanes", {"version": theirs.pk, "kind": "notes"}),
    ]
    client = api()
    for route, body in wrong:
        answer = client.post(f"/api/v1/{route}/", {k: str(v) for k, v in body.items()})
        assert answer.status_code == 400, (route, answer.json())
        assert answer.json()["errors"][0]["code"] == "does_not_exist"


def test_publishing_freezes_and_a_new_draft_goes_on(api: Api, journey: JourneyMap) -> None:
    client = api()
    card = Card.objects.get(text="Does 1")
    assert (
        client.post(f"/api/v1/journey-maps/{journey.pk}/publish/").json()["status"] == "published"
    )
    answer = client.patch(f"/api/v1/journey-cards/{card.pk}/", {"text": "Late"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "version_frozen"
    assert client.delete(f"/api/v1/journey-steps/{card.step_id}/").status_code == 422
    again = client.post(f"/api/v1/journey-maps/{journey.pk}/publish/")
    assert (again.status_code, again.json()["code"]) == (422, "no_draft")
    draft = client.post(f"/api/v1/journey-maps/{journey.pk}/draft/")
    assert (draft.status_code, draft.json()["number"]) == (201, 2)


def test_a_name_is_taken_once(api: Api, journey: JourneyMap) -> None:
    client = api()
    assert client.post("/api/v1/journey-maps/", {"name": "Buying"}).status_code == 400
    other = client.post("/api/v1/journey-maps/", {"name": "Buying", "kind": "to_be"})
    assert other.status_code == 201
    address = f"/api/v1/journey-maps/{other.json()['id']}/"
    assert client.patch(address, {"kind": "as_is"}).status_code == 400
    assert client.patch(address, {"cyclic": True}).json()["cyclic"] is True


def test_a_key_needs_the_scope(api: Api, journey: JourneyMap) -> None:
    reader = api("journeys:read")
    assert reader.get(f"/api/v1/journey-maps/{journey.pk}/").status_code == 200
    assert reader.post("/api/v1/journey-maps/", {"name": "New"}).status_code == 403
    assert api("customers:write").get("/api/v1/journey-maps/").status_code == 403


def test_personas_are_kept_by_the_api(api: Api, scope: Workspace) -> None:
    client = api("personas:write")
    made = client.post(
        "/api/v1/personas/", {"name": "Commuter Clara", "goals": "Arrive dry\nSpend less"}
    )
    assert made.status_code == 201, made.json()
    address = f"/api/v1/personas/{made.json()['id']}/"
    assert client.patch(address, {"color": "berry"}).json()["color"] == "berry"
    assert client.patch(address, {"color": "red"}).status_code == 400
    assert client.post("/api/v1/personas/", {"name": "Commuter Clara"}).status_code == 400
    assert client.patch(address, {"name": "Commuter Clara"}).status_code == 200
    assert client.delete(address).status_code == 204


def operations(journey: JourneyMap) -> str:
    return f"/api/v1/journey-maps/{journey.pk}/operations/"


def test_programs_change_a_map_by_operations(api: Api, journey: JourneyMap) -> None:
    client, draft = api("journeys:write"), draft_of(journey)
    lane, step = lane_of(draft, "actions"), steps_of(draft)[0]
    changes = ops.sent(
        ops.insert(ops.card(lane.pk, step.pk, "Looks twice")),
        ops.update("step", step.pk, name=""),
    )
    body = {"ops": changes, "client": "importer"}
    answer = client.post(operations(journey), body, format="json")
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["revision"], answer.json()["version"]) == (1, str(draft.pk))
    first, second = answer.json()["results"]
    assert first == {"id": changes[0]["id"], "number": 1}
    assert second["error"]["code"] == "text_needed"
    again = client.post(operations(journey), body, format="json")
    assert again.json()["results"][0] == first
    listed = client.get(operations(journey), {"since": "0"}).json()
    assert (listed["revision"], listed["reload"], listed["status"]) == (1, False, "draft")
    assert (listed["ops"][0]["client"], listed["ops"][0]["by"]) == ("importer", None)
    assert listed["ops"][0]["change"]["rows"][0]["text"] == "Looks twice"
    assert client.get(operations(journey), {"since": "1"}).json()["ops"] == []
    assert client.get(operations(journey), {"since": "9"}).json()["reload"] is True
    assert client.get(operations(journey), {"since": "x"}).status_code == 400
    entries = AuditEntry.objects.filter(object_id=str(journey.pk), action="changed")
    assert entries.count() == 1


def test_operations_answer_once_to_an_idempotency_key(api: Api, journey: JourneyMap) -> None:
    client, draft = api(), draft_of(journey)
    changes = ops.sent(ops.insert({"kind": "lane", "lane_kind": "notes"}))
    for replayed in (None, "true"):
        answer = client.post(
            operations(journey), {"ops": changes}, format="json", headers={"Idempotency-Key": "k"}
        )
        assert answer.status_code == 200
        assert answer.headers.get("Idempotent-Replayed") == replayed
    assert draft.lanes.filter(kind="notes").count() == 1


def test_operations_need_the_scope_a_draft_and_an_own_map(
    api: Api, journey: JourneyMap, other_workspace: Workspace
) -> None:
    body = {"ops": ops.sent(ops.insert({"kind": "lane", "lane_kind": "notes"}))}
    reader = api("journeys:read")
    assert reader.post(operations(journey), body, format="json").status_code == 403
    assert reader.get(operations(journey)).status_code == 200
    stranger = api(of=other_workspace)
    assert stranger.post(operations(journey), body, format="json").status_code == 404
    assert stranger.get(operations(journey)).status_code == 404
    client = api()
    assert client.post(operations(journey), {"ops": []}, format="json").status_code == 400
    client.post(f"/api/v1/journey-maps/{journey.pk}/publish/")
    refused = client.post(operations(journey), body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "no_draft")


def test_single_rows_change_by_operations_too(api: Api, journey: JourneyMap) -> None:
    client, draft = api(), draft_of(journey)
    step, lane = steps_of(draft)[0], lane_of(draft, "needs")
    client.patch(f"/api/v1/journey-steps/{step.pk}/", {"name": "Looks", "metric": "nps"})
    client.patch(f"/api/v1/journey-lanes/{lane.pk}/", {"hidden": True})
    client.delete(f"/api/v1/journey-stages/{step.stage_id}/")
    listed = client.get(operations(journey)).json()["ops"]
    assert [one["change"]["op"] for one in listed] == ["update", "update", "delete"]
    assert listed[0]["change"]["fields"] == {"name": "Looks", "metric": "nps"}
