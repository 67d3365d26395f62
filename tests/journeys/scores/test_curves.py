"""The geometry of the feelings lane."""

from __future__ import annotations

import re

import pytest

from journeys.scores import curves
from journeys.scores.curves import WIDE, Said, StepValues, draw


def said(value: float | None, *, unsure: bool = False, n: int = 100) -> Said:
    if value is None:
        return Said(None, None, None, n)
    return Said(value, value - 0.3, value + 0.3, n, unsure)


def step(value: float | None = None, *, unsure: bool = False, failing: bool = False) -> StepValues:
    return StepValues(0.5, said(value, unsure=unsure), 0.2, failing)


@pytest.mark.parametrize(("value", "height"), [(2, 16), (0, 90), (-2, 164), (5, 16), (-5, 164)])
def test_the_scale_runs_from_delighted_to_frustrated(value: float, height: float) -> None:
    assert WIDE.y(value) == height


def test_the_curve_passes_through_every_point() -> None:
    values = [0.5, 1.5, 0.3, 0.8, -1.2, 0.9]
    drawing = draw([step(v) for v in values])
    (path,) = drawing.said
    ends = [path.split(" C")[0][1:], *(piece.split(" ")[-2:] for piece in path.split(" C")[1:])]
    assert ends[0] == f"{WIDE.x(0)} {WIDE.y(0.5)}"
    assert [" ".join(end) for end in ends[1:]] == [
        f"{WIDE.x(i)} {WIDE.y(v)}" for i, v in enumerate(values) if i
    ]


def test_the_curve_never_swings_beyond_its_neighbours() -> None:
    values = [-2.0, 1.8, 1.9, 2.0, -1.9, -2.0, 0.0]
    (path,) = draw([step(v) for v in values]).said
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]
    heights = numbers[1::2]
    assert min(heights) >= WIDE.y(2) - 0.1
    assert max(heights) <= WIDE.y(-2) + 0.1


def test_too_few_answers_are_a_hollow_dot_and_a_gap() -> None:
    drawing = draw([step(0.5), step(0.6), step(None), step(0.2), step(0.1)])
    assert len(drawing.said) == 2
    assert len(drawing.areas) == 2
    hollow = [dot for dot in drawing.dots if dot.hollow]
    assert [(dot.index, dot.y) for dot in hollow] == [(2, drawing.zero)]


def test_a_step_that_nobody_was_asked_about_has_no_dot() -> None:
    drawing = draw([step(0.5), StepValues(0.4, None, None), step(0.2)])
    assert [dot.index for dot in drawing.dots] == [0, 2]
    assert drawing.said == ()
    assert [bar.index for bar in drawing.bars] == [0, 2]


def test_the_band_is_hatched_where_it_is_unsure() -> None:
    drawing = draw([step(0.5), step(0.6), step(0.7), step(0.8, unsure=True), step(0.9)])
    assert [area.unsure for area in drawing.areas] == [False, True]


def test_bars_stand_on_zero_and_keep_a_foot() -> None:
    drawing = draw([StepValues(None, None, value) for value in (1.0, -1.0, 0.0)])
    up, down, none = drawing.bars
    assert (up.y, up.y + up.height) == (WIDE.y(1), drawing.zero)
    assert (down.y, down.height) == (drawing.zero, 37)
    assert none.height > 0


def test_a_label_at_the_bottom_moves_above_the_band() -> None:
    low, high = draw([step(-1.9), step(1.5)]).dots
    assert low.label_y < low.y
    assert high.label_y > high.y


def test_the_first_label_keeps_away_from_the_words_of_the_axis() -> None:
    for tenth in range(-20, 21):
        first, _second = draw([step(tenth / 10), step(0.5)]).dots
        words = (WIDE.top + 12, WIDE.y(0) - 5, WIDE.height - 17)
        assert min(abs(first.label_y - word) for word in words) >= 12, tenth


def test_the_note_stands_beside_its_step_and_hides_no_label() -> None:
    values = [0.5, 1.5, 0.3, 0.8, -1.2, 0.9, 0.7]
    drawing = draw([step(v, failing=v < -1) for v in values])
    x, y = WIDE.x(4), WIDE.y(-1.2)
    left, top, leader = curves.place_note(drawing, x, y, (192, 64))
    assert left + 192 <= x - 68 or left >= x + 68
    assert 0 <= top <= drawing.height - 64
    assert leader.startswith("M")
    for dot in drawing.dots:
        inside = left < dot.x < left + 192 and top < dot.label_y - 5 < top + 64
        assert not inside


def test_a_map_of_one_step_is_drawn() -> None:
    drawing = draw([step(-1, failing=True)])
    assert drawing.said == ()
    left, _top, _leader = curves.place_note(drawing, WIDE.x(0), 100, (192, 64))
    assert left >= 4


def test_the_drawing_for_a_phone_is_328_wide() -> None:
    for steps in (1, 8, 60):
        assert draw([step(0.5)] * steps, curves.narrow(steps)).width == pytest.approx(328, abs=1)


def test_nothing_is_drawn_for_an_empty_map() -> None:
    drawing = draw([])
    assert (drawing.said, drawing.dots, drawing.bars) == ((), (), ())
