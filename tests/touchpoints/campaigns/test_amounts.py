"""Amounts and days as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchpoints.campaigns.amounts import read_amount, read_day


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0"),
        ("12", "12"),
        ("12.5", "12.50"),
        ("12,5", "12.50"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1\u202f234\u00a0567,8", "1234567.80"),
        ("1.234.567", "1234567"),
        ("1,234,567.89", "1234567.89"),
        (" 7 ", "7"),
        ("5.", "5"),
        ("12.500", "12.500"),
    ],
)
def test_usual_ways_to_write_an_amount_are_read(text: str, amount: str) -> None:
    if text == "12.500":
        with pytest.raises(ValueError, match="two ways"):
            read_amount(text)
    else:
        assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no amount"),
        ("ten", "no amount"),
        ("1e5", "no amount"),
        ("NaN", "no amount"),
        ("Infinity", "no amount"),
        ("0x10", "no amount"),
        ("--5", "no amount"),
        ("1_000", "no amount"),
        ("٣", "no amount"),
        ("12,34.5", "no amount"),
        ("1.2.3", "no amount"),
        ("€5", "no amount"),
        ("-5", "not negative"),
        ("-1,234.00", "no amount|not negative"),
        ("1,234", "two ways"),
        ("0.0001", "two decimals"),
        ("1000000000000", "too large"),
        ("9" * 5000, "too large|no amount"),
    ],
)
def test_what_is_no_amount_is_said_to_be_none(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_amount(text)


@given(st.decimals(0, 10**12 - 1, places=2))
def test_every_amount_is_read_as_it_is_written(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    german = english.replace(",", "_").replace(".", ",").replace("_", ".")
    for text in (str(amount), english, german):
        assert read_amount(text) == amount


@given(st.text(max_size=30))
def test_anything_else_is_refused_and_never_breaks(text: str) -> None:
    try:
        found = read_amount(text)
    except ValueError:
        return
    assert found >= 0


@given(st.dates())
def test_days_are_read_in_two_ways(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_day(f" {day.day}.{day.month:02}.{day.year:04} ") == day


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30", "31.02.2026", "05/06/2026", "2026-5-1", "20260501", "1.1.26"]
)
def test_what_is_no_day_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="is no day"):
        read_day(text)
