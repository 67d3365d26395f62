"""What pages and the map are told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cxm.common import statistics
from cxm.common.targets import Status
from cxm.kpis import registry, reports, services
from cxm.kpis.registry import Subject
from cxm.workspaces.models import Membership, Workspace
from tests.cxm.kpis.make import (
    CHECKOUT,
    DELIVERY,
    NOW,
    TODAY,
    Answer,
    Facts,
    Visit,
    make_kpi,
    make_target,
    score,
)
from tests.make import make_member

Z = statistics.z_for(0.95)


def answers(
    touchpoint: Any, promoters: int, passives: int, detractors: int, day: date
) -> list[Any]:
    scores = [9] * promoters + [7] * passives + [0] * detractors
    return [Answer(touchpoint, day, nps) for nps in scores]


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_a_score_carries_everything_that_is_shown(scope: Workspace, facts: Facts) -> None:
    facts.add(
        *answers(DELIVERY, 20, 30, 50, days_ago(3)), *answers(DELIVERY, 60, 30, 10, days_ago(100))
    )
    make_target(make_kpi(scope), 40)
    score(scope)
    found = reports.figures("touchpoint", [DELIVERY, CHECKOUT], ["nps", "review"])
    nps = found[DELIVERY, "nps"]
    assert nps.shown
    assert (nps.value, nps.figure.n, nps.minimum) == (-30, 100, 30)
    assert (nps.start, nps.end) == (days_ago(89), TODAY)
    assert nps.previous is not None
    assert nps.previous.value == 50
    assert nps.change is not None
    assert nps.change.value == -80
    assert nps.change.clear
    assert (nps.target, nps.status) == (40, Status.BAD)
    # An NPS can be negative, so its baseline is the worst end of the scale.
    assert nps.attainment == pytest.approx(70 / 140)
    assert nps.floor == pytest.approx(-100 + 0.9 * 140)
    assert (nps.successes, nps.failures) == (20, 50)
    assert [point.figure.n for point in nps.trend] == [100]
    empty = found[CHECKOUT, "nps"]
    assert (empty.shown, empty.value, empty.figure.n) == (False, None, 0)
    assert empty.status is Status.NONE


def test_many_scores_take_a_constant_number_of_queries(
    scope: Workspace, facts: Facts, django_assert_num_queries: Any
) -> None:
    facts.add(*answers(DELIVERY, 20, 30, 50, TODAY), *answers(CHECKOUT, 20, 30, 50, TODAY))
    score(scope)
    with django_assert_num_queries(2):
        reports.figures("touchpoint", [DELIVERY], ["nps"])
    with django_assert_num_queries(2):
        found = reports.figures(
            "touchpoint", [DELIVERY, CHECKOUT], ["nps", "review", "satisfaction", "unheard_of"]
        )
    assert len(found) == 6


def test_too_few_answers_show_nothing(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 29, 0, 0, TODAY))
    make_target(make_kpi(scope), 40)
    score(scope)
    found = reports.figure("touchpoint", DELIVERY, "nps")
    assert (found.shown, found.value, found.figure.n) == (False, None, 29)
    assert found.status is Status.NONE


def test_enough_answers_without_a_target_have_no_status(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 30, 0, 0, TODAY))
    score(scope)
    assert reports.figure("touchpoint", DELIVERY, "nps").status is None


def test_trend_is_six_points_oldest_first(scope: Workspace, facts: Facts) -> None:
    for part in range(7):
        facts.add(*answers(DELIVERY, part + 1, 1, 1, days_ago(15 * part)))
    score(scope)
    trend = reports.figure("touchpoint", DELIVERY, "nps").trend
    assert [point.figure.n for point in trend] == [8, 7, 6, 5, 4, 3]
    assert trend[-1].end == TODAY


def test_satisfaction_is_the_mean_of_what_has_enough_answers(
    scope: Workspace, facts: Facts
) -> None:
    facts.add(*answers(DELIVERY, 50, 30, 20, TODAY))
    score(scope)
    nps = statistics.rescale(statistics.nps(50, 30, 20, Z), -100, 100)
    stars = statistics.rescale(statistics.mean(100, 400, 1600, 0.95), 1, 5)
    found = reports.figure("touchpoint", DELIVERY, "satisfaction")
    assert nps.value is not None
    assert stars.value == 75
    assert found.value == pytest.approx((nps.value + 75) / 2)
    assert found.figure.se == pytest.approx((nps.se or 0) / 2)
    assert found.figure.n == 200
    assert [(part.metric, part.weight, part.shared) for part in found.parts] == [
        ("nps", 0.5, False),
        ("review", 0.5, False),
    ]


def test_workspace_satisfaction_weighs_touchpoints_by_answers(
    scope: Workspace, facts: Facts
) -> None:
    facts.add(*answers(DELIVERY, 0, 0, 90, TODAY), *answers(CHECKOUT, 30, 0, 0, TODAY))
    score(scope)
    singles = [
        reports.figure("touchpoint", place, "satisfaction").figure for place in (DELIVERY, CHECKOUT)
    ]
    whole = reports.figure("workspace", scope.pk, "satisfaction")
    assert whole.figure.n == 240
    assert whole.value == pytest.approx(((singles[0].value or 0) * 3 + (singles[1].value or 0)) / 4)


def test_relational_answers_alone_give_the_workspace_its_satisfaction(
    scope: Workspace, facts: Facts
) -> None:
    facts.add(*answers(None, 40, 0, 0, TODAY))
    score(scope)
    assert reports.figure("workspace", scope.pk, "satisfaction").value == 100


def test_task_fulfilment_is_the_success_rate_where_there_is_a_goal(
    scope: Workspace, facts: Facts
) -> None:
    facts.add(*[Visit(CHECKOUT, TODAY, bought=i < 150) for i in range(200)])
    score(scope)
    found = reports.figure("touchpoint", CHECKOUT, "task_fulfilment")
    assert (found.value, found.figure.n) == (75, 200)
    assert [part.metric for part in found.parts] == ["success"]


def test_task_fulfilment_shares_the_weight_of_a_missing_component(
    scope: Workspace, facts: Facts
) -> None:
    facts.add(*[Visit(DELIVERY, TODAY, views=3, seconds=60) for _ in range(120)])
    services.set_components(
        subject=Subject("touchpoint", DELIVERY),
        components=[
            services.ComponentSpec("views", floor=1, target=5, weight=0.5),
            services.ComponentSpec("dwell", floor=100, target=20, weight=0.25),
            services.ComponentSpec("success", floor=0, target=100, weight=0.25),
        ],
    )
    score(scope)
    found = reports.figure("touchpoint", DELIVERY, "task_fulfilment")
    assert found.value == pytest.approx((50 * 2 + 50 * 1) / 3)
    assert found.figure.n == 120
    assert [(part.metric, part.shared) for part in found.parts] == [
        ("views", True),
        ("dwell", True),
    ]
    assert found.parts[0].weight == pytest.approx(2 / 3)
    assert found.missing == ("success",)


def test_slices_come_largest_first(scope: Workspace, facts: Facts) -> None:
    facts.add(*[Visit(CHECKOUT, TODAY, bought=True, visitor="New") for _ in range(3)])
    facts.add(*[Visit(CHECKOUT, TODAY, bought=True, visitor="Back") for _ in range(5)])
    score(scope)
    found = reports.slices("touchpoint", CHECKOUT, "success", "visitor_type", "all")
    assert [(item.dimension_value, item.figure.n) for item in found] == [("Back", 5), ("New", 3)]


def test_changes_are_clear_largest_first_and_counted(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 20, 30, 50, TODAY), *answers(DELIVERY, 60, 30, 10, days_ago(100)))
    facts.add(*answers(CHECKOUT, 50, 30, 20, TODAY), *answers(CHECKOUT, 52, 30, 18, days_ago(100)))
    score(scope)
    found = reports.changes("90d")
    named = [(change.metric.key, change.subject_name, change.good) for change in found.clear]
    assert named[0] == ("nps", "Delivery", False)
    assert ("satisfaction", "Delivery", False) in named
    assert not [name for name in named if name[1] == "Checkout"]
    assert found.unchanged > 0
    assert found.clear[0].difference.value == -80


def test_changes_hold_back_what_chance_would_bring(
    scope: Workspace, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lone interval that just leaves out 0 is no news among many comparisons."""
    facts.add(*answers(DELIVERY, 58, 0, 42, TODAY), *answers(DELIVERY, 44, 0, 56, days_ago(100)))
    score(scope)
    nps = reports.figure("touchpoint", DELIVERY, "nps")
    assert nps.change is not None
    assert nps.change.clear
    seen = {change.metric.key for change in reports.changes("90d").clear}
    assert "nps" in seen or nps.change.p > 0.05 / 2
    original = statistics.select_discoveries
    monkeypatch.setattr(
        statistics,
        "select_discoveries",
        lambda p, rate: original([*p, *[0.9] * 60], rate)[: len(p)],
    )
    assert not reports.changes("90d").clear


def test_series_runs_by_month(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 5, 0, 0, date(2026, 9, 30)), *answers(DELIVERY, 0, 0, 7, TODAY))
    make_target(make_kpi(scope), 40)
    score(scope)
    found = reports.series("nps", "touchpoint", DELIVERY)
    assert [(point.start, point.figure.n) for point in found.points] == [
        (date(2026, 9, 1), 5),
        (date(2026, 11, 1), 7),
    ]
    assert found.target == 40


def test_scored_at_is_the_moment_of_the_last_scoring(scope: Workspace, facts: Facts) -> None:
    assert reports.scored_at() is None
    score(scope)
    assert reports.scored_at() == NOW


def test_kpi_table_groups_sorts_and_counts(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 0, 0, 100, TODAY), *answers(CHECKOUT, 100, 0, 0, TODAY))
    member = Membership.objects.get(user=make_member(scope, name="Ida Holm"))
    make_target(make_kpi(scope, owner=member), 40)
    make_target(make_kpi(scope, name="NPS at checkout", subject_id=CHECKOUT), 40)
    make_target(make_kpi(scope, name="Visits", metric="visits"), 1000)
    make_kpi(scope, name="Reviews", metric="review")
    score(scope)
    table = reports.kpi_table(TODAY)
    assert [group.area for group in table.groups] == ["satisfaction", "business"]
    assert [(row.name, row.status) for row in table.rows] == [
        ("NPS after delivery", Status.BAD),
        ("NPS at checkout", Status.GOOD),
        ("Reviews", None),
        ("Visits", Status.NONE),
    ]
    assert table.counts == {"bad": 1, "good": 1, "": 1, "none": 1}
    first = table.rows[0]
    assert (first.owner, first.initials, first.subject_name) == ("Ida Holm", "IH", "Delivery")
    assert first.attained == 0
    assert [row.name for row in table.only("good").rows] == ["NPS at checkout"]


def test_kpi_table_takes_a_constant_number_of_queries(
    scope: Workspace, facts: Facts, django_assert_num_queries: Any
) -> None:
    facts.add(*answers(DELIVERY, 0, 0, 100, TODAY))
    make_target(make_kpi(scope), 40)
    score(scope)
    with django_assert_num_queries(4):
        reports.kpi_table(TODAY)
    for number in range(4):
        make_target(
            make_kpi(scope, name=f"K{number}", dimension="segment", dimension_value=str(number)), 4
        )
    with django_assert_num_queries(4):
        assert len(reports.kpi_table(TODAY).rows) == 5


def test_a_count_is_compared_to_date_and_forecast(scope: Workspace, facts: Facts) -> None:
    """22 of 30 days of November have passed: 730 visits against 1,000 is a little behind."""
    for day in range(22):
        facts.add(*[Visit(CHECKOUT, days_ago(day)) for _ in range(33 if day % 2 else 34)])
    make_target(
        make_kpi(scope, name="Visits", metric="visits", subject_id=CHECKOUT), 1020, period="month"
    )
    score(scope)
    row = reports.kpi_table(TODAY).rows[0]
    assert row.score.value == 737
    assert row.score.target == pytest.approx(1020 * 22 / 30)
    assert row.to_date
    assert row.attained == pytest.approx(737 / 748)
    assert row.status is Status.WATCH
    assert row.forecast is not None
    assert row.forecast.figure.value == pytest.approx(737 * 30 / 22)
    assert (row.forecast.outlook, row.forecast.at_risk) == ("miss", True)
    assert row.forecast.end == date(2026, 11, 30)
    assert reports.kpi_table(TODAY).at_risk == 1


def test_a_kpi_of_a_slice_has_its_own_period_and_course(scope: Workspace, facts: Facts) -> None:
    facts.add(*[Visit(CHECKOUT, days_ago(day), visitor="New") for day in range(60)])
    kpi = make_kpi(
        scope, name="Newcomers", metric="visits", subject_id=CHECKOUT,
        dimension="visitor_type", dimension_value="New",
    )  # fmt: skip
    make_target(kpi, 365, period="year")
    score(scope)
    row = reports.kpi_table(TODAY).rows[0]
    assert row.score.value == 60
    assert [point.figure.n for point in row.score.trend] == [7, 31, 22]
    facts.add(Visit(CHECKOUT, TODAY, visitor="New"))
    score(scope)
    assert reports.kpi_table(TODAY).rows[0].score.value == 61


def test_target_achievement_caps_each_kpi(scope: Workspace, facts: Facts) -> None:
    facts.add(*answers(DELIVERY, 20, 30, 50, TODAY), *answers(CHECKOUT, 100, 0, 0, TODAY))
    make_target(make_kpi(scope, weight=3), 40)
    make_target(make_kpi(scope, name="Checkout", subject_id=CHECKOUT), 0)
    score(scope)
    found = reports.figure("workspace", scope.pk, "target_achievement")
    assert found.figure.n == 2
    assert found.value == pytest.approx((3 * 50 + 1 * 100) / 4)
    assert found.status is Status.BAD
    assert found.figure.high is not None
    assert found.figure.high < 90


def test_lower_is_better_needs_no_switch(scope: Workspace, facts: Facts) -> None:
    facts.add(*[Visit(CHECKOUT, TODAY, seconds=8) for _ in range(100)])
    kpi = make_kpi(scope, name="Dwell", metric="dwell", subject_id=CHECKOUT)
    make_target(kpi, 10, baseline=20)
    score(scope)
    found = reports.figure("touchpoint", CHECKOUT, "dwell")
    assert found.attainment == pytest.approx(1.2)
    assert found.status is Status.GOOD
    assert kpi.method == "foreground"


def test_an_unknown_measure_is_said_to_be_unknown(scope: Workspace, facts: Facts) -> None:
    with pytest.raises(registry.UnknownEntryError, match="unheard_of"):
        reports.figure("touchpoint", DELIVERY, "unheard_of")


def test_the_newest_day_is_the_last_one_with_facts_in_the_window(
    scope: Workspace, facts: Facts
) -> None:
    facts.add(
        *answers(DELIVERY, 20, 10, 10, days_ago(40)),
        *answers(DELIVERY, 1, 0, 0, days_ago(3)),
        *answers(CHECKOUT, 40, 0, 0, days_ago(100)),
        *[Visit(DELIVERY, days_ago(8), bought=True) for _ in range(3)],
    )
    score(scope)
    keys = ["nps", "satisfaction", "success", "ces"]
    found = reports.figures("touchpoint", [DELIVERY, CHECKOUT], keys)
    assert reports.newest_days(found.values()) == {
        (DELIVERY, "nps"): days_ago(3),
        # A derived measure is as new as what it is made of.
        (DELIVERY, "satisfaction"): days_ago(3),
        (DELIVERY, "success"): days_ago(8),
    }
    yearly = reports.figures("touchpoint", [CHECKOUT], ["nps"], "365d")
    assert reports.newest_days(yearly.values()) == {(CHECKOUT, "nps"): days_ago(100)}


def test_all_newest_days_are_one_query(
    scope: Workspace, facts: Facts, django_assert_num_queries: Any
) -> None:
    facts.add(*answers(DELIVERY, 20, 10, 10, days_ago(1)), *answers(CHECKOUT, 5, 0, 0, days_ago(2)))
    score(scope)
    found = reports.figures("touchpoint", [DELIVERY, CHECKOUT], ["nps", "satisfaction"])
    with django_assert_num_queries(1):
        assert len(reports.newest_days(found.values())) == 4
    with django_assert_num_queries(0):
        assert reports.newest_days([]) == {}
