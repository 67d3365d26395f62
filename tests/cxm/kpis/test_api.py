"""KPIs, targets and measurements through the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.kpis.models import Kpi, StaleDay, Target
from cxm.workspaces.models import Workspace
from tests.cxm.kpis.make import (
    CHECKOUT,
    DELIVERY,
    TODAY,
    Answer,
    Facts,
    Visit,
    make_kpi,
    make_target,
    score,
)

KPIS, TARGETS, MEASUREMENTS = "/api/v1/kpis/", "/api/v1/targets/", "/api/v1/measurements/"
Api = Callable[..., APIClient]


@pytest.fixture
def measured(workspace: Workspace, facts: Facts) -> Workspace:
    """A workspace with 12 answers and 40 visits, 10 of them successful."""
    with workspace_scope(workspace.pk):
        facts.add(*[Answer(DELIVERY, TODAY, 10) for _ in range(12)])
        facts.add(*[Visit(CHECKOUT, TODAY, bought=i < 30) for i in range(120)])
        facts.add(*[Visit(CHECKOUT, TODAY - timedelta(days=95), bought=True) for _ in range(5)])
        score(workspace)
    return workspace


def test_measurements_are_filtered_by_everything_that_names_them(
    measured: Workspace, api: Api
) -> None:
    found = api("kpis:read").get(
        MEASUREMENTS,
        {
            "metric": "success",
            "subject_kind": "touchpoint",
            "subject_id": str(CHECKOUT),
            "dimension": "",
            "window": "90d",
            "back": "0",
        },
    )
    assert found.status_code == 200
    rows = [row for row in found.json()["results"] if not row["dimension"]]
    assert len(rows) == 1
    row = rows[0]
    assert (row["value"], row["n"], row["successes"], row["unit"]) == (25, 120, 30, "percent")
    assert row["low"] < 25 < row["high"]
    assert (row["start"], row["end"]) == ("2026-08-25", "2026-11-22")


def test_a_slice_is_found_by_its_dimension_value(measured: Workspace, api: Api) -> None:
    found = api().get(
        MEASUREMENTS,
        {
            "metric": "success",
            "window": "all",
            "dimension": "visitor_type",
            "dimension_value": "New",
        },
    )
    assert [row["n"] for row in found.json()["results"]] == [125]


def test_too_few_answers_say_so(measured: Workspace, api: Api) -> None:
    found = api().get(MEASUREMENTS, {"metric": "nps", "window": "90d", "back": "0"})
    row = found.json()["results"][0]
    assert (row["n"], row["status"], row["enough_data"]) == (12, "none", False)
    assert row["low"] < row["value"] <= row["high"] == 100


def test_measurements_come_by_cursor_in_few_queries(
    measured: Workspace, api: Api, django_assert_max_num_queries: Any
) -> None:
    client = api()
    with django_assert_max_num_queries(5):
        first = client.get(MEASUREMENTS, {"page_size": 10}).json()
    assert len(first["results"]) == 10
    assert first["next"]
    second = client.get(first["next"]).json()
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}


def test_measurements_cannot_be_written(measured: Workspace, api: Api) -> None:
    assert api().post(MEASUREMENTS, {"value": 100}).status_code == 405


def test_a_kpi_and_its_target_are_added(measured: Workspace, api: Api) -> None:
    client = api("kpis:write")
    kpi = client.post(
        KPIS,
        {
            "name": "NPS",
            "metric": "nps",
            "subject_kind": "touchpoint",
            "subject_id": str(DELIVERY),
        },
    )
    assert kpi.status_code == 201, kpi.json()
    target = client.post(
        TARGETS,
        {"kpi": kpi.json()["id"], "value": 40, "period": "quarter", "start": "2026-01-01"},
    )
    assert target.status_code == 201, target.json()
    assert target.json()["baseline"] == -100
    with workspace_scope(measured.pk):
        assert StaleDay.objects.filter(feed="targets").count() == 2
        assert Target.objects.get().kpi.name == "NPS"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"metric": "rumours"}, "metric"),
        ({"subject_kind": "stage"}, "subject_id"),
        ({"subject_id": "01900000-0000-7000-8000-0000000000ff"}, "subject_id"),
        ({"weight": 0}, None),
    ],
)
def test_a_kpi_that_cannot_be_measured_is_refused(
    measured: Workspace, api: Api, change: dict[str, Any], field: str | None
) -> None:
    body = {
        "name": "NPS",
        "metric": "nps",
        "subject_kind": "touchpoint",
        "subject_id": str(DELIVERY),
        **change,
    }
    refused = api().post(KPIS, body)
    assert refused.status_code == 400
    if field:
        assert field in refused.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"value": 20, "baseline": 20},
        {"floor": 50},
        {"tolerance": 200},
        {"end": "2025-12-31"},
        {"period": "decade"},
    ],
)
def test_a_target_that_makes_no_sense_is_refused(
    workspace: Workspace, facts: Facts, api: Api, change: dict[str, Any]
) -> None:
    with workspace_scope(workspace.pk):
        kpi = make_kpi(workspace)
    body = {"kpi": str(kpi.pk), "value": 40, "start": "2026-01-01", **change}
    assert api().post(TARGETS, body).status_code == 400
    with workspace_scope(workspace.pk):
        assert not Target.objects.exists()


def test_a_target_is_changed_and_deleted(workspace: Workspace, facts: Facts, api: Api) -> None:
    with workspace_scope(workspace.pk):
        target = make_target(make_kpi(workspace), 40)
    client = api()
    where = f"{TARGETS}{target.pk}/"
    assert client.patch(where, {"value": 50}).json()["value"] == 50
    assert client.patch(where, {"value": -100}).status_code == 400
    assert client.delete(where).status_code == 204
    with workspace_scope(workspace.pk):
        assert not Target.objects.exists()
        assert StaleDay.objects.count() == 3


def test_a_kpi_is_there_once(workspace: Workspace, facts: Facts, api: Api) -> None:
    with workspace_scope(workspace.pk):
        make_kpi(workspace)
    body = {
        "name": "Again",
        "metric": "nps",
        "subject_kind": "touchpoint",
        "subject_id": str(DELIVERY),
    }
    assert api().post(KPIS, body).status_code == 400


def test_strangers_and_small_keys_are_kept_out(
    workspace: Workspace, other_workspace: Workspace, facts: Facts, api: Api
) -> None:
    with workspace_scope(workspace.pk):
        kpi = make_kpi(workspace)
    stranger = api(of=other_workspace)
    assert stranger.get(f"{KPIS}{kpi.pk}/").status_code == 404
    assert stranger.get(KPIS).json()["results"] == []
    foreign = {"kpi": str(kpi.pk), "value": 40, "start": "2026-01-01"}
    assert stranger.post(TARGETS, foreign).status_code == 400
    assert api("kpis:read").post(TARGETS, foreign).status_code == 403
    assert api("customers:read").get(MEASUREMENTS).status_code == 403
    with workspace_scope(workspace.pk):
        assert Kpi.objects.count() == 1
