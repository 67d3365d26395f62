"""A window and the server agree: what was sent is carried out once, and everybody hears of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.clock import now
from cxm.workspaces.models import AuditEntry, Membership, User, Workspace
from journeys.maps import syncing, tasks
from journeys.maps.models import Card, JourneyMap, Operation, Presence, Version
from journeys.maps.services import publish_version
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint, steps_of, texts_of
from tests.journeys.maps import ops
from tests.make import make_member

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"))


@pytest.fixture
def draft(journey: JourneyMap) -> Version:
    return draft_of(journey)


@pytest.fixture
def other(client_for: ClientFor, workspace: Workspace) -> Client:
    return client_for(make_member(workspace, "editor", name="Mara Moos"))


def test_all_four_operations_come_back_to_everybody(
    editor: Client, other: Client, draft: Version
) -> None:
    lane, steps = lane_of(draft, "actions"), steps_of(draft)
    new = ops.insert(ops.card(lane.pk, steps[0].pk, "Looks twice"))
    card = new["rows"][0]["id"]
    answer = ops.sync(
        editor,
        draft,
        new,
        ops.update("card", card, text="Looks three times"),
        ops.move("card", card, 0, lane=lane.pk, step=steps[1].pk),
    )
    assert [one["number"] for one in answer["results"]] == [1, 2, 3]
    assert texts_of(lane)[1:] == [("Step 2", 0, "Looks three times"), ("Step 2", 1, "Does 2")]
    ops.sync(editor, draft, ops.delete("card", card))
    heard = ops.sync(other, draft, client="another", since=1)
    assert heard["revision"] == 4
    assert [one["number"] for one in heard["ops"]] == [2, 3, 4]
    assert heard["ops"][2]["change"] == ops.delete("card", card)
    assert heard["ops"][0]["by"]["name"] == "Alice Ahl"
    assert heard["ops"][0]["client"] == "window"
    assert heard["status"] == "draft"


def test_an_operation_that_is_sent_twice_is_carried_out_once(
    editor: Client, draft: Version
) -> None:
    lane, step = lane_of(draft, "actions"), steps_of(draft)[0]
    once = ops.sent(ops.insert(ops.card(lane.pk, step.pk, "Waits")))
    first = ops.sync(editor, draft, ops=[*once, *once])
    again = ops.sync(editor, draft, ops=once)
    assert [one["number"] for one in first["results"]] == [1, 1]
    assert again["results"] == first["results"][:1]
    assert Card.objects.filter(text="Waits").count() == 1
    assert again["revision"] == 1


def test_a_refused_operation_does_not_stop_those_behind_it(editor: Client, draft: Version) -> None:
    lane, step = lane_of(draft, "actions"), steps_of(draft)[0]
    answer = ops.sync(
        editor,
        draft,
        ops.insert(ops.card(lane.pk, step.pk, "")),
        {"op": "explode"},
        ops.insert(ops.card(lane.pk, step.pk, "Goes on")),
    )
    codes = [one.get("error", {}).get("code") for one in answer["results"]]
    assert codes == ["text_needed", "unknown_operation", None]
    assert answer["results"][2]["number"] == 1
    assert [one["number"] for one in answer["ops"]] == [1]


def test_a_text_that_somebody_else_changed_is_a_conflict(
    editor: Client, other: Client, draft: Version
) -> None:
    card = Card.objects.get(lane=lane_of(draft, "actions"), text="Does 1")
    ops.sync(other, draft, ops.update("card", card.pk, {"text": "Does 1"}, text="Theirs"))
    mine = ops.update("card", card.pk, {"text": "Does 1"}, text="Mine")
    (result,) = ops.sync(editor, draft, mine)["results"]
    assert result["conflict"]["theirs"] == "Theirs"
    assert result["conflict"]["by"]["name"] == "Mara Moos"
    assert (result["conflict"]["kind"], result["conflict"]["field"]) == ("card", "text")
    card.refresh_from_db()
    assert card.text == "Theirs"
    same = ops.update("card", card.pk, {"text": "Does 1"}, text="Theirs")
    assert "number" in ops.sync(editor, draft, same)["results"][0]


def test_who_may_only_read_sees_news_and_changes_nothing(
    client_for: ClientFor, bob: User, draft: Version
) -> None:
    reader = client_for(bob)
    assert ops.sync(reader, draft)["revision"] == 0
    lane, step = lane_of(draft, "actions"), steps_of(draft)[0]
    change = ops.insert(ops.card(lane.pk, step.pk, "No"))
    assert ops.sync(reader, draft, change, status=403)["code"] == "forbidden"
    assert Operation.objects.count() == 0


def test_a_stranger_finds_nothing(client_for: ClientFor, mallory: User, draft: Version) -> None:
    assert ops.sync(client_for(mallory), draft, status=404)["code"] == "not_found"


def test_a_published_version_refuses_and_says_so(editor: Client, draft: Version) -> None:
    card = Card.objects.filter(lane=lane_of(draft, "actions"))[0]
    before = ops.sent(ops.update("card", card.pk, text="Before"))
    ops.sync(editor, draft, ops=before)
    publish_version(version=draft, by=None)
    after = ops.sent(ops.update("card", card.pk, text="After"))
    answer = ops.sync(editor, draft, ops=[*before, *after])
    assert answer["status"] == "published"
    assert answer["results"][0]["number"] == 1
    assert answer["results"][1]["error"]["code"] == "version_frozen"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "malformed"),
        ("[]", "malformed"),
        ("{", "malformed"),
        ('{"version": "x"}', "malformed"),
        ("[" * 100_000, "malformed"),
    ],
)
def test_what_is_no_request_is_refused_as_a_whole(
    editor: Client, draft: Version, body: str, code: str
) -> None:
    answer = editor.post(
        f"/app/journeys/{draft.map_id}/sync/", body, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_there_is_an_end_to_what_is_sent_at_once(editor: Client, draft: Version) -> None:
    step = steps_of(draft)[0]
    many = [ops.update("step", step.pk, name="x")] * 101
    assert ops.sync(editor, draft, *many, status=400)["code"] == "too_many_operations"
    answer = editor.post(
        f"/app/journeys/{draft.map_id}/sync/", " " * 1_100_000, content_type="application/json"
    )
    assert answer.status_code == 413


def test_an_unknown_version_or_lost_operations_ask_for_the_whole(
    editor: Client, draft: Version, scope: Workspace
) -> None:
    elsewhere = draft_of(make_map(scope))
    elsewhere.map_id = draft.map_id
    assert ops.sync(editor, elsewhere)["reload"] is True
    step = steps_of(draft)[0]
    ops.sync(editor, draft, *[ops.update("step", step.pk, name=f"Name {n}") for n in range(3)])
    Operation.objects.filter(version=draft, number=2).delete()
    answer = ops.sync(editor, draft)
    assert (answer["reload"], answer["ops"]) == (True, [])
    assert "reload" not in ops.sync(editor, draft, since=2)
    assert ops.sync(editor, draft, since=99)["reload"] is True


def test_others_are_seen_while_they_are_there(
    editor: Client, other: Client, draft: Version
) -> None:
    ops.sync(other, draft, client="theirs", place="c-1-2")
    (seen,) = ops.sync(editor, draft)["people"]
    assert (seen["client"], seen["name"], seen["initials"]) == ("theirs", "Mara Moos", "MM")
    assert seen["place"] == "c-1-2"
    Presence.objects.filter(client="theirs").update(seen_at=now() - timedelta(seconds=11))
    assert ops.sync(editor, draft)["people"] == []
    ops.sync(other, draft, client="theirs")
    ops.sync(other, draft, client="theirs", leave=True)
    assert ops.sync(editor, draft)["people"] == []


def test_a_heartbeat_with_nothing_new_costs_few_queries(editor: Client, draft: Version) -> None:
    ops.sync(editor, draft)
    with CaptureQueriesContext(connection) as queries:
        ops.sync(editor, draft)
    ours = [q["sql"] for q in queries if "maps_" in q["sql"]]
    assert len(ours) == 5
    assert len(queries) <= 12


def test_the_audit_log_has_one_line_for_ten_minutes(
    editor: Client, other: Client, draft: Version
) -> None:
    step = steps_of(draft)[0]
    for name in ("One", "Two"):
        ops.sync(editor, draft, ops.update("step", step.pk, name=name))
        ops.sync(other, draft, ops.update("step", step.pk, name=name + "!"))
    entries = AuditEntry.objects.filter(object_id=str(draft.map_id), action="changed")
    assert entries.count() == 2
    entries.update(created_at=now() - timedelta(minutes=11))
    ops.sync(editor, draft, ops.update("step", step.pk, name="Three"))
    assert entries.count() == 3


def test_old_operations_and_people_are_forgotten(
    editor: Client, draft: Version, scope: Workspace
) -> None:
    step = steps_of(draft)[0]
    ops.sync(editor, draft, *[ops.update("step", step.pk, name=f"Name {n}") for n in range(3)])
    old = now() - timedelta(days=31)
    Operation.objects.filter(number=1).update(created_at=old)
    Presence.objects.update(seen_at=now() - timedelta(days=2))
    tasks.tidy()
    assert sorted(Operation.objects.values_list("number", flat=True)) == [2, 3]
    assert not Presence.objects.exists()
    assert ops.sync(editor, draft)["reload"] is True
    publish_version(version=draft, by=None)
    syncing.forget_old(workspace=scope)
    assert Operation.objects.count() == 2
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        syncing.forget_old(workspace=scope)
    assert not Operation.objects.exists()


def test_news_bring_what_they_name(
    editor: Client, other: Client, draft: Version, scope: Workspace
) -> None:
    place = make_touchpoint(scope, "Chat")
    lane, step = lane_of(draft, "touchpoints"), steps_of(draft)[0]
    ops.sync(editor, draft, ops.insert(ops.card(lane.pk, step.pk, touchpoint=str(place.pk))))
    heard = ops.sync(other, draft, client="another")
    assert heard["touchpoints"][str(place.pk)]["name"] == "Chat"


def test_the_member_behind_operations_is_named(alice: User, editor: Client, draft: Version) -> None:
    ops.sync(editor, draft, ops.update("step", steps_of(draft)[0].pk, name="New"))
    member = Membership.objects.get(user=alice)
    assert Operation.objects.get().by == member
