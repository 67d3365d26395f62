"""Exported tables hold no formulas."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.common.export import csv_lines, defused


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
    read = list(csv.reader(text.splitlines(keepends=True), strict=True))
    assert all(
        not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for row in read for cell in row
    )
