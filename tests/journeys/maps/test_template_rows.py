"""Templates inside the editor: their rows are an operation that an empty map takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import Card, JourneyMap, Lane, PainPoint, Stage, Step, StepLink
from journeys.maps.planned_rows import rows_of
from journeys.maps.plans import CardPlan, LanePlan, MapPlan, StagePlan, StepPlan
from journeys.maps.services import create_map
from journeys.maps.starters import STARTERS
from tests.journeys.make import draft_of
from tests.journeys.maps import ops

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
INDUSTRIES = [key for key in STARTERS if key != "blank"]


@pytest.fixture
def journey(scope: Workspace) -> JourneyMap:
    return create_map(workspace=scope, name="Opening an account")


@pytest.mark.parametrize("key", INDUSTRIES)
def test_every_template_is_taken_by_an_empty_map(journey: JourneyMap, key: str) -> None:
    draft = draft_of(journey)
    plan = STARTERS[key].plan
    lanes = ops.delete("lane", *Lane.objects.filter(version=draft).values_list("pk", flat=True))

    ops.done(draft, lanes, {"op": "insert", "rows": rows_of(plan, {})})

    assert Stage.objects.filter(version=draft).count() == len(plan.stages)
    assert Step.objects.filter(stage__version=draft).count() == STARTERS[key].steps
    kinds = Lane.objects.filter(version=draft).order_by("position").values_list("kind", flat=True)
    assert list(kinds) == [lane.kind for lane in plan.lane_plans]
    planned = sum(
        len(cards) for s in plan.stages for step in s.steps for cards in step.cards.values()
    )
    assert Card.objects.filter(lane__version=draft).count() == planned
    assert PainPoint.objects.count() > 0


def test_rows_keep_what_a_plan_says(journey: JourneyMap) -> None:
    draft = draft_of(journey)
    plan = MapPlan(
        lanes=(LanePlan("notes", "Ideas", ref="a", hidden=True), LanePlan("notes", ref="b")),
        stages=(
            StagePlan(
                "Before",
                (
                    StepPlan("Looks", {"b": [CardPlan("x", span=2)]}, ref="1", next=[("2", "if")]),
                    StepPlan("Asks", {"a": [CardPlan("y"), CardPlan("z")]}, ref="2"),
                ),
            ),
        ),
    )
    ops.done(draft, {"op": "insert", "rows": rows_of(plan, {})})

    first, second = Step.objects.filter(stage__version=draft).order_by("position")
    link = StepLink.objects.get(step=first)
    assert (link.to, link.label) == (second, "if")
    named, other = Lane.objects.filter(version=draft, kind="notes").order_by("position")
    assert (named.name, named.hidden, other.hidden) == ("Ideas", True, False)
    assert Card.objects.get(lane=other).span == 2
    texts = Card.objects.filter(lane=named).order_by("position").values_list("text", flat=True)
    assert list(texts) == ["y", "z"]


def test_the_editor_lists_templates_and_fetches_one(
    client_for: ClientFor, alice: User, bob: User, workspace: Workspace, journey: JourneyMap
) -> None:
    address = f"{journey.get_absolute_url()}templates/"
    editor = client_for(alice)
    listed = editor.get(address).json()["templates"]
    assert [one["key"] for one in listed] == INDUSTRIES

    rows = editor.get(address, {"key": "bank"}).json()["rows"]
    assert {row["kind"] for row in rows} == {"stage", "step", "lane", "card"}
    with workspace_scope(workspace.pk):
        phases = journey.phase_model
    assert phases is None
    assert not any("phase" in row for row in rows)
    assert editor.get(address, {"key": "circus"}).json()["code"] == "unknown_template"
    assert client_for(bob).get(address).status_code == 403
