"""The sentence under "How are we doing?" follows from the figures by fixed rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.utils import translation

from cxm.common.statistics import Difference, Figure
from cxm.common.targets import Status
from cxm.dashboards import reports
from cxm.kpis import registry
from cxm.kpis.registry import Subject
from cxm.kpis.reports import Score

SUBJECT = Subject("workspace", UUID(int=1))


def score(metric: str, value: float | None, **overrides: object) -> Score:
    figure = Figure(value, 400 if value is not None else 0, None, None, 1.0)
    if value is not None:
        figure = Figure(value, 400, value - 2, value + 2, 1.0)
    fields: dict[str, object] = {
        "metric": registry.get_metric(metric),
        "subject": SUBJECT,
        "figure": figure,
        "minimum": 30,
        "window": "90d",
        **overrides,
    }
    return Score(**fields)  # type: ignore[arg-type]


def overview(
    satisfaction: Score,
    *,
    fulfilment: Score | None = None,
    worst: str = "",
    kpis: int = 0,
    off_target: int = 0,
) -> reports.Overview:
    achieved = replace(score("target_achievement", 80), figure=Figure(80 if kpis else None, kpis))
    return reports.Overview(
        satisfaction=satisfaction,
        fulfilment=fulfilment or score("task_fulfilment", None),
        achievement=achieved,
        nps=score("satisfaction", None),
        worst=worst,
        touchpoints=2,
        off_target=off_target,
    )


BELOW = "Satisfaction is 7 below its target"
ON = "Satisfaction is on target"
UNSURE = "Satisfaction may be on target: the interval includes it, so we cannot tell yet."


@pytest.mark.parametrize(
    ("value", "target", "status", "worst", "finding"),
    [
        (68, 75, Status.BAD, "Delivery", f"{BELOW}, and Delivery pulls it down most."),
        (68, 75, Status.WATCH, "", f"{BELOW}."),
        (80, 75, Status.GOOD, "", f"{ON}."),
        (80, 75, Status.GOOD, "Delivery", f"{ON}; Delivery is the weakest place."),
        (74, 75, Status.UNSURE, "", UNSURE),
        (68, None, None, "", "Satisfaction is 68 of 100."),
        (68, None, None, "Delivery", "Satisfaction is 68 of 100; Delivery is the weakest place."),
    ],
)
def test_the_finding_follows_from_the_status(
    value: float, target: float | None, status: Status | None, worst: str, finding: str
) -> None:
    found = overview(score("satisfaction", value, target=target, status=status), worst=worst)

    assert reports.answer(found).finding == finding


def test_the_second_sentence_adds_tasks_and_kpis() -> None:
    found = overview(
        score("satisfaction", 68, target=75, status=Status.BAD),
        fulfilment=score("task_fulfilment", 76, target=72, status=Status.GOOD),
        kpis=12,
        off_target=2,
    )

    assert reports.answer(found).more == (
        "People still finish their tasks; 2 of 12 KPIs are off target."
    )
    assert reports.answer(replace(found, off_target=0)).more == (
        "People still finish their tasks; no KPI is off target."
    )


def test_too_few_answers_say_nothing_about_satisfaction() -> None:
    few = score("satisfaction", 90, minimum=1000)

    assert reports.answer(overview(few)).finding == (
        "Too few answers to say how satisfied customers are."
    )


def test_without_any_figure_nothing_is_measured() -> None:
    assert reports.answer(overview(score("satisfaction", None))).finding == (
        "Nothing is measured yet."
    )


@pytest.mark.parametrize(
    ("change", "status", "title"),
    [
        (
            Difference(-9, -15, -3, 0.001, True),
            Status.BAD,
            "NPS fell to 32 and is below its target",
        ),
        (Difference(9, 3, 15, 0.001, True), Status.GOOD, "NPS rose to 32 and is on target"),
        (Difference(1, -5, 7, 0.7, False), Status.UNSURE, "NPS is steady at 32"),
        (None, None, "NPS is 32"),
    ],
)
def test_the_title_of_the_course_states_the_finding(
    change: Difference | None, status: Status | None, title: str
) -> None:
    assert reports.nps_title(score("satisfaction", 32, change=change, status=status)) == title


def test_periods_of_the_address_come_from_a_list() -> None:
    assert reports.chosen_days("30d") == 30
    assert reports.chosen_days("365d") == 365
    assert reports.chosen_days("7d") == 90
    assert reports.chosen_days("1; drop table") == 90
    assert reports.chosen_days(None) == 90


def test_months_have_short_names() -> None:
    with translation.override("en"):
        assert reports.month_name(date(2026, 9, 1)) == "Sep"
