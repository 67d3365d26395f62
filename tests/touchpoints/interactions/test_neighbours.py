"""One bad event in a body costs no other, whatever is bad about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.touchpoints.interactions.tally import Tally, tally_of
from tests.touchpoints.make import make_source
from touchpoints.interactions.models import Interaction, Quarantined, Source
from touchpoints.interactions.records import Record
from touchpoints.interactions.services import Batch, drain, put_events, replay
from touchpoints.interactions.services.storing import Stored

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
GOOD = {"type": "track", "event": "Good", "userId": "u1"}


@pytest.fixture
def source(workspace: Workspace) -> Source:
    return make_source(workspace)[0]


def sort_in(source: Source, *events: dict[str, Any]) -> None:
    with workspace_scope(source.workspace_id):
        put_events(source=source, events=events, received_at=AT)
    drain()


@pytest.mark.parametrize("name", ["a\0b", "\x07", "é" * 300, "a\u0085b", "\n\x1f"])
def test_a_browser_without_a_name_that_can_be_kept(
    workspace: Workspace, source: Source, name: str
) -> None:
    sort_in(
        source,
        {**GOOD, "messageId": "m1"},
        {"type": "track", "event": "Bad", "anonymousId": name, "messageId": "m2"},
        {**GOOD, "messageId": "m3"},
    )
    assert tally_of(workspace) == Tally(received=3, stored=2, quarantined=1)
    with workspace_scope(workspace.pk):
        assert Quarantined.objects.get().reason in {"bad_customer", "no_identity"}


@pytest.fixture
def trap(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw, at events called Bad."""
    # By its name the package gives the function that is called like the module.
    module = import_module("touchpoints.interactions.services.ingest")
    real = module.store

    def store(entries: Sequence[tuple[UUID, Batch, Record]]) -> Stored:
        if any(record.event == "Bad" for _key, _batch, record in entries):
            raise ZeroDivisionError("Nobody thought of this.")
        found: Stored = real(entries)
        return found

    monkeypatch.setattr(module, "store", store)


def test_what_nobody_foresaw_stops_one_event_only(
    workspace: Workspace, source: Source, trap: None
) -> None:
    for number in range(3):
        with workspace_scope(workspace.pk):
            put_events(
                source=source,
                events=[
                    {**GOOD, "messageId": f"before {number}"},
                    {**GOOD, "messageId": f"bad {number}", "event": "Bad" if number == 1 else "A"},
                    {**GOOD, "messageId": f"after {number}"},
                ],
                received_at=AT,
            )
    drain()
    assert tally_of(workspace) == Tally(received=9, stored=8, quarantined=1)
    with workspace_scope(workspace.pk):
        bad = Quarantined.objects.get()
        assert (bad.reason, bad.detail) == ("failed", "Nobody thought of this.")
        assert Interaction.objects.count() == 8


def test_what_failed_can_be_sorted_in_once_the_fault_is_mended(
    workspace: Workspace, source: Source, monkeypatch: pytest.MonkeyPatch, trap: None
) -> None:
    sort_in(source, {**GOOD, "messageId": "m1", "event": "Bad"})
    monkeypatch.undo()
    with workspace_scope(workspace.pk):
        replay(workspace=workspace, ids=[Quarantined.objects.get().pk])
        assert Interaction.objects.get().event == "Bad"
    assert tally_of(workspace) == Tally(received=1, stored=1)
