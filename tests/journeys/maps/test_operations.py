"""Operations on rows: what they do, what they refuse, and that their price does not grow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from journeys.maps.models import Card, JourneyMap, Lane, Stage, Step, StepLink, Version
from journeys.maps.pictures import store_picture
from tests.journeys.make import (
    draft_of,
    lane_of,
    make_map,
    make_persona,
    make_touchpoint,
    steps_of,
    texts_of,
)
from tests.journeys.maps import ops
from touchpoints.catalogue.models import Phase, PhaseModel

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store"))


@pytest.fixture
def draft(journey: JourneyMap) -> Version:
    return draft_of(journey)


def test_a_column_comes_with_what_stands_in_it(draft: Version) -> None:
    stage = draft.stages.get(name="Stage 1")
    lane = lane_of(draft, "actions")
    step = ops.new_id()
    ops.done(
        draft,
        ops.insert(
            {"kind": "step", "id": step, "stage": str(stage.pk), "name": "New", "at": 0},
            ops.card(lane.pk, step, "one"),
            ops.card(lane.pk, step, "two", at=0),
        ),
    )
    assert [s.name for s in steps_of(draft)] == ["New", "Step 1", "Step 2"]
    assert texts_of(lane)[:2] == [("New", 0, "two"), ("New", 1, "one")]


def test_what_was_deleted_comes_back_with_its_id_key_and_place(draft: Version) -> None:
    step = steps_of(draft)[0]
    card = Card.objects.get(step=step, lane__kind="actions")
    ops.done(
        draft,
        ops.delete("step", step.pk),
        ops.insert(
            {
                "kind": "step",
                "id": str(step.pk),
                "key": str(step.key),
                "stage": str(step.stage_id),
                "name": step.name,
                "at": 0,
            },
            ops.card(card.lane_id, step.pk, card.text, id=str(card.pk), key=str(card.key)),
        ),
    )
    again = Card.objects.get(pk=card.pk)
    assert (again.key, again.step_id, again.step.key) == (card.key, step.pk, step.key)


def test_a_step_moves_to_another_stage_with_its_cards(draft: Version) -> None:
    first, second = steps_of(draft)
    ops.done(draft, ops.move("step", first.pk, 9, stage=second.stage_id))
    assert [s.name for s in steps_of(draft)] == ["Step 2", "Step 1"]
    assert Card.objects.filter(step=first).count() == 6
    assert Stage.objects.filter(version=draft, steps=None).count() == 1


def test_steps_lead_to_others(draft: Version) -> None:
    first, second = steps_of(draft)
    leads = {"next": [{"to": str(second.pk), "label": "pays"}]}
    ops.done(draft, ops.update("step", first.pk, **leads))
    assert StepLink.objects.get().label == "pays"
    assert ops.code(draft, ops.update("step", second.pk, **leads)) == "next_is_itself"
    unknown = {"next": [{"to": ops.new_id(), "label": ""}]}
    assert ops.code(draft, ops.update("step", first.pk, **unknown)) == "unknown_step"
    assert StepLink.objects.count() == 1
    ops.done(draft, ops.delete("step", second.pk))
    assert not StepLink.objects.exists()


def test_deleting_the_last_thing_is_fine(draft: Version) -> None:
    ops.done(
        draft,
        ops.delete("stage", *ops.ids(draft.stages.all())),
        ops.delete("lane", *ops.ids(draft.lanes.all())),
        ops.delete("lane", ops.new_id()),
    )
    assert not Step.objects.filter(stage__version=draft).exists()
    assert not Card.objects.exists()


def test_a_card_in_another_kind_of_lane_keeps_its_text_alone(draft: Version) -> None:
    step = steps_of(draft)[0]
    pain = Card.objects.get(step=step, lane__kind="pain_points")
    actions, ideas = lane_of(draft, "actions"), lane_of(draft, "opportunities")
    ops.done(draft, ops.move("card", pain.pk, 0, lane=actions.pk, step=step.pk))
    pain.refresh_from_db()
    assert (pain.text, pain.severity, pain.pain_point) == ("Nobody knows", None, None)
    derived = draft.operations.order_by("number").last()
    assert derived is not None
    assert derived.content["fields"] == {"severity": None, "pain_point": None}
    ops.done(draft, ops.move("card", pain.pk, 0, lane=ideas.pk, step=step.pk))
    pain.refresh_from_db()
    assert pain.opportunity is not None
    assert pain.opportunity.title == "Nobody knows"


def test_a_touchpoint_in_a_lane_of_texts_is_its_name(draft: Version, scope: Workspace) -> None:
    step = steps_of(draft)[0]
    card = Card.objects.get(step=step, lane__kind="touchpoints")
    moments = ops.new_id()
    ops.done(
        draft,
        ops.insert({"kind": "lane", "id": moments, "lane_kind": "moments"}),
        ops.move("card", card.pk, 0, lane=moments, step=step.pk),
    )
    card.refresh_from_db()
    assert (card.text, card.touchpoint) == ("Delivery", None)
    text = Card.objects.get(step=step, lane__kind="actions")
    places = lane_of(draft, "touchpoints")
    back = ops.move("card", text.pk, 0, lane=places.pk, step=step.pk)
    assert ops.code(draft, back) == "touchpoint_needed"


def test_a_lane_turns_into_another_kind_with_its_cards(draft: Version) -> None:
    lane = lane_of(draft, "needs")
    ops.done(draft, ops.update("lane", lane.pk, kind="pain_points"))
    cards = list(Card.objects.filter(lane=lane).select_related("pain_point"))
    assert [(c.status, c.pain_point and c.pain_point.title) for c in cards] == [
        ("", "Know the day"),
        ("", "Know the day"),
    ]
    assert ops.code(draft, ops.update("lane", lane.pk, kind="scores")) == "lane_without_cards"
    assert ops.code(draft, ops.update("lane", lane.pk, kind="feelings")) == "feeling_needed"
    lane.refresh_from_db()
    assert lane.kind == "pain_points"


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("actions", {}, "text_needed"),
        ("actions", {"text": "  "}, "text_needed"),
        ("actions", {"text": "Waits", "severity": 1}, "field_not_in_lane"),
        ("touchpoints", {"text": "The shop"}, "touchpoint_needed"),
        ("touchpoints", {"touchpoint": ops.new_id()}, "unknown_touchpoint"),
        ("feelings", {"text": "Good"}, "feeling_needed"),
        ("feelings", {"valence": 1, "persona": ops.new_id()}, "unknown_persona"),
        ("scores", {"text": "74 %"}, "lane_without_cards"),
        ("opportunities", {"text": "Faster", "status": "unmet"}, "no_status"),
        ("opportunities", {"text": "A", "opportunity": ops.new_id()}, "unknown_opportunity"),
        ("pain_points", {"text": "A", "pain_point": ops.new_id()}, "unknown_pain_point"),
        ("actions", {"text": "Waits", "span": 3}, "span_outside"),
        ("actions", {"text": "", "linked_map": ops.new_id()}, "unknown_map"),
        ("actions", {"text": "A", "picture": "../../etc/passwd"}, "field_not_in_lane"),
    ],
)
def test_a_card_must_fit_its_lane(draft: Version, kind: str, fields: Json, code: str) -> None:
    before = Card.objects.count()
    row = {"kind": "card", "lane": str(lane_of(draft, kind).pk), **fields}
    row["step"] = str(steps_of(draft)[0].pk)
    assert ops.code(draft, ops.insert(row)) == code
    assert Card.objects.count() == before
    assert Version.objects.get(pk=draft.pk).revision == 0


def test_rows_of_others_are_unknown(
    draft: Version, scope: Workspace, other_workspace: Workspace
) -> None:
    with workspace_scope(other_workspace.pk):
        there = draft_of(make_map(other_workspace, make_touchpoint(other_workspace)))
        place = Card.objects.get(lane=lane_of(there, "touchpoints"))
        foreign: Json = {
            "touchpoint": str(place.touchpoint_id),
            "persona": str(make_persona(other_workspace).pk),
            "linked_map": str(there.map_id),
        }
        lane, step, stage = lane_of(there, "actions"), steps_of(there)[0], there.stages.get()
    here, mine = steps_of(draft)[0], lane_of(draft, "actions")
    feelings, places = lane_of(draft, "feelings"), lane_of(draft, "touchpoints")
    tried = {
        "unknown_touchpoint": ops.insert(
            ops.card(places.pk, here.pk, touchpoint=foreign["touchpoint"])
        ),
        "unknown_persona": ops.insert(
            ops.card(feelings.pk, here.pk, valence=1, persona=foreign["persona"])
        ),
        "unknown_map": ops.insert(
            ops.card(mine.pk, here.pk, "A", linked_map=foreign["linked_map"])
        ),
        "unknown_lane": ops.insert(ops.card(lane.pk, here.pk, "A")),
        "unknown_step": ops.insert(ops.card(mine.pk, step.pk, "A")),
        "unknown_stage": ops.insert({"kind": "step", "stage": str(stage.pk), "name": "A"}),
        "unknown_card": ops.update("card", place.pk, text="A"),
        "id_taken": ops.insert(ops.card(mine.pk, here.pk, "A", id=str(place.pk))),
    }
    assert {wanted: ops.code(draft, change) for wanted, change in tried.items()} == {
        wanted: wanted for wanted in tried
    }
    # Another map of the same workspace is elsewhere too.
    other = draft_of(make_map(scope, make_touchpoint(scope)))
    card = Card.objects.get(lane=lane_of(other, "actions"))
    assert ops.code(draft, ops.update("card", card.pk, text="A")) == "unknown_card"
    ops.done(draft, ops.delete("card", card.pk), ops.delete("step", steps_of(other)[0].pk))
    assert Card.objects.filter(pk=card.pk).exists()
    assert ops.code(draft, ops.move("lane", lane_of(other, "actions").pk, 0)) == "unknown_lane"


def test_a_touchpoint_stands_once_in_a_cell(draft: Version) -> None:
    first, second = steps_of(draft)
    lane = lane_of(draft, "touchpoints")
    card = Card.objects.get(lane=lane, step=first)
    twin = ops.insert(ops.card(lane.pk, first.pk, touchpoint=str(card.touchpoint_id)))
    assert ops.code(draft, twin) == "touchpoint_twice"
    there = ops.insert(ops.card(lane.pk, second.pk, touchpoint=str(card.touchpoint_id)))
    ops.done(draft, there)
    moved = ops.move("card", card.pk, 0, lane=lane.pk, step=second.pk)
    assert ops.code(draft, moved) == "touchpoint_twice"
    other = Card.objects.get(lane=lane, step=second, touchpoint__name="Store")
    same = ops.update("card", other.pk, touchpoint=str(card.touchpoint_id))
    assert ops.code(draft, same) == "touchpoint_twice"


def test_a_stage_takes_a_phase_of_the_maps_model(draft: Version, scope: Workspace) -> None:
    models = [PhaseModel.objects.create(workspace=scope, key=k, name=k) for k in ("ours", "other")]
    ours, other = (
        Phase.objects.create(workspace=scope, model=model, key="before", name="Before")
        for model in models
    )
    stage = draft.stages.get(name="Stage 1")
    assert ops.code(draft, ops.update("stage", stage.pk, phase=str(ours.pk))) == "unknown_phase"
    JourneyMap.objects.filter(pk=draft.map_id).update(phase_model=models[0])
    ops.done(draft, ops.update("stage", stage.pk, phase=str(ours.pk)))
    assert ops.code(draft, ops.update("stage", stage.pk, phase=str(other.pk))) == "unknown_phase"
    stage.refresh_from_db()
    assert stage.phase == ours
    ops.done(draft, ops.update("stage", stage.pk, phase=None))


def test_a_step_shows_a_measure_of_touchpoints(draft: Version) -> None:
    step = steps_of(draft)[0]
    ops.done(draft, ops.update("step", step.pk, metric="nps"))
    assert ops.code(draft, ops.update("step", step.pk, metric="luck")) == "unknown_metric"
    ops.done(draft, ops.update("step", step.pk, metric=""))


def test_a_picture_is_one_that_was_uploaded_here(
    draft: Version, scope: Workspace, other_workspace: Workspace
) -> None:
    lane, step = ops.new_id(), steps_of(draft)[0]
    ops.done(draft, ops.insert({"kind": "lane", "id": lane, "lane_kind": "pictures"}))
    mine = store_picture(scope.pk, SimpleUploadedFile("a.png", PNG))
    theirs = store_picture(other_workspace.pk, SimpleUploadedFile("a.png", PNG))
    address = f"/app/journeys/pictures/{mine}"
    ops.done(draft, ops.insert(ops.card(lane, step.pk, picture=address)))
    assert Card.objects.get(lane__kind="pictures").picture == mine
    for wrong in (theirs, "../../secret.png", "https://elsewhere.example/a.png"):
        change = ops.insert(ops.card(lane, step.pk, picture=wrong))
        assert ops.code(draft, change) == "unknown_picture"


def test_a_refusal_in_the_middle_leaves_nothing_behind(draft: Version) -> None:
    lane, step = lane_of(draft, "actions"), steps_of(draft)[0]
    half = ops.insert(
        {"kind": "lane", "lane_kind": "notes"},
        ops.card(lane.pk, step.pk, "Goes"),
        ops.card(lane.pk, step.pk, ""),
    )
    after = ops.insert({"kind": "lane", "lane_kind": "systems", "at": 0})
    outcome = ops.perform(draft, half, after)
    assert [one.number for one in outcome.results] == [None, 1]
    assert not Lane.objects.filter(kind="notes").exists()
    assert [lane.position for lane in draft.lanes.order_by("position")] == list(range(12))


# --- price -------------------------------------------------------------------------------


def rows_of(draft: Version, number: int) -> Json:
    lane, step = lane_of(draft, "pain_points"), steps_of(draft)[0]
    steps = [
        {"kind": "step", "id": ops.new_id(), "stage": str(step.stage_id), "name": f"S{n}"}
        for n in range(number)
    ]
    cards = [ops.card(lane.pk, s["id"], f"Hurts {n}", severity=1) for n, s in enumerate(steps)]
    return ops.insert(*steps, *cards)


def grown(draft: Version) -> None:
    """Make a small map large."""
    ops.done(draft, rows_of(draft, 300))


VERBS: dict[str, Callable[[Version, int], Json]] = {
    "insert": rows_of,
    "insert before all": lambda draft, n: ops.insert(
        *[
            {"kind": "step", "stage": str(steps_of(draft)[0].stage_id), "name": "A", "at": 0}
            for _ in range(n)
        ]
    ),
    "delete cards": lambda draft, n: ops.delete(
        "card", *Card.objects.filter(lane__version=draft).values_list("pk", flat=True)[:n]
    ),
    "delete stage": lambda draft, n: ops.delete("stage", draft.stages.order_by("position")[0].pk),
    "delete lane": lambda draft, n: ops.delete("lane", lane_of(draft, "pain_points").pk),
    "move step": lambda draft, n: ops.move(
        "step", steps_of(draft)[0].pk, n, stage=steps_of(draft)[0].stage_id
    ),
    "move stage": lambda draft, n: ops.move("stage", draft.stages.all()[0].pk, 1),
    "rename": lambda draft, n: ops.update("step", steps_of(draft)[0].pk, name="New"),
    "turn lane": lambda draft, n: ops.update(
        "lane", lane_of(draft, "pain_points").pk, kind="notes"
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_an_operation_takes_the_same_queries_for_any_size(
    draft: Version, scope: Workspace, verb: str
) -> None:
    large = draft_of(make_map(scope, make_touchpoint(scope), make_touchpoint(scope, "Store")))
    ops.done(draft, rows_of(draft, 1))
    grown(large)
    counts = []
    for version, size in ((draft, 1), (large, 150)):
        change = VERBS[verb](version, size)
        with CaptureQueriesContext(connection) as queries:
            ops.done(version, change)
        counts.append(len(queries))
    assert counts[0] == counts[1], [q["sql"][:160] for q in queries]
    assert counts[0] <= 30


def test_a_keystroke_takes_few_queries(draft: Version, django_assert_num_queries: Any) -> None:
    card = Card.objects.get(lane__kind="actions", text="Does 1")
    change = ops.update("card", card.pk, {"text": "Does 1"}, text="Does it")
    # Savepoints (4 × 2), lock, findings, ids seen, card, write, log, revision, constraints (2).
    with django_assert_num_queries(14):
        ops.done(draft, change)


def test_two_thousand_rows_are_one_operation(draft: Version) -> None:
    lane = lane_of(draft, "actions")
    steps = steps_of(draft)
    rows = [ops.card(lane.pk, steps[n % 2].pk, f"Card {n}") for n in range(900)]
    ops.done(draft, ops.insert(*rows[:450]))
    assert ops.code(draft, ops.insert(*rows)) == "too_many"
    with CaptureQueriesContext(connection) as queries:
        ops.done(draft, ops.insert(*[{"kind": "lane", "lane_kind": "notes"} for _ in range(150)]))
    assert len(queries) <= 30
