"""A version is read in as many queries however large it is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxm.workspaces.models import Workspace
from journeys.exports.exchange import json_file
from journeys.exports.reports import load_sheet
from journeys.exports.sheet import Sheet
from journeys.exports.tables import xlsx_file
from journeys.maps.models import JourneyMap, Version
from journeys.maps.reports import version_to_show
from tests.journeys.make import make_map, make_touchpoint
from tests.journeys.story import make_story

pytestmark = pytest.mark.django_db


def version_of(journey: JourneyMap) -> Version:
    version = version_to_show(JourneyMap.objects.get(pk=journey.pk), editor=True)
    version.map = journey
    return version


def queries(scope: Workspace, journey: JourneyMap) -> tuple[int, Sheet]:
    version = version_of(journey)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        sheet = load_sheet(version, workspace=scope)
        json_file(sheet)
        xlsx_file(sheet)
    return len(caught), sheet


def test_the_number_of_queries_does_not_depend_on_the_size(scope: Workspace) -> None:
    few = make_map(scope, make_touchpoint(scope, "One"))
    many = make_map(scope, *(make_touchpoint(scope, f"T{n}") for n in range(12)))
    small, _sheet = queries(scope, few)
    large, sheet = queries(scope, many)
    assert small == large
    assert large <= 16
    assert len(sheet.steps) == 12


def test_the_sheet_says_what_the_map_says(scope: Workspace) -> None:
    journey = make_story(scope)
    sheet = load_sheet(version_of(journey), workspace=scope, period="Last 90 days")
    assert [step.name for step in sheet.steps if step.framed] == ["Delivery"]
    delivery = sheet.steps[5]
    assert delivery.mark is not None
    assert delivery.mark.value == "−18"
    assert delivery.mark.status_word == "Off target"
    assert "142 answers" in delivery.mark.sentence
    assert sheet.finding[0] == "Delivery is off target."
    assert sheet.personas[0] == ("Commuter Clara", "Nurse, 34")


def test_without_figures_nothing_measured_is_read(scope: Workspace) -> None:
    sheet = load_sheet(version_of(make_story(scope)), workspace=scope, figures=False)
    assert all(step.mark is None and not step.measures for step in sheet.steps)
    assert all(step.values.said is None and step.values.does is None for step in sheet.steps)
    assert all(stage.satisfaction is None for stage in sheet.stages)
    assert sheet.steps[0].values.assumed == 0.6
    assert b'"figures"' not in json_file(sheet)
