"""Pictures that nothing shows go away after a day, not sooner, and no other ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from journeys.maps import sweeping, tasks
from journeys.maps.models import Card, Lane, UnusedPicture, Version
from journeys.maps.pictures import is_stored, store_picture
from journeys.maps.services import publish_version, start_draft
from journeys.maps.shelf import delete_map
from tests.journeys.make import draft_of, make_map, make_touchpoint, steps_of

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n picture"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def draft(scope: Workspace) -> Version:
    return draft_of(make_map(scope, make_touchpoint(scope)))


def store(workspace: Workspace) -> str:
    return store_picture(workspace.pk, ContentFile(PNG))


def show(version: Version, name: str) -> Card:
    lane, _made = Lane.objects.get_or_create(
        version=version, kind="pictures", defaults={"position": 90}
    )
    place = lane.cards.count()
    return Card.objects.create(lane=lane, step=steps_of(version)[0], position=place, picture=name)


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now(), tick=False) as clock:
        yield clock


def test_a_picture_without_a_card_goes_after_a_day(
    draft: Version, scope: Workspace, later: time_machine.Traveller
) -> None:
    shown, unused = store(scope), store(scope)
    show(draft, shown)
    tasks.tidy()
    later.shift(timedelta(hours=23))
    tasks.tidy()
    assert is_stored(scope.pk, unused)
    later.shift(timedelta(hours=2))
    tasks.tidy()
    assert not is_stored(scope.pk, unused)
    assert is_stored(scope.pk, shown)


def test_a_card_that_comes_back_keeps_its_picture(
    draft: Version, scope: Workspace, later: time_machine.Traveller
) -> None:
    name = store(scope)
    card = show(draft, name)
    later.shift(timedelta(days=40))
    # An old picture whose card is deleted has its day as well.
    card.delete()
    tasks.tidy()
    assert is_stored(scope.pk, name)
    later.shift(timedelta(hours=20))
    card = show(draft, name)
    tasks.tidy()
    card.delete()
    later.shift(timedelta(hours=20))
    tasks.tidy()
    assert is_stored(scope.pk, name)
    later.shift(timedelta(hours=25))
    tasks.tidy()
    assert not is_stored(scope.pk, name)


def test_older_versions_keep_their_pictures(
    draft: Version, scope: Workspace, later: time_machine.Traveller
) -> None:
    name = store(scope)
    show(draft, name)
    publish_version(version=draft, by=None)
    following = start_draft(journey=draft.map)
    Card.objects.filter(lane__version=following, picture=name).delete()
    for _day in range(3):
        tasks.tidy()
        later.shift(timedelta(days=2))
    assert is_stored(scope.pk, name)


def test_a_deleted_map_takes_its_pictures_along(
    draft: Version, scope: Workspace, later: time_machine.Traveller
) -> None:
    name, other = store(scope), store(scope)
    show(draft, name)
    show(draft_of(make_map(scope, make_touchpoint(scope))), other)
    delete_map(journey=draft.map)
    tasks.tidy()
    later.shift(timedelta(days=2))
    tasks.tidy()
    assert not is_stored(scope.pk, name)
    assert is_stored(scope.pk, other)


def test_a_deleted_workspace_takes_its_pictures_along(
    scope: Workspace, other_workspace: Workspace, media: Path
) -> None:
    mine, theirs = store(scope), store(other_workspace)
    strange = media / "maps" / "not-an-id"
    strange.mkdir()
    (media / "maps" / str(other_workspace.pk) / "notes.txt").write_text("not ours")
    with workspace_scope(other_workspace.pk):
        Workspace.objects.filter(pk=other_workspace.pk).delete()
    tasks.tidy()
    assert not is_stored(other_workspace.pk, theirs)
    assert is_stored(scope.pk, mine)
    assert strange.exists()
    assert [path.name for path in (media / "maps" / str(other_workspace.pk)).iterdir()] == [
        "notes.txt"
    ]


def test_a_workspace_looks_at_its_own_pictures_alone(
    scope: Workspace, other_workspace: Workspace, later: time_machine.Traveller
) -> None:
    theirs = store(other_workspace)
    for _day in range(2):
        sweeping.forget_pictures(workspace=scope)
        later.shift(timedelta(days=2))
    assert is_stored(other_workspace.pk, theirs)


def test_many_are_looked_at_in_batches(
    scope: Workspace, later: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 3)
    names = [store(scope) for _n in range(8)]
    sweeping.forget_pictures(workspace=scope)
    assert UnusedPicture.objects.count() == 8
    later.shift(timedelta(days=2))
    with CaptureQueriesContext(connection) as queries:
        sweeping.forget_pictures(workspace=scope)
    assert len(queries) <= 3 * 5 + 2
    assert not any(is_stored(scope.pk, name) for name in names)
    # What is gone is forgotten with the next look.
    sweeping.forget_pictures(workspace=scope)
    assert not UnusedPicture.objects.exists()
