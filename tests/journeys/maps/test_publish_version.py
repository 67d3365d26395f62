"""Publishing freezes the draft, in the services and in the database."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.api.errors import DomainError
from cxm.workspaces.models import AuditEntry, Membership, User, Workspace
from journeys.maps import editing
from journeys.maps.models import Card, Comment, JourneyMap, Lane, Stage, Step, Version
from journeys.maps.readiness import readiness_of
from journeys.maps.services import publish_version, start_draft
from tests.journeys.make import (
    draft_of,
    lane_of,
    make_map,
    make_touchpoint,
    steps_of,
)
from touchpoints.catalogue.models import Touchpoint

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"))


@pytest.fixture
def live(journey: JourneyMap) -> Version:
    return publish_version(version=draft_of(journey), by=None)


def test_publishing_freezes_the_draft_and_says_who_and_when(
    journey: JourneyMap, alice: User
) -> None:
    member = Membership.objects.get(user=alice)
    version = publish_version(version=draft_of(journey), by=member)
    version.refresh_from_db()
    assert version.status == "published"
    assert version.published_at is not None
    assert version.published_by == member
    assert not Version.objects.drafts().filter(map=journey).exists()


def test_an_empty_map_is_not_published(scope: Workspace) -> None:
    empty = make_map(scope, name="Nothing yet")
    with pytest.raises(DomainError) as refused:
        publish_version(version=draft_of(empty), by=None)
    assert refused.value.code == "map_empty"


def test_the_next_draft_begins_as_a_copy_of_what_is_live(
    journey: JourneyMap, live: Version
) -> None:
    draft = start_draft(journey=journey)
    assert draft.number == 2
    assert [s.name for s in steps_of(draft)] == ["Step 1", "Step 2"]
    assert not set(Step.objects.filter(stage__version=draft)) & set(
        Step.objects.filter(stage__version=live)
    )
    before = Card.objects.of_version(live)
    after = Card.objects.of_version(draft)
    fields = ("lane__kind", "step__name", "position", "text", "touchpoint", "valence")
    assert sorted(map(str, before.values_list(*fields))) == sorted(
        map(str, after.values_list(*fields))
    )


def test_starting_twice_gives_the_same_draft(journey: JourneyMap, live: Version) -> None:
    assert start_draft(journey=journey) == start_draft(journey=journey)


def test_publishing_again_retires_what_was_live(journey: JourneyMap, live: Version) -> None:
    second = publish_version(version=start_draft(journey=journey), by=None)
    live.refresh_from_db()
    assert live.status == "retired"
    assert list(Version.objects.published().filter(map=journey)) == [second]


def test_services_refuse_a_published_version(live: Version, scope: Workspace) -> None:
    step = steps_of(live)[0]
    lane = lane_of(live, "actions")
    card = Card.objects.get(lane=lane, step=step)
    with pytest.raises(editing.VersionFrozenError):
        editing.add_step(stage=step.stage, name="Late")
    with pytest.raises(editing.VersionFrozenError):
        editing.add_card(lane=lane, step=step, text="Late")
    with pytest.raises(editing.VersionFrozenError):
        editing.move_card(card=card, direction="right")
    with pytest.raises(editing.VersionFrozenError):
        editing.delete_card(card=card)
    with pytest.raises(editing.VersionFrozenError):
        publish_version(version=live, by=None)


def test_the_database_refuses_to_change_a_published_version(live: Version) -> None:
    step = steps_of(live)[0]
    lane = lane_of(live, "actions")
    attempts: list[Callable[[], object]] = [
        lambda: Card.objects.filter(lane=lane).update(text="Rewritten"),
        lambda: Step.objects.filter(pk=step.pk).update(name="Rewritten"),
        lambda: Stage.objects.filter(version=live).update(name="Rewritten"),
        lambda: Lane.objects.filter(version=live).update(hidden=True),
        lambda: Card.objects.create(lane=lane, step=step, position=9, text="Late"),
        lambda: Step.objects.create(stage=step.stage, position=9, name="Late"),
        lambda: Stage.objects.create(version=live, position=9, name="Late"),
        lambda: Lane.objects.create(version=live, position=99, kind="notes"),
        lambda: Version.objects.filter(pk=live.pk).update(status="draft", published_at=None),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="published"), transaction.atomic():
            attempt()


@pytest.mark.parametrize("model", [Card, Step, Stage, Lane])
def test_the_database_refuses_to_delete_from_a_published_version(
    live: Version, model: type[Card] | type[Step] | type[Stage] | type[Lane]
) -> None:
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        _delete_all(model)


def test_a_whole_map_can_be_deleted_with_all_its_versions(
    journey: JourneyMap, live: Version
) -> None:
    start_draft(journey=journey)
    with transaction.atomic():
        journey.delete()
        _judge_now()
    assert not Card.objects.exists()


def _delete_all(model: type[Card] | type[Step] | type[Stage] | type[Lane]) -> None:
    model.objects.all().delete()
    _judge_now()


def _judge_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_published_version_keeps_the_window_of_its_figures(journey: JourneyMap) -> None:
    draft = draft_of(journey)
    Workspace.objects.update(timezone="Pacific/Auckland")
    with time_machine.travel(datetime(2026, 5, 20, 20, 0, tzinfo=UTC), tick=False):
        version = publish_version(version=draft, by=None, note="First one")
    version.refresh_from_db()
    # In Auckland it is the 21st already, so that the 20th is over: 90 days until then.
    assert (version.window_start, version.window_end) == (date(2026, 2, 20), date(2026, 5, 20))
    assert version.note == "First one"


def publish_address(journey: JourneyMap) -> str:
    return f"/app/journeys/{journey.pk}/publish/"


def test_the_editor_learns_what_publishing_would_change(
    client_for: ClientFor, alice: User, journey: JourneyMap, live: Version
) -> None:
    draft = start_draft(journey=journey)
    card = Card.objects.get(lane__version=draft, text="Does 1")
    card.text = "Asks around"
    editing.edit_card(card=card, fields=["text"])
    found = client_for(alice).get(publish_address(journey)).json()
    assert (found["number"], found["live"], found["blockers"]) == (2, 1, [])
    changes = found["changes"]
    assert [changes[how] for how in ("added", "changed", "removed", "moved")] == [0, 1, 0, 0]
    (cell,) = changes["cells"]
    assert (cell["lane_title"], cell["step_title"], cell["changed"]) == ("Actions", "Step 1", 1)
    assert cell["cards"] == [
        {"key": str(card.key), "how": ["changed"], "text": "Asks around", "was": "Does 1"}
    ]


def test_gaps_in_the_lane_of_departments_are_told(
    client_for: ClientFor, alice: User, journey: JourneyMap
) -> None:
    client, draft = client_for(alice), draft_of(journey)
    first, second = steps_of(draft)
    (warning,) = client.get(publish_address(journey)).json()["warnings"]
    assert warning == {
        "code": "responsible_missing",
        "detail": "Two steps have no responsible department.",
        "where": [str(first.key), str(second.key)],
    }
    lane = lane_of(draft, "responsible")
    card = editing.add_card(lane=lane, step=first, text="Sales")
    (warning,) = client.get(publish_address(journey)).json()["warnings"]
    assert warning["detail"] == "One step has no responsible department."
    card.span = 2
    editing.edit_card(card=card, fields=["span"])
    assert client.get(publish_address(journey)).json()["warnings"] == []
    editing.delete_lane(lane=lane)
    assert client.get(publish_address(journey)).json()["warnings"] == []


def test_other_things_are_worth_knowing_before(
    client_for: ClientFor, alice: User, journey: JourneyMap, live: Version
) -> None:
    draft = start_draft(journey=journey)
    Lane.objects.filter(version=draft, kind="responsible").update(hidden=True)
    Touchpoint.objects.filter(name="Store").update(status="retired")
    Comment.objects.create(map=journey, text="Wait", anchor=steps_of(draft)[0].key)
    Lane.objects.filter(version=draft, kind="responsible").update(hidden=False)
    warnings = client_for(alice).get(publish_address(journey)).json()["warnings"]
    assert {w["code"]: w["detail"] for w in warnings} == {
        "unchanged": "Nothing has changed since version 1.",
        "responsible_missing": "Two steps have no responsible department.",
        "touchpoint_retired": "No longer in use: Store.",
        "discussions_open": "One discussion is still open.",
    }
    assert all(len(w["where"]) == 1 for w in warnings[2:])


def test_an_empty_map_is_blocked(client_for: ClientFor, alice: User, scope: Workspace) -> None:
    client, empty = client_for(alice), make_map(scope, name="Nothing yet")
    (blocker,) = client.get(publish_address(empty)).json()["blockers"]
    assert (blocker["code"], blocker["where"]) == ("map_empty", [])
    answer = client.post(publish_address(empty), {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "map_empty")


def test_the_summary_costs_the_same_for_any_size(
    client_for: ClientFor, alice: User, scope: Workspace
) -> None:
    client, counts = client_for(alice), []
    for size in (1, 1, 8):
        journey = make_map(scope, *(make_touchpoint(scope) for _number in range(size)))
        publish_version(version=draft_of(journey), by=None)
        start_draft(journey=journey)
        with CaptureQueriesContext(connection) as queries:
            client.get(publish_address(journey))
        counts.append(len(queries))
    assert counts[1] == counts[2]
    draft = draft_of(journey)
    with CaptureQueriesContext(connection) as queries:
        readiness_of(draft, Version.objects.published().get(map=journey))
    assert len(queries) == 8  # one for the live version


def test_publishing_with_a_note(client_for: ClientFor, alice: User, journey: JourneyMap) -> None:
    client = client_for(alice)
    too_long = client.post(
        publish_address(journey), {"note": "x" * 241}, content_type="application/json"
    )
    assert (too_long.status_code, too_long.json()["code"]) == (400, "too_long")
    answer = client.post(
        publish_address(journey), {"note": " Shorter wait "}, content_type="application/json"
    )
    assert answer.status_code == 200
    version = Version.objects.published().get(map=journey)
    assert (version.note, answer.json()["version"]["id"]) == ("Shorter wait", str(version.pk))
    assert version.published_by == Membership.objects.get(user=alice)
    assert AuditEntry.objects.get(action="published").object_id == str(version.pk)
    again = client.post(publish_address(journey), {}, content_type="application/json")
    assert again.status_code == 404


def test_a_viewer_does_not_publish(client_for: ClientFor, bob: User, journey: JourneyMap) -> None:
    client = client_for(bob)
    assert client.get(publish_address(journey)).status_code == 403
    assert (
        client.post(publish_address(journey), {}, content_type="application/json").status_code
        == 403
    )
    assert Version.objects.get(map=journey).is_draft()


def test_a_touchpoint_on_a_published_map_is_not_deleted_and_says_where_it_stands(
    client_for: ClientFor, alice: User, journey: JourneyMap, live: Version
) -> None:
    place = Touchpoint.objects.get(name="Store")
    with pytest.raises(ProtectedError):
        place.delete()
    page = client_for(alice).get(f"/admin/catalogue/touchpoint/{place.pk}/delete/")
    shown = html.unescape(page.content.decode())
    assert f"“Store” at the step “Step 2” of “{journey.name}, version 1”" in shown.replace(
        str(place), "Store"
    )
    client_for(alice).post(f"/admin/catalogue/touchpoint/{place.pk}/delete/", {"post": "yes"})
    assert Touchpoint.objects.filter(pk=place.pk).exists()


def test_a_retired_touchpoint_still_stands_on_published_maps(
    client_for: ClientFor, bob: User, journey: JourneyMap, live: Version
) -> None:
    Touchpoint.objects.filter(name="Store").update(status="retired")
    shown = client_for(bob).get(journey.get_absolute_url()).content.decode()
    assert "Store" in shown
    assert Card.objects.of_version(live).filter(touchpoint__name="Store").exists()
