"""KPIs, targets and components as rows: what the database refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cxm.kpis import services
from cxm.kpis.models import FulfilmentComponent, Kpi, Target
from cxm.kpis.registry import Subject
from cxm.kpis.services import ComponentSpec
from cxm.workspaces.models import Workspace
from tests.cxm.kpis.make import CHECKOUT, DELIVERY, Facts, make_kpi, make_target


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 20.0, "baseline": 20.0},
        {"value": 40.0, "baseline": 0.0, "floor": 50.0},
        {"value": 10.0, "baseline": 20.0, "floor": 5.0},
        {"value": 40.0, "baseline": 0.0, "tolerance": 40.0},
        {"value": 40.0, "baseline": 0.0, "tolerance": -1.0},
        {"value": 40.0, "baseline": 0.0, "tolerance": 5.0, "floor": 37.0},
        {"value": 40.0, "baseline": 0.0, "end": date(2025, 1, 1)},
    ],
)
def test_the_database_refuses_a_goal_that_makes_no_sense(
    scope: Workspace, facts: Facts, fields: dict[str, Any]
) -> None:
    target = Target(workspace=scope, kpi=make_kpi(scope), start=date(2026, 1, 1), **fields)
    with pytest.raises(ValidationError):
        target.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        target.save()


def test_a_baseline_that_only_people_know_is_asked_for(scope: Workspace, facts: Facts) -> None:
    kpi = make_kpi(scope, metric="dwell")
    with pytest.raises(ValidationError, match="less is better"):
        make_target(kpi, 30)
    assert make_target(kpi, 30, baseline=90).goal().lower_is_better


def test_the_target_that_began_last_holds(scope: Workspace, facts: Facts) -> None:
    kpi = make_kpi(scope)
    make_target(kpi, 20, start=date(2025, 1, 1))
    make_target(kpi, 30, start=date(2026, 1, 1), end=date(2026, 6, 30))
    found = {
        day: target.value if (target := kpi.target_on(day)) else None
        for day in (date(2024, 1, 1), date(2025, 5, 1), date(2026, 5, 1), date(2026, 7, 1))
    }
    assert list(found.values()) == [None, 20, 30, 20]


def test_a_kpi_is_there_once(scope: Workspace, facts: Facts) -> None:
    make_kpi(scope)
    with pytest.raises(ValidationError, match="already"):
        make_kpi(scope, name="Another")
    make_kpi(scope, name="Elsewhere", subject_id=CHECKOUT)
    assert Kpi.objects.count() == 2


@pytest.mark.parametrize(
    ("components", "code"),
    [
        ([ComponentSpec("views", 0, 5, 0.5)], "weights"),
        ([ComponentSpec("rumours", 0, 5, 1)], "unknown_metric"),
        ([ComponentSpec("views", 0, 5, 0.5), ComponentSpec("views", 0, 4, 0.5)], "doubled"),
    ],
)
def test_components_that_make_no_sense_are_refused(
    scope: Workspace, facts: Facts, components: list[ComponentSpec], code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        services.set_components(subject=Subject("touchpoint", DELIVERY), components=components)
    assert refused.value.code == code


def test_a_component_needs_room_between_floor_and_target(scope: Workspace, facts: Facts) -> None:
    with pytest.raises(ValidationError, match="Floor and target are the same"):
        services.set_components(
            subject=Subject("touchpoint", DELIVERY), components=[ComponentSpec("views", 5, 5, 1)]
        )
    assert not FulfilmentComponent.objects.exists()


def test_components_replace_those_before(scope: Workspace, facts: Facts) -> None:
    about = Subject("touchpoint", DELIVERY)
    services.set_components(subject=about, components=[ComponentSpec("views", 0, 5, 1)])
    services.set_components(subject=about, components=[ComponentSpec("dwell", 90, 5, 1)])
    assert [row.component for row in FulfilmentComponent.objects.all()] == ["dwell"]
    services.set_components(subject=about, components=[])
    assert not FulfilmentComponent.objects.exists()
