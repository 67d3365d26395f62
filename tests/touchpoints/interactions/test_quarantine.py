from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import NOON, make_source, make_touchpoint
from touchpoints.interactions.mapping import read_mapping
from touchpoints.interactions.models import ImportMapping, Interaction, Quarantined, SourceDay
from touchpoints.interactions.records import Counts
from touchpoints.interactions.rows import RawRow
from touchpoints.interactions.segment import read_call
from touchpoints.interactions.services import import_rows, ingest, replay

pytestmark = pytest.mark.django_db


def send(workspace: Workspace, *events: Mapping[str, object]) -> None:
    source, _key = make_source(workspace)
    body = json.dumps({"sentAt": NOON.isoformat(), "batch": events}).encode()
    ingest(source=source, records=read_call(body, "batch", NOON), received_at=NOON)


def all_waiting() -> list[UUID]:
    return list(Quarantined.objects.values_list("pk", flat=True))


def test_an_event_is_stored_once_its_touchpoint_is_there(scope: Workspace) -> None:
    happened = NOON - timedelta(hours=2)
    event = {
        "type": "track",
        "event": "Called",
        "userId": "u1",
        "messageId": "m1",
        "timestamp": happened.isoformat(),
        "context": {"touchpoint": "hotline"},
    }
    send(scope, event)
    assert replay(workspace=scope, ids=all_waiting()) == Counts(1, 0, 0, 1)
    place = make_touchpoint(scope, key="hotline")
    assert replay(workspace=scope, ids=all_waiting()) == Counts(1, 1, 0, 0)
    row = Interaction.objects.get()
    assert (row.touchpoint, row.occurred_at, row.received_at) == (place, happened, NOON)
    kept = Quarantined.objects.get()
    assert kept.outcome == Quarantined.Outcome.STORED
    day = SourceDay.objects.get()
    assert (day.received, day.stored, day.duplicate, day.quarantined) == (1, 1, 0, 0)
    assert replay(workspace=scope, ids=all_waiting()) == Counts()


def test_what_was_sent_right_meanwhile_is_a_duplicate(scope: Workspace) -> None:
    event = {"type": "track", "event": "A", "userId": "u1", "messageId": "m1"}
    source, _key = make_source(scope)
    bad = read_call(
        json.dumps({"batch": [{**event, "context": {"touchpoint": "x"}}]}).encode(), "batch", NOON
    )
    good = read_call(json.dumps({"batch": [event]}).encode(), "batch", NOON)
    for call in (bad, good):
        ingest(source=source, records=call, received_at=NOON)
    make_touchpoint(scope, key="x")
    assert replay(workspace=scope, ids=all_waiting()) == Counts(1, 0, 1, 0)
    assert Interaction.objects.count() == 1


def test_a_row_of_a_file_is_stored_once_its_mapping_is_mended(scope: Workspace) -> None:
    content = {
        "name": "orders",
        "occurred_at": {"from": "column", "column": "when"},
        "columns": {"kind": {"values": {"web": "Web"}}},
        "emit": [{"event": "seen"}, {"event": "order", "properties": {"kind": {"column": "kind"}}}],
    }
    rows = [
        RawRow(1, {"when": "2026-05-01", "kind": "web"}),
        RawRow(2, {"when": "2026-05-02", "kind": "till"}),
        RawRow(3, {"when": "2026-05-02", "kind": "till"}),
    ]
    mapping = read_mapping(json.dumps(content).encode())
    counts = import_rows(workspace=scope, mapping=mapping, rows=rows)
    assert (counts.stored, counts.quarantined) == (1, 2)
    assert replay(workspace=scope, ids=all_waiting()).quarantined == 2
    kept = ImportMapping.objects.get()
    kept.content["columns"]["kind"]["values"]["till"] = "Till"
    kept.save()
    assert replay(workspace=scope, ids=all_waiting()) == Counts(2, 2, 0, 0)
    assert Interaction.objects.count() == 6
    again = import_rows(
        workspace=scope, mapping=read_mapping(json.dumps(kept.content).encode()), rows=rows
    )
    assert (again.stored, again.duplicate) == (0, 3)


def test_without_its_mapping_a_row_says_so(scope: Workspace) -> None:
    mapping = read_mapping(
        json.dumps(
            {
                "name": "orders",
                "occurred_at": {"from": "column", "column": "when"},
                "emit": [{"event": "a"}],
            }
        ).encode()
    )
    import_rows(workspace=scope, mapping=mapping, rows=[RawRow(1, {"when": "never"})])
    ImportMapping.objects.all().delete()
    replay(workspace=scope, ids=all_waiting())
    assert Quarantined.objects.get().reason == "no_mapping"


def test_the_list_shows_reasons_and_tries_again(
    scope: Workspace, client_for: Callable[[User], Client], alice: User, bob: User
) -> None:
    send(scope, {"type": "track", "event": "A", "userId": "u", "context": {"touchpoint": "x"}})
    make_touchpoint(scope, key="x")
    url = reverse("admin:interactions_quarantined_changelist")
    chosen = [str(pk) for pk in all_waiting()]
    again = {"action": "try_again", "_selected_action": chosen}
    viewer = client_for(bob)
    assert "No touchpoint has the key" in viewer.get(url).content.decode()
    viewer.post(url, again)
    assert not Interaction.objects.exists()
    browser = client_for(alice)
    answer = browser.post(url, again, follow=True)
    assert "1 tried again: 1 stored" in answer.content.decode()
    assert Interaction.objects.count() == 1
