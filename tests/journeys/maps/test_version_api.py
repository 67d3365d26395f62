"""Versions and comments through the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, Membership, User, Workspace
from journeys.maps import editing
from journeys.maps.discussing import add_comment
from journeys.maps.models import Card, Comment, JourneyMap, Mention, Version
from journeys.maps.services import publish_version, start_draft
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint, steps_of
from tests.make import make_member

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
VERSIONS = "/api/v1/map-versions/"
COMMENTS = "/api/v1/map-comments/"


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"))


@pytest.fixture
def live(journey: JourneyMap) -> Version:
    return publish_version(version=draft_of(journey), by=None, note="First")


def test_versions_are_listed_and_read_whole(api: Api, journey: JourneyMap, live: Version) -> None:
    start_draft(journey=journey)
    client = api("journeys:read")
    rows = client.get(f"{VERSIONS}?map={journey.pk}").json()["results"]
    assert [(r["number"], r["status"], r["note"]) for r in rows] == [
        (2, "draft", ""),
        (1, "published", "First"),
    ]
    assert rows[0]["made_from"] == str(live.pk)
    assert len(client.get(f"{VERSIONS}?status=draft").json()["results"]) == 1
    whole = client.get(f"{VERSIONS}{live.pk}/").json()
    assert len(whole["stages"]) == 2
    assert len(whole["lanes"]) == 11
    assert client.patch(f"{VERSIONS}{live.pk}/", {"note": "x"}).status_code in {403, 405}


def test_two_versions_are_compared(api: Api, journey: JourneyMap, live: Version) -> None:
    draft = start_draft(journey=journey)
    editing.add_card(lane=lane_of(draft, "thoughts"), step=steps_of(draft)[0], text="Hm")
    client = api("journeys:read")
    address = f"{VERSIONS}{draft.pk}/diff/"
    found = client.get(f"{address}?against={live.pk}").json()
    assert (found["a"]["number"], found["b"]["number"]) == (1, 2)
    assert found["totals"] == {"added": 1, "changed": 0, "removed": 0, "moved": 0}
    assert client.get(address).status_code == 400
    other = draft_of(make_map(journey.workspace))
    assert client.get(f"{address}?against={other.pk}").status_code == 404


def test_a_version_is_restored(api: Api, journey: JourneyMap, live: Version) -> None:
    draft = start_draft(journey=journey)
    assert api("journeys:read").post(f"{VERSIONS}{live.pk}/restore/").status_code == 403
    answer = api("journeys:write").post(f"{VERSIONS}{live.pk}/restore/")
    assert (answer.status_code, answer.json()["number"]) == (201, 3)
    draft.refresh_from_db()
    assert draft.note == "Before restoring version 1"
    refused = api().post(f"{VERSIONS}{answer.json()['id']}/restore/")
    assert (refused.status_code, refused.json()["code"]) == (422, "is_draft")
    assert AuditEntry.objects.filter(action="restored").count() == 1


def test_a_key_writes_in_the_name_of_a_member(api: Api, journey: JourneyMap, alice: User) -> None:
    client = api("journeys:write")
    member = Membership.objects.get(user=alice)
    key = Card.objects.get(text="Does 1").key
    thread = client.post(
        COMMENTS,
        {
            "map": str(journey.pk),
            "anchor": str(key),
            "text": "From the old tool",
            "author": str(member.pk),
            "mentioned": [str(member.pk)],
            "assigned_to": str(member.pk),
        },
    )
    assert thread.status_code == 201, thread.json()
    assert thread.json()["mentions"] == [str(member.pk)]
    pk = thread.json()["id"]
    reply = client.post(COMMENTS, {"map": str(journey.pk), "thread": pk, "text": "And on"})
    assert (reply.json()["anchor"], reply.json()["author"]) == (str(key), None)
    changed = client.patch(f"{COMMENTS}{pk}/", {"text": "New", "mentioned": []})
    assert (changed.json()["text"], changed.json()["mentions"]) == ("New", [])
    assert client.post(f"{COMMENTS}{pk}/resolve/").json()["resolved_at"] is not None
    assert client.post(f"{COMMENTS}{pk}/reopen/").json()["resolved_at"] is None
    wrong = client.post(f"{COMMENTS}{reply.json()['id']}/resolve/")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "no_thread")
    assert len(client.get(f"{COMMENTS}?thread={pk}").json()["results"]) == 1
    assert client.delete(f"{COMMENTS}{pk}/").status_code == 204
    assert not Comment.objects.exists()


def test_what_does_not_fit_is_refused(api: Api, journey: JourneyMap, alice: User) -> None:
    client = api()
    other = make_map(journey.workspace)
    thread = add_comment(journey=journey, author=None, text="Here")
    member = str(Membership.objects.get(user=alice).pk)
    here = {"map": str(journey.pk), "text": "x"}
    for body in (
        {"map": str(journey.pk)},
        {**here, "text": ""},
        {**here, "text": "x" * 4001},
        {**here, "map": str(other.pk), "thread": str(thread.pk)},
        {**here, "thread": str(thread.pk), "assigned_to": member},
    ):
        assert client.post(COMMENTS, body).status_code == 400, body
    unknown = client.post(COMMENTS, {**here, "anchor": member})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_anchor")
    address = f"{COMMENTS}{thread.pk}/"
    assert client.patch(address, {"map": str(other.pk)}).status_code == 400
    assert client.patch(address, {"author": member}).status_code == 400


def test_ids_of_another_workspace_are_unknown(
    api: Api, journey: JourneyMap, other_workspace: Workspace, mallory: User
) -> None:
    with workspace_scope(other_workspace.pk):
        stranger = str(Membership.objects.get(user=mallory).pk)
        theirs = make_map(other_workspace)
        thread = str(add_comment(journey=theirs, author=None, text="Theirs").pk)
    here = {"map": str(journey.pk), "text": "x"}
    for body in (
        {**here, "map": str(theirs.pk)},
        {**here, "thread": thread},
        {**here, "author": stranger},
        {**here, "assigned_to": stranger},
        {**here, "mentioned": [stranger]},
    ):
        answer = api().post(COMMENTS, body)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "does_not_exist")
    assert api().get(f"{COMMENTS}{thread}/").status_code == 404


def test_a_colleague_writes_in_their_own_name_only(
    client_for: Callable[[User], Client], alice: User, workspace: Workspace, journey: JourneyMap
) -> None:
    ed = make_member(workspace, "editor", name="Ed")
    own = Membership.objects.get(user=ed)
    client = client_for(ed)
    body = {
        "map": str(journey.pk),
        "text": "x",
        "author": str(Membership.objects.get(user=alice).pk),
    }
    made = client.post(COMMENTS, body, content_type="application/json").json()
    assert made["author"] == str(own.pk)
    theirs = add_comment(journey=journey, author=Membership.objects.get(user=alice), text="Alice's")
    address = f"{COMMENTS}{theirs.pk}/"
    refused = client.patch(address, {"text": "Not hers"}, content_type="application/json")
    assert refused.status_code == 403
    taken = client.patch(address, {"assigned_to": str(own.pk)}, content_type="application/json")
    assert taken.json()["assigned_to"] == str(own.pk)


def test_lists_cost_the_same_for_any_number(
    api: Api, journey: JourneyMap, live: Version, alice: User
) -> None:
    client, member = api(), Membership.objects.get(user=alice)
    for address in (VERSIONS, COMMENTS):
        counts = []
        client.get(address)
        for more in (2, 5):
            for _number in range(more):
                publish_version(version=start_draft(journey=journey), by=member)
                comment = add_comment(journey=journey, author=member, text="x")
                Mention.objects.create(comment=comment, member=member)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        assert counts[0] == counts[1], (address, [q["sql"][:90] for q in queries])
