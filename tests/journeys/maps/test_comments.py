"""Colleagues talk about a map: threads, replies, mentions, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.scope import workspace_scope
from cxm.dashboards import registry
from cxm.workspaces.access import Access, acting
from cxm.workspaces.models import AuditEntry, Membership, User, Workspace
from journeys.maps.discussing import add_comment, reply, resolve
from journeys.maps.models import Card, Comment, JourneyMap, Mention
from journeys.maps.panels import waiting_comments
from journeys.maps.services import publish_version, start_draft
from journeys.maps.threads import discussion, load_threads
from tests.journeys.make import draft_of, make_map, make_touchpoint, steps_of
from tests.make import make_member

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope))


@pytest.fixture
def carol(workspace: Workspace) -> User:
    """Commenter in the workspace."""
    return make_member(workspace, "commenter", name="Carol Cho", email="carol@example.com")


@pytest.fixture
def ed(workspace: Workspace) -> User:
    """Editor in the workspace."""
    return make_member(workspace, "editor", name="Ed Ek", email="ed@example.com")


def member(user: User) -> Membership:
    return Membership.objects.get(user=user)


class Door:
    """The comments of a map as one colleague meets them."""

    def __init__(self, client: Client, journey: JourneyMap) -> None:
        self.client = client
        self.address = f"/app/journeys/{journey.pk}/comments/"

    def get(self, query: str = "") -> Any:
        return self.client.get(self.address + query)

    def post(self, **body: object) -> Any:
        return self.client.post(self.address, body, content_type="application/json")

    def patch(self, pk: object, **body: object) -> Any:
        return self.client.patch(f"{self.address}{pk}/", body, content_type="application/json")

    def delete(self, pk: object) -> Any:
        return self.client.delete(f"{self.address}{pk}/")


@pytest.fixture
def carols(client_for: ClientFor, carol: User, journey: JourneyMap) -> Door:
    return Door(client_for(carol), journey)


@pytest.fixture
def eds(client_for: ClientFor, ed: User, journey: JourneyMap) -> Door:
    return Door(client_for(ed), journey)


def test_a_thread_about_a_card_is_begun_and_answered(
    carols: Door, eds: Door, journey: JourneyMap, carol: User
) -> None:
    key = str(Card.objects.get(text="Does 1").key)
    begun = carols.post(anchor=key, text="  Is that so? ")
    assert begun.status_code == 201
    thread = begun.json()
    assert (thread["anchor"], thread["text"], thread["mine"]) == (key, "Is that so?", True)
    assert thread["author"] == {
        "id": str(member(carol).pk),
        "name": "Carol Cho",
        "initials": "CC",
    }
    answered = eds.post(thread=thread["id"], text="Yes.").json()
    assert [r["text"] for r in answered["replies"]] == ["Yes."]
    (listed,) = carols.get(f"?anchor={key}").json()["threads"]
    assert listed["resolved"] is None
    assert [(r["text"], r["mine"]) for r in listed["replies"]] == [("Yes.", False)]
    assert carols.get("?anchor=map").json()["threads"] == []
    assert len(carols.get().json()["threads"]) == 1


def test_a_thread_stays_with_its_card_in_the_next_version(
    carols: Door, journey: JourneyMap
) -> None:
    key = Card.objects.get(text="Does 1").key
    carols.post(anchor=str(key), text="Here")
    publish_version(version=draft_of(journey), by=None)
    start_draft(journey=journey)
    assert len(carols.get(f"?anchor={key}").json()["threads"]) == 1


def test_own_comments_are_edited_and_say_so(carols: Door, eds: Door) -> None:
    thread = carols.post(text="Tpyo").json()
    assert thread["edited_at"] is None
    edited = carols.patch(thread["id"], text="Typo").json()
    assert (edited["text"], edited["edited_at"] is None) == ("Typo", False)
    refused = eds.patch(thread["id"], text="Not yours")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_a_thread_is_resolved_reopened_and_assigned(carols: Door, eds: Door, ed: User) -> None:
    pk = carols.post(text="Who does it?").json()["id"]
    assert carols.patch(pk, assigned_to=str(member(ed).pk)).json()["assigned_to"] == str(
        member(ed).pk
    )
    closed = eds.patch(pk, resolved=True).json()["resolved"]
    assert closed["by"]["name"] == "Ed Ek"
    # Who closed it first stays named.
    assert carols.patch(pk, resolved=True).json()["resolved"] == closed
    assert carols.patch(pk, resolved=False).json()["resolved"] is None
    assert carols.patch(pk, assigned_to=None).json()["assigned_to"] is None


def test_a_reply_is_not_resolved_assigned_or_replied_to(
    carols: Door, ed: User, journey: JourneyMap
) -> None:
    pk = carols.post(text="First").json()["id"]
    second = carols.post(thread=pk, text="Second").json()["replies"][0]["id"]
    for answer in (
        carols.patch(second, resolved=True),
        carols.patch(second, assigned_to=str(member(ed).pk)),
        carols.post(thread=second, text="Third"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "no_thread")
    wrong = carols.post(thread=pk, text="x", assigned_to=str(member(ed).pk))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "no_thread")


def test_one_deletes_ones_own_and_an_editor_any(
    carols: Door, eds: Door, client_for: ClientFor, workspace: Workspace, journey: JourneyMap
) -> None:
    dan = make_member(workspace, "analyst", name="Dan")
    dans = Door(client_for(dan), journey)
    thread = carols.post(text="Mine").json()["id"]
    assert dans.delete(thread).status_code == 403
    assert carols.delete(thread).status_code == 204
    thread = carols.post(text="Mine").json()["id"]
    own = carols.post(thread=thread, text="Me again").json()["replies"][0]["id"]
    dans.post(thread=thread, text="Dan")
    refused = carols.delete(thread)
    assert (refused.status_code, refused.json()["code"]) == (422, "has_replies")
    assert carols.delete(own).status_code == 204
    assert eds.delete(thread).status_code == 204
    assert not Comment.objects.exists()


def test_the_words_of_who_has_left_are_not_deleted_with_the_thread(
    carols: Door, workspace: Workspace, journey: JourneyMap
) -> None:
    pk = carols.post(text="Mine").json()["id"]
    reply(thread=Comment.objects.get(pk=pk), author=None, text="Somebody was here")
    assert carols.delete(pk).status_code == 422
    (said,) = carols.get().json()["threads"][0]["replies"]
    assert said["author"] == {"id": None, "name": "Former member or program", "initials": "–"}


def test_a_mention_waits_until_its_thread_is_opened(carols: Door, eds: Door, ed: User) -> None:
    key = str(Card.objects.get(text="Does 1").key)
    carols.post(anchor=key, text="@Ed look", mentions=[str(member(ed).pk)])
    mention = Mention.objects.get()
    assert (mention.member, mention.seen_at) == (member(ed), None)
    eds.get("?anchor=map")
    carols.get(f"?anchor={key}")
    mention.refresh_from_db()
    assert mention.seen_at is None
    eds.get(f"?anchor={key}")
    mention.refresh_from_db()
    assert mention.seen_at is not None


def test_mentions_change_with_the_text_and_keep_what_was_seen(
    carols: Door, eds: Door, ed: User, carol: User, bob: User
) -> None:
    pk = carols.post(
        text="@Ed @me", mentions=[str(member(ed).pk), str(member(carol).pk)] * 2
    ).json()["id"]
    assert Mention.objects.get(member=member(carol)).seen_at is not None  # wrote it herself
    eds.get(f"?thread={pk}")
    carols.patch(pk, text="@Ed @Bob", mentions=[str(member(ed).pk), str(member(bob).pk)])
    seen = {m.member: m.seen_at is not None for m in Mention.objects.all()}
    assert seen == {member(ed): True, member(bob): False}


def test_members_and_things_of_others_are_not_found(
    carols: Door, journey: JourneyMap, mallory: User, other_workspace: Workspace, scope: Workspace
) -> None:
    with workspace_scope(other_workspace.pk):
        stranger = str(member(mallory).pk)
        theirs = make_map(other_workspace, make_touchpoint(other_workspace))
        foreign = add_comment(journey=theirs, author=None, text="Theirs")
        key = str(steps_of(draft_of(theirs))[0].key)
    other = make_map(scope, make_touchpoint(scope))
    elsewhere = add_comment(journey=other, author=None, text="Other map")
    for answer in (
        carols.post(text="x", mentions=[stranger]),
        carols.post(text="x", assigned_to=stranger),
        carols.post(text="x", thread=str(foreign.pk)),
        carols.post(text="x", thread=str(elsewhere.pk)),
        carols.patch(elsewhere.pk, resolved=True),
        carols.delete(foreign.pk),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for anchor in (key, str(uuid4())):
        answer = carols.post(text="x", anchor=anchor)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_anchor")
    assert Comment.objects.filter(map=journey).count() == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"text": "  "}, "empty"),
        ({"text": "x" * 4001}, "too_long"),
        ({"text": "nul\x00"}, "invalid"),
        ({"text": ["x"]}, "invalid"),
        ({"text": "x", "anchor": "cell"}, "invalid"),
        ({"text": "x", "mentions": "ed"}, "invalid"),
        ({"text": "x", "mentions": [1]}, "invalid"),
    ],
)
def test_bad_input_is_told_with_a_code(carols: Door, body: dict[str, object], code: str) -> None:
    answer = carols.post(**body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_change_must_say_what(carols: Door) -> None:
    pk = carols.post(text="x").json()["id"]
    for body, code in (({}, "nothing_to_change"), ({"resolved": 1}, "invalid")):
        answer = carols.patch(pk, **body)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert carols.get("?anchor=x").status_code == 400


def test_a_viewer_reads_and_a_stranger_finds_nothing(
    client_for: ClientFor, bob: User, mallory: User, journey: JourneyMap, client: Client
) -> None:
    viewer = Door(client_for(bob), journey)
    pk = add_comment(journey=journey, author=None, text="x").pk
    assert viewer.get().json()["threads"][0]["text"] == "x"
    for answer in (viewer.post(text="x"), viewer.patch(pk, resolved=True), viewer.delete(pk)):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert Door(client_for(mallory), journey).get().status_code == 404
    assert Door(client_for(mallory), journey).post(text="x").status_code == 404
    assert Door(client, journey).get().status_code == 401


def test_the_list_costs_the_same_for_any_number(
    carols: Door, journey: JourneyMap, ed: User, carol: User
) -> None:
    def talk() -> None:
        thread = add_comment(journey=journey, author=member(ed), text="A", mentions=[member(carol)])
        reply(thread=thread, author=member(carol), text="B", mentions=[member(ed)])
        resolve(thread=thread, by=member(ed))

    talk()
    with CaptureQueriesContext(connection) as few:  # one of them notes that she has seen it
        carols.get()
    for _number in range(10):
        talk()
    with CaptureQueriesContext(connection) as many:
        assert len(carols.get().json()["threads"]) == 11
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as read:
        load_threads(journey)
    assert len(read) == 2


def test_open_threads_are_counted_by_what_they_are_about(journey: JourneyMap) -> None:
    step = steps_of(draft_of(journey))[0]
    for anchor in (None, step.key, step.key):
        thread = add_comment(journey=journey, author=None, text="x", anchor=anchor)
        reply(thread=thread, author=None, text="y")
    resolve(thread=thread, by=None)
    with CaptureQueriesContext(connection) as queries:
        assert discussion(journey)["open"] == {"map": 1, str(step.key): 1}
    assert len(queries) == 1


def test_the_home_page_says_where_colleagues_wait(
    carols: Door, client_for: ClientFor, ed: User, workspace: Workspace, journey: JourneyMap
) -> None:
    carols.post(text="@Ed", mentions=[str(member(ed).pk)])
    thread = carols.post(text="Do it", assigned_to=str(member(ed).pk)).json()["id"]
    with acting(Access(workspace=workspace, user=ed, membership=member(ed))):
        with CaptureQueriesContext(connection) as queries:
            need = waiting_comments(workspace)
        assert len(queries) == 1
    assert need is not None
    assert (need.count, need.severity) == (2, "plain")
    assert need.detail == ("You are mentioned in 1 comment. 1 discussion is assigned to you.")
    assert need.url == f"{journey.get_absolute_url()}?thread={thread}"
    assert "Colleagues wait for you" in client_for(ed).get("/admin/").content.decode()


def test_nobody_waits_for_who_has_seen_and_done_everything(
    carols: Door, carol: User, ed: User, workspace: Workspace
) -> None:
    pk = carols.post(text="Do it", assigned_to=str(member(ed).pk)).json()["id"]
    carols.post(thread=pk, text="@Ed", mentions=[str(member(ed).pk)])
    carols.patch(pk, resolved=True)
    assert Mention.objects.get(member=member(ed)).seen_at is None
    for user in (ed, carol):
        with acting(Access(workspace=workspace, user=user, membership=member(user))):
            assert waiting_comments(workspace) is None
    assert waiting_comments(workspace) is None  # nobody asks: a key, a command
    assert any(item.key == "map-comments" for item in registry.attentions())


def test_the_audit_log_says_that_something_was_said_not_what(
    carols: Door, journey: JourneyMap
) -> None:
    pk = carols.post(text="Between us").json()["id"]
    carols.delete(pk)
    entries = AuditEntry.objects.filter(object_id=str(journey.pk)).order_by("created_at")
    assert [e.action for e in entries] == ["commented", "deleted a comment"]
    assert "Between us" not in str([(e.object_name, e.changes) for e in entries])
