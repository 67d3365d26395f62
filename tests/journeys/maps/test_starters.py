"""The templates that a map can start from: complete, and made in a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from cxm.workspaces.models import Workspace
from journeys.maps.lanes import LANE_KINDS, states_of
from journeys.maps.models import Card, Lane, Opportunity, PainPoint, Stage, Step
from journeys.maps.services import create_map
from journeys.maps.starters import STARTERS, Starter
from tests.journeys.make import draft_of
from touchpoints.catalogue.phases import DEFAULT_MODELS
from touchpoints.catalogue.services import create_default_phases

INDUSTRIES = [starter for starter in STARTERS.values() if starter.key != "blank"]
KEYS = [starter.key for starter in INDUSTRIES]
# What somebody who knows the business would look for first.
ALWAYS = {"actions", "thoughts", "feelings", "needs", "backstage", "systems", "responsible"}
SOMEWHERE = {"questions", "pain_points", "opportunities", "moments"}


def test_there_is_one_for_each_industry_and_a_blank_one() -> None:
    assert list(STARTERS) == [
        "e-commerce", "bank", "insurance", "telecom", "health", "public-service", "b2b-software",
        "travel", "blank",
    ]  # fmt: skip


@pytest.mark.parametrize("starter", INDUSTRIES, ids=KEYS)
def test_a_template_is_a_whole_journey(starter: Starter) -> None:
    stages = starter.plan.stages
    steps = [step for stage in stages for step in stage.steps]
    assert 5 <= len(stages) <= 8
    assert all(1 <= len(stage.steps) <= 3 for stage in stages)
    assert starter.steps == len(steps) >= 10
    assert all(set(step.cards) >= ALWAYS for step in steps)
    assert {lane for step in steps for lane in step.cards} >= SOMEWHERE
    feelings = [float(step.cards["feelings"][0].valence or 0) for step in steps]
    assert min(feelings) < 0 < max(feelings)
    assert all(-2 <= value <= 2 for value in feelings)


@pytest.mark.parametrize("starter", INDUSTRIES, ids=KEYS)
def test_its_words_fit_their_fields(starter: Starter) -> None:
    kinds = {lane.kind for lane in starter.plan.lane_plans}
    assert kinds <= set(LANE_KINDS)
    with translation.override("en"):
        for stage in starter.plan.stages:
            assert 0 < len(str(stage.name)) <= 80
            for step in stage.steps:
                assert 0 < len(str(step.name)) <= 80
                assert set(step.cards) <= kinds
                for lane, cards in step.cards.items():
                    for card in cards:
                        assert len(str(card.text)) <= 120
                        assert not card.status or card.status in states_of(lane)
                        assert (card.severity is not None) == (lane == "pain_points")


@pytest.mark.parametrize("starter", INDUSTRIES, ids=KEYS)
def test_its_phases_are_those_of_its_model(starter: Starter) -> None:
    (model,) = [m for m in DEFAULT_MODELS if m.key == starter.plan.phase_model]
    assert {stage.phase for stage in starter.plan.stages} <= {key for key, _name in model.phases}


@pytest.mark.django_db
@pytest.mark.parametrize("starter", INDUSTRIES, ids=KEYS)
def test_every_template_becomes_a_map(scope: Workspace, starter: Starter) -> None:
    create_default_phases(workspace=scope)
    journey = create_map(workspace=scope, name="A journey", template=starter.key)
    draft = draft_of(journey)
    assert journey.phase_model is not None
    assert journey.phase_model.key == starter.plan.phase_model
    assert Step.objects.filter(stage__version=draft).count() == starter.steps
    assert not Stage.objects.filter(version=draft, phase=None).exists()
    for card in Card.objects.filter(lane__version=draft).select_related(
        "lane", "step__stage__version"
    ):
        card.full_clean(exclude=["workspace"])
    assert PainPoint.objects.exclude(cards=None).count() == PainPoint.objects.count() > 3
    assert Opportunity.objects.exclude(cards=None).count() > 3
    assert Lane.objects.filter(version=draft).count() == len(starter.plan.lane_plans)


@pytest.mark.django_db
def test_a_larger_template_costs_no_more_queries(
    scope: Workspace, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    create_default_phases(workspace=scope)
    for key in ("blank", "b2b-software"):
        with django_assert_max_num_queries(16):
            create_map(workspace=scope, name=key, template=key)
