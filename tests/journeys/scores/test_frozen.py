"""A published version shows the days with which it was published, from the daily tallies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.statistics import nps, z_for
from cxm.kpis.models import Kpi, Target
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import Version
from journeys.maps.reports import load_grid
from journeys.maps.services import publish_version, start_draft
from journeys.scores import words
from journeys.scores.reports import score_map
from tests.journeys.make import draft_of, make_map, make_touchpoint, steps_of
from tests.journeys.measures import mark_scored, measure_nps, tally_nps
from touchpoints.catalogue.models import Touchpoint

pytestmark = pytest.mark.django_db

START, END = date(2026, 3, 1), date(2026, 5, 29)


@pytest.fixture
def place(scope: Workspace) -> Touchpoint:
    place = make_touchpoint(scope)
    tally_nps(scope, place, START, 10, 10, 40)
    tally_nps(scope, place, END, 10, 10, 20)
    tally_nps(scope, place, START - timedelta(days=1), 50, 0, 0)
    tally_nps(scope, place, END + timedelta(days=1), 100, 0, 0)
    kpi = Kpi.objects.create(
        workspace=scope, metric="nps", subject_kind="touchpoint", subject_id=place.pk, name="NPS"
    )
    Target.objects.create(
        workspace=scope, kpi=kpi, value=20, baseline=-100, start=date(2026, 1, 1), period="90d"
    )
    measure_nps(scope, place, (80, 10, 10), target=20)
    mark_scored(scope)
    return place


def test_the_figures_are_those_of_the_days(scope: Workspace, place: Touchpoint) -> None:
    grid = load_grid(draft_of(make_map(scope, place)))
    (step,) = score_map(grid, workspace=scope, between=(START, END)).steps
    assert step.reading is not None
    score = step.reading.score
    expected = nps(20, 20, 60, z_for(scope.confidence))
    assert score.figure.n == 100
    assert score.figure.value == pytest.approx(expected.value)
    assert (score.start, score.end) == (START, END)
    assert score.previous is not None
    assert score.previous.n == 50
    assert (score.target, str(score.status)) == (20, "bad")
    assert step.failing
    # Of a period of the past the day is told, not how long ago it was.
    assert (step.reading.newest, step.reading.age) == (END, None)
    assert words.age(step.reading) == "newest 29 May"
    assert [point.figure.n for point in score.trend] == [60, 40]
    said = step.said.on_curve()
    assert said is not None
    assert said.value is not None
    assert said.value < 0


def test_the_price_does_not_grow(scope: Workspace) -> None:
    counts = []
    for size in (1, 8):
        places = [make_touchpoint(scope, f"Place {size} {n}") for n in range(size)]
        for one in places:
            tally_nps(scope, one, START, 10, 10, 40)
        grid = load_grid(draft_of(make_map(scope, *places)))
        with CaptureQueriesContext(connection) as queries:
            score_map(grid, workspace=scope, between=(START, END))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_an_older_version_is_drawn_with_its_own_days(
    client_for: Callable[[User], Client], alice: User, scope: Workspace, place: Touchpoint
) -> None:
    first = draft_of(make_map(scope, place))
    Version.objects.filter(pk=first.pk).update(window_start=START, window_end=END)
    publish_version(version=first, by=None)
    Version.objects.filter(pk=first.pk).update(window_start=START, window_end=END)
    start_draft(journey=first.map)
    reader = client_for(alice)
    address = f"/app/journeys/{first.map_id}/scores/"
    today = reader.get(address).json()
    then = reader.get(address, {"version": str(first.pk)}).json()
    assert today["finding"][0] == "No step is off target."
    assert then["finding"] == ["Step 1 is off target.", "NPS −40 [−54, −23], n 100"]
    assert str(steps_of(first)[0].pk) in then["steps"]
    same = reader.get(address, {"version": str(first.pk), "period": "30", "seen": then["stamp"]})
    assert same.status_code == 204
