"""Clicks and scroll depth of many screens, brought to one layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.common.statistics import z_for
from touchpoints.tracking.drawing import MARGIN, TOP, draw
from touchpoints.tracking.heat import (
    COLUMNS,
    LEVELS,
    Cell,
    Click,
    Leave,
    cells,
    device_of,
    elements,
    heat_map,
    reach,
    read_click,
    read_leave,
)

Z = z_for(0.95)
numbers = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([1, 2, 3, 4])
)


@pytest.mark.parametrize(
    ("width", "device"),
    [(320, "phone"), (599, "phone"), (600, "tablet"), (1023, "tablet"), (1024, "desktop")],
)
def test_a_layouts_width_says_the_device(width: float, device: str) -> None:
    assert device_of(width) == device


def test_the_same_place_on_other_screens_is_the_same_cell() -> None:
    wide = Click(x=0.5, y=300, width=1440, height=3000)
    narrow = Click(x=0.5, y=400, width=1100, height=4000)
    assert cells([wide, narrow], 100) == (Cell(24, 10, 2, LEVELS),)


def test_edges_belong_to_the_page() -> None:
    corners = [Click(0, 0, 1000, 2000), Click(1, 2000, 1000, 2000)]
    assert [(cell.column, cell.row) for cell in cells(corners, 96)] == [(0, 0), (COLUMNS - 1, 95)]


def test_levels_leave_colour_to_the_quiet_places() -> None:
    busy = [Click(0.01, 1, 1000, 1000)] * 100
    some = [Click(0.5, 1, 1000, 1000)] * 25
    one = [Click(0.9, 1, 1000, 1000)]
    assert [cell.level for cell in cells([*busy, *some, *one], 48)] == [6, 3, 1]


def test_elements_are_counted_by_what_they_are() -> None:
    buy = [
        Click(0.5, 10, 1000, 2000, "button", "Buy", "", (100, 200, 300, 40)),
        Click(0.5, 10, 2000, 4000, "button", "Buy", "", (200, 400, 600, 80)),
        Click(0.5, 10, 1000, 2000, "button", "Buy", "", None),
    ]
    away = [Click(0.1, 5, 1000, 2000, "outbound", "Partner", "https://p.example/")]
    found = elements([*away, *buy, Click(0.2, 1, 1000, 2000)], 1000, 2000)
    assert [(each.text, each.clicks) for each in found] == [("Buy", 3), ("Partner", 1)]
    assert found[0].box == (100, 200, 300, 40)
    assert found[1].box is None


def test_reach_takes_each_view_once_and_deepest() -> None:
    leaves = [Leave("a", 30), Leave("a", 80), Leave("b", 100), Leave("c", 45), Leave("d", 9)]
    shares = {each.tenth: each.figure for each in reach(leaves, Z)}
    assert [shares[tenth].value for tenth in (10, 40, 50, 80, 90, 100)] == [75, 75, 50, 50, 25, 25]
    assert all(figure.n == 4 for figure in shares.values())
    low, high = shares[50].low, shares[50].high
    assert low is not None
    assert high is not None
    assert 0 <= low < 50 < high <= 100


def test_without_views_there_is_no_share() -> None:
    assert {each.figure.value for each in reach([], Z)} == {None}
    assert heat_map([], [], Z).width == 0
    assert draw(heat_map([], [], Z), "desktop") is None


def test_the_picture_has_the_median_size_and_everything_in_it() -> None:
    clicks = [
        Click(0.5, 100, 1000, 2000, "link", "Home", "/", (900, 0, 200, 30)),
        Click(0.5, 100, 1200, 2400),
        Click(0.5, 100, 1100, 2200, "link", "Gone", "/x", (5000, 0, 20, 30)),
    ]
    heat = heat_map(clicks, [Leave("a", 50, 1100, 2200, 800)], Z)
    assert (heat.width, heat.height, heat.fold, heat.views) == (1100, 2200, 800, 1)
    drawing = draw(heat, "desktop")
    assert drawing is not None
    assert drawing.width == 720 + MARGIN
    assert drawing.page_height == 1440
    assert drawing.fold == pytest.approx(TOP + 800 * 720 / 1100, abs=0.1)
    (home,) = drawing.outlines
    assert home.x + home.width == pytest.approx(720, abs=0.2)
    assert len(drawing.bands) == 10
    assert draw(heat, "phone", bars=False) is not None


@given(st.dictionaries(st.sampled_from(["x", "y", "w", "h", "type", "text", "box"]), numbers))
def test_nonsense_is_no_click_and_no_error(properties: dict[str, object]) -> None:
    click = read_click(properties)
    if click is not None:
        heat = heat_map([click], [], Z)
        assert heat.clicks == 1
        draw(heat, device_of(click.width))


@given(st.dictionaries(st.sampled_from(["scroll", "w", "h", "fold", "view"]), numbers))
def test_nonsense_is_no_leave_and_no_error(properties: dict[str, object]) -> None:
    leave = read_leave(properties, "own")
    if leave is not None:
        heat = heat_map([], [leave], Z)
        assert heat.views == 1
        draw(heat, device_of(leave.width))
