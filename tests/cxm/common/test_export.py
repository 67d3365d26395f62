"""Exported tables hold no formulas."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.common.export import Cell, Page, csv_lines, defused, encoded, plain, workbook, xlsx


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "=cmd|' /C calc'!A0"],
)
def test_text_that_begins_like_a_formula_is_defused(text: str) -> None:
    assert defused(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-5, "-5"),
        (-5.25, "-5.25"),
        (Decimal("-1.50"), "-1.50"),
        (None, ""),
        (date(2026, 11, 22), "2026-11-22"),
        ("a = b", "a = b"),
        ("", ""),
    ],
)
def test_other_cells_stay_as_they_are(value: object, text: str) -> None:
    assert defused(value) == text  # type: ignore[arg-type]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=8))
def test_no_cell_of_any_table_begins_a_formula(rows: list[list[str]]) -> None:
    text = "".join(csv_lines(["a", "b"], rows))
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert all(
        not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for row in read for cell in row
    )


def sheet_of(content: bytes) -> tuple[str, str]:
    """Return the XML of a workbook's only sheet and of its texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = book.namelist()
        assert "xl/worksheets/sheet1.xml" in names
        shared = "xl/sharedStrings.xml"
        texts = book.read(shared).decode() if shared in names else ""
        return book.read("xl/worksheets/sheet1.xml").decode(), texts


def test_a_workbook_keeps_numbers_and_makes_no_formula() -> None:
    moment = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
    row: list[Cell] = [
        "=1+1",
        -3,
        Decimal("2.5"),
        moment,
        moment.date(),
        None,
        "https://a.example/",
    ]
    content = xlsx(["a", "b", "c", "d", "e", "f", "g"], [row], sheet="Visits [by/day]")
    sheet, _texts = sheet_of(content)
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    assert "<v>-3</v>" in sheet
    assert "<v>2.5</v>" in sheet
    assert "hyperlink" not in sheet


def test_a_table_can_be_had_either_way() -> None:
    assert encoded("csv", ["a"], [["ä"]]) == "\ufeffa\r\nä\r\n".encode()
    assert encoded("xlsx", ["a"], []).startswith(b"PK")


@given(st.text())
def test_what_was_defused_can_be_undone(text: str) -> None:
    written = text.replace("\x00", "")
    assert plain(defused(text)) == written


def test_a_workbook_has_its_pages_in_order_and_no_formula() -> None:
    pages = [
        Page("Map", ["a"], [["=1+1"]], wrapped=True, fixed=(1, 1)),
        Page("Cards", ["b", "c"], [["+2", 3]]),
    ]
    with zipfile.ZipFile(io.BytesIO(workbook(pages))) as book:
        first, second = (
            book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)
        )
        names = book.read("xl/workbook.xml").decode()
    assert names.index('"Map"') < names.index('"Cards"')
    assert "=1+1" in first
    assert "<v>3</v>" in second
    assert "<f>" not in first + second
