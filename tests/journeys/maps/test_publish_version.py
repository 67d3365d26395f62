"""Publishing freezes the draft, in the services and in the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from cxm.api.errors import DomainError
from cxm.workspaces.models import Membership, User, Workspace
from journeys.maps import editing
from journeys.maps.models import Card, JourneyMap, Lane, Stage, Step, Version
from journeys.maps.services import publish_version, start_draft
from tests.journeys.make import (
    draft_of,
    lane_of,
    make_map,
    make_touchpoint,
    steps_of,
)

pytestmark = pytest.mark.django_db


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
