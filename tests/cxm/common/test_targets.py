"""Attainment and status words against the reference."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cxm.common.statistics import EMPTY, Figure
from cxm.common.targets import Goal, Status, attainment, status_of

VALUES = st.floats(-200, 200).map(lambda x: round(x, 2))


def test_attainment_of_the_reference() -> None:
    assert attainment(95, Goal(85, 0)) == pytest.approx(1.1176, abs=5e-5)
    assert attainment(8, Goal(10, 20)) == pytest.approx(1.20)


def test_range_target_is_met_inside_and_falls_on_both_sides() -> None:
    goal = Goal(target=20, baseline=0, tolerance=4)
    met = [attainment(x, goal) for x in (16, 20, 24)]
    assert met == [1, 1, 1]
    assert attainment(8, goal) == attainment(32, goal) == pytest.approx(0.5)
    assert attainment(0, goal) == attainment(40, goal) == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"target": 40, "baseline": 40}, "the same"),
        ({"target": 40, "baseline": 0, "tolerance": 40}, "reaches the baseline"),
        ({"target": 40, "baseline": 0, "tolerance": -1}, "reaches the baseline"),
        ({"target": 40, "baseline": 0, "own_floor": 50}, "wrong side"),
        ({"target": 10, "baseline": 20, "own_floor": 5}, "wrong side"),
        ({"target": 40, "baseline": 0, "tolerance": 5, "own_floor": 37}, "inside the range"),
    ],
)
def test_goals_that_make_no_sense_are_refused(values: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Goal(**values)


def test_floor_is_the_value_at_ninety_percent() -> None:
    assert Goal(40, 0).floor == pytest.approx(36)
    assert Goal(40, -100).floor == pytest.approx(26)
    assert Goal(10, 20).floor == pytest.approx(11)
    assert Goal(40, 0, own_floor=30).floor == 30
    ranged = Goal(20, 0, tolerance=4)
    assert attainment(ranged.floor, ranged) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (40, 45, Status.GOOD),
        (36, 39, Status.WATCH),
        (20, 35, Status.BAD),
        (38, 42, Status.UNSURE),
        (35, 37, Status.UNSURE),
        (30, 45, Status.UNSURE),
    ],
)
def test_status_where_more_is_better(low: float, high: float, word: Status) -> None:
    figure = Figure((low + high) / 2, 100, low, high)
    assert status_of(figure, Goal(40, 0), 30) is word


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (8, 10, Status.GOOD),
        (10.2, 10.9, Status.WATCH),
        (11.5, 14, Status.BAD),
        (9, 10.5, Status.UNSURE),
        (10.5, 12, Status.UNSURE),
    ],
)
def test_status_where_less_is_better(low: float, high: float, word: Status) -> None:
    figure = Figure((low + high) / 2, 100, low, high)
    assert status_of(figure, Goal(10, 20), 30) is word


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (17, 23, Status.GOOD),
        (24.5, 25.5, Status.WATCH),
        (14.6, 15.8, Status.WATCH),
        (26, 30, Status.BAD),
        (2, 10, Status.BAD),
        (15, 18, Status.UNSURE),
        (5, 35, Status.UNSURE),
    ],
)
def test_status_of_a_range(low: float, high: float, word: Status) -> None:
    figure = Figure((low + high) / 2, 100, low, high)
    assert status_of(figure, Goal(20, 0, tolerance=4), 30) is word


def test_status_without_data_or_target() -> None:
    assert status_of(EMPTY, Goal(40, 0), 0) is Status.NONE
    assert status_of(Figure(50, 29, 45, 55), Goal(40, 0), 30) is Status.NONE
    assert status_of(Figure(50, 30, 45, 55), None, 30) is None
    assert status_of(Figure(50, 29, 45, 55), None, 30) is Status.NONE


def test_full_count_is_compared_by_its_value() -> None:
    assert status_of(Figure(40, 40), Goal(40, 0), 1) is Status.GOOD
    assert status_of(Figure(37, 37), Goal(40, 0), 1) is Status.WATCH
    assert status_of(Figure(35, 35), Goal(40, 0), 1) is Status.BAD


@given(VALUES, VALUES, VALUES, VALUES)
def test_mirrored_figures_have_the_same_word(
    a: float, b: float, target: float, base: float
) -> None:
    assume(abs(target - base) > 0.1)
    low, high = sorted((a, b))
    up = status_of(Figure(low, 100, low, high), Goal(target, base), 30)
    down = status_of(Figure(-low, 100, -high, -low), Goal(-target, -base), 30)
    assert up == down


@given(VALUES, VALUES, VALUES, VALUES)
def test_a_colour_never_flips_inside_the_noise(
    a: float, b: float, target: float, base: float
) -> None:
    """Wherever the true value lies in the interval, a coloured word is the right one."""
    assume(abs(target - base) > 0.1)
    low, high = sorted((a, b))
    goal = Goal(target, base)
    word = status_of(Figure(low, 100, low, high), goal, 30)
    assume(word is not Status.UNSURE)
    for share in (0, 0.25, 0.5, 0.75, 1):
        true = low + share * (high - low)
        assume(abs(true - target) > 1e-6 and abs(true - goal.floor) > 1e-6)
        assert status_of(Figure(true, 100, true, true), goal, 30) is word


@given(st.floats(1, 1000), st.floats(0.01, 1), st.floats(0, 1000))
def test_pro_rata_keeps_the_attainment_of_an_even_pace(
    target: float, share: float, actual: float
) -> None:
    whole, part = Goal(target, 0), Goal(target, 0).pro_rata(share)
    assert attainment(actual * share, part) == pytest.approx(attainment(actual, whole))
