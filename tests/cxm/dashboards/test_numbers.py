"""Numbers, intervals and times as the rules of writing ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from cxm.common.statistics import Figure
from cxm.dashboards import numbers

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("figure", "unit", "written"),
    [
        (Figure(32.2, 1204, 27.1, 36.8), "points", "32 [27, 37], n 1,204"),
        (Figure(-18.0, 142, -31.2, -4.4), "points", "−18 [−31, −4], n 142"),
        (Figure(68.4, 3418, 66.2, 70.4), "score", "68 [66, 70], n 3,418"),
        (Figure(76.0, 1962, 73.9, 78.1), "percent", "76\u202f% [74, 78], n 1,962"),
        (Figure(74.6, 5061, 73.4, 75.8), "percent", "74.6\u202f% [73.4, 75.8], n 5,061"),
        (Figure(15.474, 12330, 14.85, 16.12), "percent", "15.47\u202f% [14.85, 16.12], n 12,330"),
        (Figure(2.94, 142, 2.7, 3.1), "mean", "2.9 [2.7, 3.1], n 142"),
        (Figure(4310.0, 4310), "count", "4,310, full count"),
        (Figure(5.0, 1), "mean", "5.0, n 1"),
        (Figure(None, 0), "points", "–, n 0"),
        (Figure(200.0, 40, 180.0, 220.0), "seconds", "3 min 20 s [3 min, 3 min 40 s], n 40"),
    ],
)
def test_a_figure_is_value_interval_and_count(figure: Figure, unit: str, written: str) -> None:
    assert numbers.figure_text(figure, unit) == written


def test_decimals_may_be_asked_for() -> None:
    assert numbers.figure_text(Figure(24.91, 1694, 22.9, 27.0), "percent", 2).startswith(
        "24.91\u202f%"
    )


def test_separators_follow_the_language() -> None:
    with translation.override("de"):
        figure = Figure(74.6, 5061, 73.4, 75.8)
        assert numbers.figure_text(figure, "percent") == "74,6\u202f% [73,4; 75,8], n 5.061"


@pytest.mark.parametrize(
    ("amount", "unit", "written"),
    [
        (7.2, "percent", "+7 pts"),
        (-14.0, "score", "−14"),
        (0.2, "score", "0"),
        (-0.4, "score", "0"),
        (-0.8, "mean", "−0.8"),
        (90.0, "seconds", "+1 min 30 s"),
        (-90.0, "seconds", "−1 min 30 s"),
    ],
)
def test_a_difference_has_a_sign(amount: float, unit: str, written: str) -> None:
    assert numbers.change(amount, unit) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 s"),
        (42, "42 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (5430, "1 h 30 min"),
        (90000, "1 d 1 h"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: int, written: str) -> None:
    assert numbers.duration(seconds) == written


@pytest.mark.parametrize(
    ("before", "written"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=4), "4 min ago"),
        (timedelta(hours=26), "26 h ago"),
        (timedelta(hours=48), "48 h ago"),
        (timedelta(days=5), "Tue 17 Nov"),
        (timedelta(days=400), "18 Oct 2025"),
        (timedelta(minutes=-5), "Sun 22 Nov"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_times_are_relative_for_two_days(before: timedelta, written: str) -> None:
    assert numbers.ago(NOW - before) == written
