"""Long maps are cut into pages between steps."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from journeys.exports.paging import MOST_LINES, cells_of, cut, printable
from journeys.exports.sheet import Item
from tests.journeys.exports.make import make_sheet


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(1, 9))
def test_every_step_is_on_one_page_and_no_page_is_too_full(lengths: list[int], most: int) -> None:
    pages = cut(lengths, most)
    assert [step for start, end in pages for step in range(start, end)] == list(range(sum(lengths)))
    assert all(0 < end - start <= most for start, end in pages)
    assert len(pages) == -(-sum(lengths) // most)


def test_pages_end_with_a_stage_where_that_costs_no_page() -> None:
    assert cut([3, 3, 4], 6) == [(0, 6), (6, 10)]
    assert cut([4, 4], 6) == [(0, 4), (4, 8)]
    assert cut([10], 6) == [(0, 5), (5, 10)]


def test_neighbours_of_one_department_are_one_cell() -> None:
    sheet = make_sheet(3)
    responsible = sheet.lanes[-1]
    assert [(cell.start, cell.end) for cell in cells_of(sheet, responsible)] == [(0, 3)]


def test_a_card_covers_the_empty_steps_behind_it_only() -> None:
    sheet = make_sheet(4)
    backstage = next(lane for lane in sheet.lanes if lane.kind == "backstage")
    items = (
        Item("", "backstage", "step-1", words="Long", span=4),
        Item("", "backstage", "step-3", words="Other"),
    )
    cells = cells_of(replace(sheet, items=items), backstage)
    assert [(cell.start, cell.end) for cell in cells] == [(0, 2), (2, 3), (3, 4)]
    assert cells[0].within(1, 4) is not None
    assert cells[0].within(2, 4) is None


def test_no_word_is_wider_than_a_card_and_no_card_has_endless_lines() -> None:
    longest = max(len(part) for part in printable("x" * 400).split("\u200b"))
    assert longest < 17
    assert len(printable("\n".join("abc" for _line in range(400))).splitlines()) == MOST_LINES
    assert printable("a\n\n\n b ") == "a\nb"
