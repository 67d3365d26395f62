"""What a persona's texts say: lists, facts, differences, and whether one page holds them."""

from __future__ import annotations

import pytest

from journeys.personas.sheets import Fact, compare, density, facts_of, lines_of, listings_of


def test_lines_that_say_nothing_are_left_out() -> None:
    assert lines_of("- Save time\n\n • Know the day \n-\n") == ("Save time", "Know the day")


def test_demographics_are_names_and_values() -> None:
    assert facts_of("Age: 34\nLives near the station\nHome: City: north\nx:") == (
        Fact("Age", "34"),
        Fact("", "Lives near the station"),
        Fact("Home", "City: north"),
        Fact("", "x:"),
    )


def test_only_lists_with_entries_are_shown() -> None:
    assert [
        found.key for found in listings_of({"fears": "Debt", "goals": "", "needs": "Time"})
    ] == [
        "needs",
        "fears",
    ]


def test_a_comparison_says_whose_each_entry_is() -> None:
    row = compare("Goals", ["Save time", "Be sure"], ["save  time", "Pay less"])
    assert [entry.whose for entry in row.first] == ["both", "first"]
    assert [entry.whose for entry in row.second] == ["both", "second"]
    assert not row.same
    assert compare("Goals", ["A", "B"], ["b", "a"]).same


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["One line"], ""),
        (["x" * 50] * 40, "narrow"),
        (["x" * 100] * 50, "tight"),
        (["x" * 2000] * 4, "cut"),
        (["\n".join("x" for _line in range(60))], "narrow"),
    ],
)
def test_long_sheets_are_set_narrower(texts: list[str], expected: str) -> None:
    assert density(texts) == expected
