"""Measurements roll up to step, stage and map."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxm.common.clock import day_of, now
from cxm.common.statistics import Figure, combine, nps, z_for
from cxm.common.targets import Goal, Status
from cxm.kpis.models import DailyTally
from cxm.workspaces.models import Workspace
from journeys.maps.models import JourneyMap, Step
from journeys.maps.plans import CardPlan, MapPlan, StagePlan, StepPlan
from journeys.maps.reports import load_grid, load_outlines
from journeys.scores import words
from journeys.scores.reports import MapScores, score_map, score_outlines
from tests.journeys.make import draft_of, make_map, make_plan, make_touchpoint
from tests.journeys.measures import measure_nps, measure_success, store, tally_nps

pytestmark = pytest.mark.django_db

Z = z_for(0.95)


def scored(workspace: Workspace, plan: MapPlan, window: str = "90d") -> MapScores:
    grid = load_grid(draft_of(make_map(workspace, plan=plan)))
    return score_map(grid, workspace=workspace, window=window)


def test_the_kpi_of_a_step_is_the_one_furthest_from_its_target(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    measure_nps(scope, place, (20, 10, 70), target=20)
    measure_success(scope, place, 95, 120, target=50)
    (step,) = scored(scope, make_plan(place)).steps
    assert step.reading is not None
    assert step.reading.score.metric.key == "nps"
    assert step.status is Status.BAD
    assert {r.score.metric.key for r in step.readings} == {
        "nps",
        "satisfaction",
        "success",
        "task_fulfilment",
    }


def test_a_step_can_choose_its_kpi(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    measure_nps(scope, place, (20, 10, 70), target=20)
    measure_success(scope, place, 95, 120, target=50)
    journey = make_map(scope, place)
    Step.objects.update(metric="success")
    (step,) = score_map(load_grid(draft_of(journey)), workspace=scope).steps
    assert step.reading is not None
    assert step.reading.score.metric.key == "success"
    assert not step.failing


def test_a_score_says_how_old_its_newest_facts_are(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    measure_nps(scope, place, (40, 20, 40))
    (step,) = scored(scope, make_plan(place)).steps
    assert step.reading is not None
    assert (step.reading.newest, words.age(step.reading)) == (None, "")
    today = day_of(now(), scope.timezone)
    told = {0: "today", 1: "yesterday", 2: "2 days ago", 20: "20 days ago", 21: "3 weeks ago"}
    for days, said in {**told, 69: "9 weeks ago", 70: "2 months ago"}.items():
        DailyTally.objects.all().delete()
        tally_nps(scope, place, today - timedelta(days=days))
        (step,) = score_map(load_grid(draft_of(JourneyMap.objects.get())), workspace=scope).steps
        assert step.reading is not None
        assert words.age(step.reading) == f"newest {said}"
        assert f"newest {said}" in words.sentence(step.reading, 0.95)


def test_at_most_two_failing_steps_are_framed_the_worst_ones(scope: Workspace) -> None:
    places = [make_touchpoint(scope, f"Place {n}") for n in range(4)]
    for place, detractors in zip(places, (60, 90, 70, 80), strict=True):
        measure_nps(scope, place, (100 - detractors, 0, detractors), target=50)
    scores = scored(scope, make_plan(*places))
    assert len(scores.failing) == 4
    assert [s.column.number for s in scores.steps if s.framed] == [2, 4]
    assert scores.worst is not None
    assert scores.worst.column.number == 2


def test_without_a_target_nothing_fails(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    measure_nps(scope, place, (5, 5, 90))
    scores = scored(scope, make_plan(place))
    assert scores.failing == ()
    assert scores.worst is None
    assert scores.steps[0].status is None


def test_too_few_answers_are_not_shown_on_the_curve(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    measure_nps(scope, place, (5, 4, 3), target=30)
    (step,) = scored(scope, make_plan(place)).steps
    said = step.said.on_curve()
    assert said is not None
    assert (said.value, said.n) == (None, 12)
    assert step.reading is not None
    assert not step.reading.score.shown


def test_what_was_never_measured_is_nothing(scope: Workspace) -> None:
    (step,) = scored(scope, make_plan(make_touchpoint(scope))).steps
    assert step.reading is None
    assert step.said.on_curve() is None
    assert step.assumed == 0.5


def test_a_step_with_two_touchpoints_is_their_mean_weighted_by_answers(scope: Workspace) -> None:
    first, second = make_touchpoint(scope, "One"), make_touchpoint(scope, "Two")
    measure_nps(scope, first, (60, 20, 20), target=30)
    measure_nps(scope, second, (40, 80, 180), target=30)
    both = [CardPlan(touchpoint=first.pk), CardPlan(touchpoint=second.pk)]
    plan = MapPlan(stages=[StagePlan("All", [StepPlan("Both", {"touchpoints": both})])])
    (step,) = scored(scope, plan).steps
    one, two = nps(60, 20, 20, Z), nps(40, 80, 180, Z)
    expected = combine([_halved(one), _halved(two)], Z)
    assert step.said.figure.value == pytest.approx(expected.value)
    assert step.said.figure.low == pytest.approx(expected.low)
    assert step.said.figure.n == 400
    assert step.said.target == pytest.approx(65)


def test_a_touchpoint_on_two_steps_counts_once_in_its_stage(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    measure_nps(scope, place, (60, 20, 20))
    card = {"touchpoints": [CardPlan(touchpoint=place.pk)]}
    plan = MapPlan(stages=[StagePlan("All", [StepPlan("A", card), StepPlan("B", card)])])
    scores = scored(scope, plan)
    assert scores.stages[0].satisfaction.figure.n == 100
    assert scores.satisfaction.figure.n == 100


def test_a_touchpoint_without_a_target_takes_the_workspaces(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    measure_nps(scope, place, (100, 20, 180))
    store(
        scope, scope.pk, "satisfaction", Figure(60, 300, 58, 62, 1), Goal(70, 0),
        subject_kind="workspace",
    )  # fmt: skip
    scores = scored(scope, make_plan(place))
    assert scores.stages[0].satisfaction.target == 70
    assert scores.stages[0].satisfaction.status is Status.BAD


def test_they_say_and_they_do_share_one_axis(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    measure_nps(scope, place, (50, 0, 50))
    measure_success(scope, place, 150, 200)
    (step,) = scored(scope, make_plan(place)).steps
    said, does = step.said.on_curve(), step.does.on_curve()
    assert said is not None
    assert does is not None
    assert said.value == pytest.approx(0)
    assert does.value == pytest.approx(1)
    assert said.low is not None
    assert said.low < 0


def test_another_window_has_its_own_figures(scope: Workspace) -> None:
    place = make_touchpoint(scope)
    measure_nps(scope, place, (60, 20, 20))
    assert scored(scope, make_plan(place), "30d").steps[0].reading is None


def test_the_number_of_queries_does_not_depend_on_the_map(scope: Workspace) -> None:
    counts = []
    for size in (2, 12):
        places = [make_touchpoint(scope, f"Place {size} {n}") for n in range(size)]
        for place in places:
            measure_nps(scope, place, (60, 20, 20), target=20)
        journey = make_map(scope, *places)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            score_map(load_grid(draft_of(journey)), workspace=scope)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_a_list_of_maps_takes_as_many_queries_as_one(scope: Workspace) -> None:
    counts = []
    for _round in range(3):
        journeys = [make_map(scope, make_touchpoint(scope), make_touchpoint(scope))]
        everything = list(type(journeys[0]).objects.order_by("name"))
        with CaptureQueriesContext(connection) as queries:
            outlines = load_outlines(everything, editor=True)
            stages = score_outlines(outlines, workspace=scope)
        assert [len(found) for found in stages] == [2] * len(everything)
        counts.append(len(queries))
    assert len(set(counts)) == 1


def _halved(figure: Figure) -> Figure:
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.se is not None
    return Figure(
        (figure.value + 100) / 2,
        figure.n,
        (figure.low + 100) / 2,
        (figure.high + 100) / 2,
        figure.se / 2,
    )
