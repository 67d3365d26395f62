"""An older version comes back as a draft, and what was there before is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, Membership, User, Workspace
from journeys.maps import editing
from journeys.maps.editing import VersionFrozenError
from journeys.maps.histories import load_history
from journeys.maps.models import Card, JourneyMap, Operation, Version
from journeys.maps.restoring import restore_version
from journeys.maps.services import publish_version, start_draft
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint, steps_of, texts_of

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"))


@pytest.fixture
def first(journey: JourneyMap) -> Version:
    return publish_version(version=draft_of(journey), by=None)


def change(draft: Version, text: str) -> None:
    editing.add_card(lane=lane_of(draft, "thoughts"), step=steps_of(draft)[0], text=text)


def texts(version: Version, kind: str = "thoughts") -> list[str]:
    return [text for _step, _position, text in texts_of(lane_of(version, kind))]


def test_restoring_gives_a_draft_with_the_old_contents_and_keys(
    journey: JourneyMap, first: Version
) -> None:
    change(start_draft(journey=journey), "New thought")
    restored = restore_version(version=first, by=None)
    assert (restored.status, restored.made_from) == ("draft", first)
    assert texts(restored) == []
    assert [s.key for s in steps_of(restored)] == [s.key for s in steps_of(first)]
    assert set(Card.objects.of_version(restored).values_list("key", "text")) == set(
        Card.objects.of_version(first).values_list("key", "text")
    )


def test_the_draft_before_is_kept_and_can_be_restored(
    journey: JourneyMap, first: Version, alice: User
) -> None:
    change(start_draft(journey=journey), "New thought")
    member = Membership.objects.get(user=alice)
    restore_version(version=first, by=member)
    kept = Version.objects.get(map=journey, number=2)
    assert (kept.status, kept.note) == ("retired", "Before restoring version 1")
    assert (kept.published_by, kept.published_at is None) == (member, False)
    again = restore_version(version=kept, by=member)
    assert texts(again) == ["New thought"]
    assert [v.number for v in Version.objects.drafts().filter(map=journey)] == [4]


def test_open_windows_are_told_to_reload(journey: JourneyMap, first: Version) -> None:
    draft = start_draft(journey=journey)
    Version.objects.filter(pk=draft.pk).update(revision=7)
    restored = restore_version(version=first, by=None)
    operation = Operation.objects.get(version=draft)
    assert (operation.number, operation.content) == (8, {"op": "reload"})
    draft.refresh_from_db()
    assert (draft.revision, restored.revision) == (8, 8)


def test_what_is_published_stays_and_the_next_draft_begins_from_it(
    journey: JourneyMap, first: Version
) -> None:
    change(start_draft(journey=journey), "New thought")
    publish_version(version=restore_version(version=first, by=None), by=None)
    live = Version.objects.published().get(map=journey)
    assert live.number == 3
    # Not from version 2, which was put away after version 1 and never published.
    assert start_draft(journey=journey).made_from == live


def test_without_a_draft_nothing_has_to_be_kept(journey: JourneyMap, first: Version) -> None:
    restored = restore_version(version=first, by=None)
    assert [v.number for v in Version.objects.filter(map=journey)] == [2, 1]
    assert restored.number == 2


def test_the_draft_itself_is_not_restored(journey: JourneyMap) -> None:
    with pytest.raises(DomainError) as refused:
        restore_version(version=draft_of(journey), by=None)
    assert refused.value.code == "is_draft"


def test_the_history_counts_what_each_version_changed(journey: JourneyMap, first: Version) -> None:
    draft = start_draft(journey=journey)
    change(draft, "New thought")
    editing.delete_card(card=Card.objects.get(lane__version=draft, text="Does 1"))
    with CaptureQueriesContext(connection) as queries:
        entries = load_history(journey)
    assert [(e.version.number, e.cards, e.changed) for e in entries] == [(2, 12, 2), (1, 12, 12)]
    assert len(queries) == 2
    publish_version(version=draft, by=None)
    start_draft(journey=journey)
    with CaptureQueriesContext(connection) as queries:
        entries = load_history(journey)
    assert [(e.version.number, e.changed) for e in entries] == [(3, 0), (2, 2), (1, 12)]
    assert len(queries) == 2
    assert [(e.version.number, e.changed) for e in load_history(journey, below=3, most=1)] == [
        (2, 2)
    ]


def test_versions_are_listed_and_restored_by_the_editor(
    client_for: ClientFor, alice: User, journey: JourneyMap, first: Version
) -> None:
    change(start_draft(journey=journey), "New thought")
    client = client_for(alice)
    address = f"/app/journeys/{journey.pk}/versions/"
    listed = client.get(address).json()["versions"]
    assert [(v["number"], v["status"]) for v in listed] == [(2, "draft"), (1, "published")]
    answer = client.post(address, {"restore": str(first.pk)}, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["version"]["number"] == 3
    notes = [v["note"] for v in client.get(address).json()["versions"]]
    assert notes == ["", "Before restoring version 1", ""]
    entry = AuditEntry.objects.get(action="restored")
    assert entry.object_id == answer.json()["version"]["id"]


def test_who_may_not_edit_may_look_at_the_history_only(
    client_for: ClientFor, bob: User, journey: JourneyMap, first: Version
) -> None:
    client = client_for(bob)
    address = f"/app/journeys/{journey.pk}/versions/"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"restore": str(first.pk)}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_bad_bodies_and_foreign_versions_are_refused(
    client_for: ClientFor,
    alice: User,
    journey: JourneyMap,
    scope: Workspace,
    other_workspace: Workspace,
) -> None:
    client = client_for(alice)
    address = f"/app/journeys/{journey.pk}/versions/"
    for body, code in (
        ("{", "not_json"),
        ("[]", "not_json"),
        ("{}", "nothing_to_do"),
        ('{"restore": 3}', "invalid"),
        ('{"to_be": "yes"}', "invalid"),
    ):
        answer = client.post(address, body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, code), body
    with workspace_scope(other_workspace.pk):
        theirs = draft_of(make_map(other_workspace))
    for wrong in (theirs, draft_of(make_map(scope))):
        answer = client.post(address, {"restore": str(wrong.pk)}, content_type="application/json")
        assert answer.status_code == 404
    assert client.get(address + "?below=x").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_publishing_and_restoring_at_once_take_turns(workspace: Workspace) -> None:
    """Who publishes gets what they saw, or is refused; nothing is lost either way."""
    with workspace_scope(workspace.pk):
        journey = make_map(workspace, make_touchpoint(workspace))
        first = publish_version(version=draft_of(journey), by=None)
        draft = start_draft(journey=journey)
        change(draft, "New thought")
    holds, goes_on = threading.Event(), threading.Event()
    seen: list[str] = []

    def publish() -> None:
        try:
            with workspace_scope(workspace.pk), transaction.atomic():
                publish_version(version=draft, by=None)
                holds.set()
                goes_on.wait(20)
        finally:
            connection.close()

    def restore() -> None:
        try:
            holds.wait(20)
            with workspace_scope(workspace.pk):
                seen.append(restore_version(version=first, by=None).status)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish), threading.Thread(target=restore)]
    for thread in threads:
        thread.start()
    holds.wait(20)
    threads[1].join(0.5)
    assert seen == []  # it waits for the publication
    goes_on.set()
    for thread in threads:
        thread.join(20)
    with workspace_scope(workspace.pk):
        states = dict(Version.objects.filter(map=journey).values_list("number", "status"))
        assert states == {1: "retired", 2: "published", 3: "draft"}
        assert texts(Version.objects.get(map=journey, number=2)) == ["New thought"]
        assert texts(Version.objects.get(map=journey, number=3)) == []


@pytest.mark.django_db(transaction=True)
def test_who_publishes_a_draft_that_was_just_put_away_is_refused(workspace: Workspace) -> None:
    with workspace_scope(workspace.pk):
        journey = make_map(workspace, make_touchpoint(workspace))
        first = publish_version(version=draft_of(journey), by=None)
        draft = start_draft(journey=journey)
    holds, goes_on = threading.Event(), threading.Event()
    refused: list[str] = []

    def restore() -> None:
        try:
            with workspace_scope(workspace.pk), transaction.atomic():
                restore_version(version=first, by=None)
                holds.set()
                goes_on.wait(20)
        finally:
            connection.close()

    def publish() -> None:
        try:
            holds.wait(20)
            with workspace_scope(workspace.pk):
                publish_version(version=draft, by=None)
        except VersionFrozenError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=restore), threading.Thread(target=publish)]
    for thread in threads:
        thread.start()
    holds.wait(20)
    threads[1].join(0.5)
    goes_on.set()
    for thread in threads:
        thread.join(20)
    assert refused == ["version_frozen"]
    with workspace_scope(workspace.pk):
        states = dict(Version.objects.filter(map=journey).values_list("number", "status"))
    assert states == {1: "published", 2: "retired", 3: "draft"}
