"""Several people at once, each on a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, transaction

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Membership, Workspace
from journeys.maps.models import Card, Operation, PainPoint, Version
from journeys.maps.operations.applying import carry_out
from journeys.maps.operations.reading import read_operations
from journeys.maps.operations.verbs import Sync
from journeys.maps.syncing import synchronise
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint, steps_of
from tests.journeys.maps import ops
from tests.make import make_user

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12


def together(workspace: Workspace, *works: Callable[[], None]) -> None:
    """Run each work in a thread; a failure of one fails the test."""
    ready = threading.Barrier(len(works))
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            with workspace_scope(workspace.pk):
                ready.wait(timeout=20)
                work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def made(workspace: Workspace, number: int = 2) -> list[Version]:
    with workspace_scope(workspace.pk):
        return [draft_of(make_map(workspace, make_touchpoint(workspace))) for _ in range(number)]


def revision(version: Version) -> int:
    return Version.objects.get(pk=version.pk).revision


def test_people_in_different_cells_never_meet(workspace: Workspace) -> None:
    (draft,) = made(workspace, 1)
    kinds = ("actions", "needs", "opportunities", "thoughts")
    with workspace_scope(workspace.pk):
        step = steps_of(draft)[0].pk
        lanes = [lane_of(draft, kind).pk for kind in kinds]

    def write(lane: object, name: str) -> Callable[[], None]:
        def work() -> None:
            before = f"{name} 0"
            row = ops.insert(ops.card(lane, step, before))
            pk = row["rows"][0]["id"]
            ops.done(draft, row)
            for number in range(1, ROUNDS):
                text = f"{name} {number}"
                # Each sends what it did once more, as after a lost answer.
                changes = ops.sent(ops.update("card", pk, {"text": before}, text=text))
                for _twice in range(2):
                    (result,) = carry_out(
                        version_id=draft.pk, sent=read_operations(changes)
                    ).results
                    assert result.number is not None, result.as_json()
                before = text

        return work

    together(workspace, *[write(lane, kind) for lane, kind in zip(lanes, kinds, strict=True)])
    with workspace_scope(workspace.pk):
        numbers = list(
            Operation.objects.filter(version=draft)
            .order_by("number")
            .values_list("number", flat=True)
        )
        # Opportunities bring one derived operation each.
        assert len(numbers) == 4 * ROUNDS + 1
        assert numbers == list(range(1, revision(draft) + 1))
        texts = set(Card.objects.filter(step=step).values_list("text", flat=True))
        assert {f"{kind} {ROUNDS - 1}" for kind in kinds} <= texts


def test_the_same_window_twice_is_carried_out_once(workspace: Workspace) -> None:
    (draft,) = made(workspace, 1)
    with workspace_scope(workspace.pk):
        lane, step = lane_of(draft, "actions").pk, steps_of(draft)[0].pk
    changes = ops.sent(*[ops.insert(ops.card(lane, step, f"Card {n}")) for n in range(20)])
    numbers: list[list[int | None]] = []

    def work() -> None:
        outcome = carry_out(version_id=draft.pk, sent=read_operations(changes))
        numbers.append([one.number for one in outcome.results])

    together(workspace, work, work, work)
    assert numbers == [list(range(1, 21))] * 3
    with workspace_scope(workspace.pk):
        positions = Card.objects.filter(lane=lane, step=step).values_list("position", flat=True)
        assert sorted(positions) == list(range(21))


def shared_pains(workspace: Workspace, drafts: Sequence[Version]) -> list[list[Any]]:
    """Put two pain points on every draft; returns the ids of the cards by draft."""
    found = []
    with workspace_scope(workspace.pk):
        pains = [
            PainPoint.objects.create(workspace=workspace, title=title) for title in ("Slow", "Dear")
        ]
        for draft in drafts:
            lane, step = lane_of(draft, "pain_points").pk, steps_of(draft)[0].pk
            rows = [ops.card(lane, step, p.title, pain_point=str(p.pk)) for p in pains]
            new = ops.insert(*rows)
            ops.done(draft, new)
            found.append([row["id"] for row in new["rows"]])
    return found


def test_shared_pain_points_are_changed_on_two_maps_without_a_deadlock(
    workspace: Workspace,
) -> None:
    drafts = made(workspace)
    cards = shared_pains(workspace, drafts)

    def change(number: int) -> Callable[[], None]:
        # Each begins with the pain point with which the other ends.
        order = cards[number] if number == 0 else list(reversed(cards[number]))

        def work() -> None:
            for turn in range(ROUNDS):
                changes = [ops.update("card", pk, text=f"Map {number} {turn}") for pk in order]
                ops.done(drafts[number], *changes)

        return work

    together(workspace, change(0), change(1))
    with workspace_scope(workspace.pk):
        for draft in drafts:
            numbers = Operation.objects.filter(version=draft).values_list("number", flat=True)
            assert sorted(numbers) == list(range(1, revision(draft) + 1))
        for pain in PainPoint.objects.filter(title__startswith="Map"):
            texts = set(Card.objects.filter(pain_point=pain).values_list("text", flat=True))
            assert texts == {pain.title}
        assert PainPoint.objects.filter(title__startswith="Map").count() == 2


def test_a_pain_point_that_is_put_on_another_map_meanwhile_stays_the_same_everywhere(
    workspace: Workspace,
) -> None:
    drafts = made(workspace, 3)
    cards = shared_pains(workspace, drafts[:1])[0]
    with workspace_scope(workspace.pk):
        pain = Card.objects.get(pk=cards[0]).pain_point_id
        places = [(lane_of(d, "pain_points").pk, steps_of(d)[0].pk) for d in drafts]

    def rename() -> None:
        for turn in range(ROUNDS):
            ops.done(drafts[0], ops.update("card", cards[0], text=f"Turn {turn}"))

    def place(number: int) -> Callable[[], None]:
        def work() -> None:
            lane, step = places[number]
            for _turn in range(ROUNDS):
                ops.done(drafts[number], ops.insert(ops.card(lane, step, pain_point=str(pain))))

        return work

    together(workspace, rename, place(1), place(2))
    with workspace_scope(workspace.pk):
        copies = Card.objects.filter(pain_point=pain)
        assert copies.count() == 2 * ROUNDS + 1
        assert set(copies.values_list("text", flat=True)) == {f"Turn {ROUNDS - 1}"}


def test_a_heartbeat_does_not_wait_for_who_writes(workspace: Workspace) -> None:
    """Presence points to the version's row, which a writer holds."""
    (draft,) = made(workspace, 1)
    written, seen = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            ops.done(draft, ops.update("step", steps_of(draft)[0].pk, name="New"))
            written.set()
            assert seen.wait(timeout=20)

    def look() -> None:
        member = Membership.objects.create(workspace=workspace, user=make_user(), role="editor")
        assert written.wait(timeout=20)
        sync = Sync(draft.pk, 0, "window", "", (), leave=False)
        assert synchronise(journey=draft.map, sync=sync, member=member)["revision"] == 0
        seen.set()

    together(workspace, write, look)
