"""Changes within a draft keep positions without gaps, also with two editors at once."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from journeys.maps import editing
from journeys.maps.models import Card, JourneyMap, Lane, Stage, Step, Version
from journeys.maps.plans import MapPlan, StagePlan, StepPlan
from journeys.maps.services import create_map
from tests.journeys.make import (
    draft_of,
    lane_of,
    make_map,
    make_plan,
    make_touchpoint,
    steps_of,
    texts_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    plan = MapPlan(
        stages=[
            StagePlan("Before", [StepPlan("A"), StepPlan("B")]),
            StagePlan("After", [StepPlan("C")]),
        ]
    )
    return make_map(scope, plan=plan)


@pytest.fixture
def draft(journey: JourneyMap) -> Version:
    return draft_of(journey)


def order_of(version: Version) -> list[str]:
    return [f"{step.stage.name}/{step.name}" for step in steps_of(version)]


def positions_of(version: Version) -> list[tuple[int, list[int]]]:
    return [
        (stage.position, sorted(stage.steps.values_list("position", flat=True)))
        for stage in version.stages.order_by("position")
    ]


def test_a_step_is_added_in_the_middle(draft: Version) -> None:
    stage = draft.stages.get(name="Before")
    editing.add_step(stage=stage, name="New", at=1)
    assert order_of(draft)[:3] == ["Before/A", "Before/New", "Before/B"]
    assert positions_of(draft)[0] == (0, [0, 1, 2])


def test_deleting_a_step_or_stage_closes_the_gap(draft: Version) -> None:
    editing.delete_step(step=steps_of(draft)[0])
    assert positions_of(draft) == [(0, [0]), (1, [0])]
    editing.delete_stage(stage=draft.stages.get(name="Before"))
    assert order_of(draft) == ["After/C"]
    assert positions_of(draft) == [(0, [0])]


def test_a_lane_is_added_and_deleted(draft: Version) -> None:
    lane = editing.add_lane(version=draft, kind="notes", name="Ideas of ours")
    assert lane.title == "Ideas of ours"
    assert lane.position == draft.lanes.count() - 1
    editing.delete_lane(lane=lane_of(draft, "actions"))
    assert list(draft.lanes.order_by("position").values_list("position", flat=True)) == list(
        range(draft.lanes.count())
    )


def test_cards_stand_one_below_the_other_and_move_to_the_next_cell(draft: Version) -> None:
    lane, steps = lane_of(draft, "actions"), steps_of(draft)
    first = editing.add_card(lane=lane, step=steps[0], text="one")
    editing.add_card(lane=lane, step=steps[0], text="two")
    editing.add_card(lane=lane, step=steps[1], text="three")
    editing.move_card(card=first, direction="right")
    assert texts_of(lane) == [("A", 0, "two"), ("B", 0, "three"), ("B", 1, "one")]
    editing.delete_card(card=Card.objects.get(text="three"))
    assert texts_of(lane) == [("A", 0, "two"), ("B", 0, "one")]


def test_a_card_at_the_edge_stays(draft: Version) -> None:
    lane, steps = lane_of(draft, "actions"), steps_of(draft)
    card = editing.add_card(lane=lane, step=steps[0], text="one")
    editing.move_card(card=card, direction="left")
    assert texts_of(lane) == [("A", 0, "one")]


def test_a_card_must_fit_its_lane(draft: Version, scope: Workspace) -> None:
    step = steps_of(draft)[0]
    refused: list[tuple[str, dict[str, Any]]] = [
        ("actions", {}),
        ("touchpoints", {"text": "The shop"}),
        ("feelings", {"text": "Good"}),
        ("feelings", {"valence": Decimal("2.1")}),
        ("scores", {"text": "74 %"}),
        ("opportunities", {"text": "Faster", "status": "unmet"}),
        ("pain_points", {"text": "Slow", "severity": 4}),
        ("actions", {"text": "Waits", "span": 0}),
    ]
    for kind, fields in refused:
        with pytest.raises(ValidationError):
            editing.add_card(lane=lane_of(draft, kind), step=step, **fields)
    assert not Card.objects.exists()


def test_a_card_cannot_join_two_versions(draft: Version, scope: Workspace) -> None:
    elsewhere = steps_of(draft_of(make_map(scope, make_touchpoint(scope))))[0]
    with pytest.raises(ValidationError, match="different versions"):
        editing.add_card(lane=lane_of(draft, "actions"), step=elsewhere, text="Waits")


def test_a_touchpoint_stands_once_in_a_cell(draft: Version, scope: Workspace) -> None:
    delivery, steps = make_touchpoint(scope), steps_of(draft)
    lane = lane_of(draft, "touchpoints")
    card = editing.add_card(lane=lane, step=steps[0], touchpoint=delivery)
    with pytest.raises(ValidationError, match="already"):
        editing.add_card(lane=lane, step=steps[0], touchpoint=delivery)
    editing.add_card(lane=lane, step=steps[1], touchpoint=delivery)
    with pytest.raises(DomainError) as refused:
        editing.move_card(card=card, direction="right")
    assert refused.value.code == "touchpoint_twice"


def test_each_change_is_an_operation(draft: Version, scope: Workspace) -> None:
    step = editing.add_step(stage=draft.stages.get(name="Before"), name="New", at=0)
    editing.edit_row(row=step, fields={"name": "Newer"})
    card = editing.add_card(lane=lane_of(draft, "pain_points"), step=step, text="Slow", severity=1)
    card.severity = 3
    editing.edit_card(card=card, fields=["severity"])
    assert card.pain_point is not None
    card.pain_point.refresh_from_db()
    assert card.pain_point.severity == 3
    editing.delete_lane(lane=lane_of(draft, "needs"))
    kept = draft.operations.order_by("number").values_list("content__op", "content__kind")
    assert list(kept) == [
        ("insert", None),
        ("update", "step"),
        ("insert", None),
        ("update", "card"),
        ("update", "card"),
        ("delete", "lane"),
    ]
    draft.refresh_from_db()
    assert draft.revision == 6


def test_a_touchpoint_of_another_workspace_is_refused(
    scope: Workspace, other_workspace: Workspace
) -> None:
    with workspace_scope(other_workspace.pk):
        theirs = make_touchpoint(other_workspace)
    with pytest.raises(DomainError) as refused:
        create_map(workspace=scope, name="Stolen", plan=make_plan(theirs))
    assert refused.value.code == "unknown_touchpoint"
    draft = draft_of(make_map(scope, make_touchpoint(scope)))
    with pytest.raises(ValidationError):
        editing.add_card(
            lane=lane_of(draft, "touchpoints"), step=steps_of(draft)[0], touchpoint=theirs
        )


def test_a_touchpoint_on_a_map_is_not_deleted(draft: Version, scope: Workspace) -> None:
    delivery = make_touchpoint(scope)
    lane, step = lane_of(draft, "touchpoints"), steps_of(draft)[0]
    editing.add_card(lane=lane, step=step, touchpoint=delivery)
    with pytest.raises(ProtectedError) as refused:
        delivery.delete()
    (card,) = refused.value.protected_objects
    assert str(card) == f"“Delivery” at the step “A” of “{draft}”"


def test_two_rows_never_share_a_position(draft: Version) -> None:
    stage = draft.stages.get(name="Before")
    with pytest.raises(IntegrityError), transaction.atomic():
        _make_twin(stage)


def _make_twin(stage: Stage) -> None:
    Step.objects.create(stage=stage, name="Twin", position=0)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_strangers_see_nothing_of_a_map(journey: JourneyMap, other_workspace: Workspace) -> None:
    with workspace_scope(other_workspace.pk):
        for model in (JourneyMap, Version, Stage, Step, Lane, Card):
            assert not model.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_editors_who_add_at_once_take_turns(workspace: Workspace) -> None:
    with workspace_scope(workspace.pk):
        journey = make_map(workspace, make_touchpoint(workspace))
        stage = draft_of(journey).stages.get()
    ready = threading.Barrier(4)
    failures: list[Exception] = []

    def add(name: str) -> None:
        try:
            with workspace_scope(workspace.pk):
                ready.wait(timeout=10)
                for number in range(3):
                    editing.add_step(stage=stage, name=f"{name}{number}", at=0)
        except Exception as error:  # the thread's failure is the test's
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(name,)) for name in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with workspace_scope(workspace.pk):
        assert sorted(stage.steps.values_list("position", flat=True)) == list(range(13))
