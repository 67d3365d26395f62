"""Geometry of charts: gaps stay gaps, few answers look uncertain, axes end on round numbers."""

from __future__ import annotations

import pytest

from cxm.common.statistics import Figure
from cxm.dashboards import charts


def figure(value: float | None, n: int = 100, half: float = 5) -> Figure:
    if value is None:
        return Figure(None, n)
    return Figure(value, n, value - half, value + half)


def test_an_axis_keeps_values_inside() -> None:
    axis = charts.Axis(0, 100, 10, 110)

    assert (axis.at(0), axis.at(50), axis.at(100)) == (10, 60, 110)
    assert (axis.at(-20), axis.at(500)) == (10, 110)


@pytest.mark.parametrize(
    ("values", "limits"),
    [([27, 52], (20, 60, 10)), ([0.2, 0.9], (0.2, 1.0, 0.2)), ([5, 5], (4, 6, 0.5))],
)
def test_limits_are_round(values: list[float], limits: tuple[float, float, float]) -> None:
    assert charts.nice_limits(values) == pytest.approx(limits)


def test_limits_stay_on_the_scale() -> None:
    low, high, _step = charts.nice_limits([-3, 99], least=0, most=100)

    assert (low, high) == (0, 100)


def test_a_range_line_needs_a_value() -> None:
    assert charts.range_line(Figure(None, 0)) is None


def test_a_range_line_orders_its_marks() -> None:
    line = charts.range_line(figure(68, half=2), target=75, previous=71)

    assert line is not None
    assert line.low is not None
    assert line.high is not None
    assert line.previous is not None
    assert line.target is not None
    assert line.low < line.x < line.high < line.previous + 10 < line.target


def test_the_label_of_a_target_at_the_edge_stays_on_the_drawing() -> None:
    line = charts.range_line(figure(100, half=0), target=100, limits=(0, 100))

    assert line is not None
    assert line.anchor == "end"


def test_a_missing_point_is_a_gap_in_a_sparkline() -> None:
    spark = charts.sparkline([1, 2, None, 4, 5])

    assert len(spark.lines) == 2
    assert spark.end is not None


def test_a_sparkline_without_values_is_empty() -> None:
    assert charts.sparkline([None, None]) == charts.Spark((), None)


def test_a_course_leaves_gaps_and_hides_what_is_too_few() -> None:
    course = charts.course(
        [("Jan", figure(40)), ("Feb", figure(50, n=9)), ("Mar", figure(44)), ("Apr", figure(45))]
    )

    assert course is not None
    assert [dot.label for dot in course.dots] == ["Jan", "Mar", "Apr"]
    assert len(course.lines) == 1


def test_a_course_dashes_where_answers_are_few() -> None:
    course = charts.course([("Jan", figure(40)), ("Feb", figure(41, n=20)), ("Mar", figure(44))])

    assert course is not None
    assert [dashed for _points, dashed in course.lines] == [True]
    assert [dot.few for dot in course.dots] == [False, True, False]


def test_a_course_without_values_is_not_drawn() -> None:
    assert charts.course([("Jan", Figure(None, 0))]) is None


def test_a_course_of_one_point_is_a_dot() -> None:
    course = charts.course([("Jan", figure(40))])

    assert course is not None
    assert course.lines == ()
    assert course.bands == ()
    assert course.last is not None
    assert course.last.last


def test_at_most_six_grid_lines() -> None:
    for half in (0.1, 1, 7, 33, 90):
        course = charts.course([("Jan", figure(3, half=half)), ("Feb", figure(5, half=half))])
        assert course is not None
        assert 2 <= len(course.grid) <= 6


def test_a_bullet_ends_at_125_percent() -> None:
    bullet = charts.bullet(2.0, 0.9, 3.0)

    assert bullet is not None
    assert bullet.bar == 160
    assert bullet.target == 132
    assert charts.bullet(None) is None
