"""What two versions differ in: the pure rules, the reading of versions, and the editor's door."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from journeys.maps import editing
from journeys.maps.diffing import Plain, Snapshot, Thing, compare
from journeys.maps.models import Card, Stage, Step, StepLink, Version
from journeys.maps.services import publish_version, start_draft
from journeys.maps.snapshots import load_snapshots
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint, steps_of
from tests.journeys.maps import ops

ClientFor = Callable[[User], Client]

STAGE, STEP, OTHER, LANE = (UUID(int=n) for n in range(1, 5))


def thing(kind: str, key: UUID, *parents: UUID, place: int = 0, **fields: Plain) -> Thing:
    return Thing(kind, key, parents, (place,), str(fields.get("name", "")), fields)  # type: ignore[arg-type]


def steps(*names: str, stage: UUID = STAGE) -> list[Thing]:
    return [
        thing("step", UUID(bytes=name.encode().ljust(16)), stage, place=place, name=name)
        for place, name in enumerate(names)
    ]


def moved(before: list[Thing], after: list[Thing]) -> list[str]:
    diff = compare(Snapshot.of(before), Snapshot.of(after))
    return [change.thing.title for change in diff.changes if "moved" in change.hows]


def test_the_same_twice_differs_in_nothing() -> None:
    same = Snapshot.of(steps("a", "b"))
    assert compare(same, same).changes == ()


def test_added_removed_and_changed_are_told_by_key() -> None:
    card = uuid4()
    before = Snapshot.of(
        [*steps("a", "b"), thing("card", card, LANE, STEP, text="Old", span=1, severity=2)]
    )
    after = Snapshot.of(
        [*steps("b", "c"), thing("card", card, LANE, STEP, text="New", span=1, severity=2)]
    )
    diff = compare(before, after)
    assert [(c.thing.title, c.hows) for c in diff.of("step")] == [
        ("c", ("added",)),
        ("a", ("removed",)),
    ]
    (changed,) = diff.of("card", "changed")
    assert [(f.name, f.was, f.now) for f in changed.fields] == [("text", "Old", "New")]
    assert (diff.totals.added, diff.totals.removed, diff.totals.changed) == (1, 1, 1)


def test_what_makes_room_has_not_moved() -> None:
    assert moved(steps("a", "b", "c"), steps("new", "a", "b", "c")) == []
    assert moved(steps("a", "b", "c"), steps("a", "c")) == []
    assert moved(steps("a", "b", "c", "d"), steps("b", "c", "d", "a")) == ["a"]
    assert moved(steps("a", "b", "c", "d"), steps("d", "a", "b", "c")) == ["d"]
    assert len(moved(steps("a", "b", "c"), steps("c", "b", "a"))) == 2


def test_a_step_that_moves_to_another_stage_keeps_its_cards() -> None:
    (before,) = steps("a")
    (after,) = steps("a", stage=OTHER)
    card = thing("card", uuid4(), LANE, before.key, text="x")
    diff = compare(Snapshot.of([before, card]), Snapshot.of([after, card]))
    assert [(c.thing.kind, c.hows) for c in diff.changes] == [("step", ("moved",))]


def test_changes_are_counted_by_lane_step_and_cell() -> None:
    first, second = (thing("card", uuid4(), LANE, STEP, place=n, text=str(n)) for n in (0, 1))
    there = thing("card", second.key, LANE, OTHER, text="1, elsewhere")
    diff = compare(Snapshot.of([first, second]), Snapshot.of([there]))
    assert diff.by_lane[LANE].total == 3  # one removed, one changed and moved
    assert (diff.by_step[STEP].removed, diff.by_step[OTHER].moved) == (1, 1)
    assert set(diff.by_cell) == {(LANE, STEP), (LANE, OTHER)}


@pytest.fixture
def live(scope: Workspace) -> Version:
    journey = make_map(
        scope,
        make_touchpoint(scope),
        make_touchpoint(scope, "Store"),
        make_touchpoint(scope, "Help"),
    )
    return publish_version(version=draft_of(journey), by=None)


@pytest.fixture
def draft(live: Version) -> Version:
    """A draft in which something of everything has changed."""
    draft = start_draft(journey=live.map)
    one, two, three = steps_of(draft)
    asks = Card.objects.get(lane__version=draft, text="Does 1")
    asks.text = "Asks around"
    editing.edit_card(card=asks, fields=["text"])
    editing.move_card(card=Card.objects.get(lane__version=draft, text="Does 2"), direction="right")
    editing.delete_card(card=Card.objects.get(lane__version=draft, text="Does 3"))
    editing.add_card(lane=lane_of(draft, "thoughts"), step=two, text="Hm")
    StepLink.objects.create(step=three, to=one, label="again")
    Stage.objects.filter(version=draft, position=0).update(name="Before")
    ops.done(draft, ops.move("stage", Stage.objects.get(version=draft, position=2).pk, 1))
    return draft


@pytest.mark.django_db
def test_a_fresh_draft_differs_in_nothing(live: Version) -> None:
    draft = start_draft(journey=live.map)
    snapshots = load_snapshots([live, draft])
    assert compare(snapshots[live.pk], snapshots[draft.pk]).changes == ()


@pytest.mark.django_db
def test_two_versions_are_compared_for_the_editor(
    client_for: ClientFor, alice: User, live: Version, draft: Version
) -> None:
    client = client_for(alice)
    address = f"/app/journeys/{live.map_id}/versions/diff/?a={live.pk}&b={draft.pk}"
    found = client.get(address).json()
    assert (found["a"]["number"], found["b"]["number"]) == (1, 2)
    cards = found["cards"]
    assert [c["title"] for c in cards["added"]] == ["Hm"]
    assert [c["title"] for c in cards["removed"]] == ["Does 3"]
    (changed,) = cards["changed"]
    assert (changed["title"], changed["was_title"]) == ("Asks around", "Does 1")
    assert changed["fields"] == [{"field": "text", "was": "Does 1", "now": "Asks around"}]
    (went,) = cards["moved"]
    assert went["title"] == "Does 2"
    assert went["place"]["step"] != went["was_place"]["step"]
    assert [s["title"] for s in found["stages"]["changed"]] == ["Before"]
    assert len(found["stages"]["moved"]) == 1
    (linked,) = found["steps"]["changed"]
    first = steps_of(draft)[0]
    assert linked["fields"] == [{"field": "next", "was": [], "now": [[str(first.key), "again"]]}]
    assert found["counts"]["cards"] == {"added": 1, "changed": 1, "removed": 1, "moved": 1}
    lanes = {entry["title"]: entry for entry in found["by_lane"]}
    assert lanes["Actions"]["changed"] == lanes["Actions"]["removed"] == 1
    assert lanes["Thoughts"]["added"] == 1
    assert sum(len(cell["cards"]) for cell in found["cells"]) == 4


@pytest.mark.django_db
def test_the_comparison_costs_the_same_for_any_size(
    client_for: ClientFor, alice: User, live: Version, draft: Version
) -> None:
    client = client_for(alice)
    address = f"/app/journeys/{live.map_id}/versions/diff/?a={live.pk}&b={draft.pk}"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(20):
        editing.add_card(
            lane=lane_of(draft, "thoughts"), step=steps_of(draft)[0], text=f"Thought {number}"
        )
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as read:
        load_snapshots([live, draft])
    assert len(read) == 5


@pytest.mark.django_db
def test_bad_questions_are_told_with_a_code(
    client_for: ClientFor, alice: User, live: Version, other_workspace: Workspace
) -> None:
    client = client_for(alice)
    address = f"/app/journeys/{live.map_id}/versions/diff/"
    for query, code in (("", "two_versions_needed"), (f"?a={live.pk}&b=x", "invalid")):
        answer = client.get(address + query)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    with workspace_scope(other_workspace.pk):
        theirs = draft_of(make_map(other_workspace))
    other = draft_of(make_map(live.workspace))
    for wrong in (theirs, other):
        assert client.get(f"{address}?a={live.pk}&b={wrong.pk}").status_code == 404
    assert Step.objects.filter(stage__version=live).count() == 3
