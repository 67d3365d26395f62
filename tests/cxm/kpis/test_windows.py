"""Which days a window covers."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.kpis.windows import ALL, Span, all_spans, period_of, touching

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def spans(today: date, window: str) -> list[Span]:
    return [span for span in all_spans(today) if span.window == window]


def test_windows_of_a_day() -> None:
    today = date(2026, 11, 22)
    assert spans(today, "90d") == [
        Span("90d", 0, date(2026, 8, 25), today),
        Span("90d", 1, date(2026, 5, 27), date(2026, 8, 24)),
    ]
    months = spans(today, "month")
    assert len(months) == 12
    assert months[0] == Span("month", 0, date(2026, 11, 1), today)
    assert months[11] == Span("month", 11, date(2025, 12, 1), date(2025, 12, 31))
    assert spans(today, "quarter")[1] == Span("quarter", 1, date(2026, 7, 1), date(2026, 9, 30))
    assert spans(today, "year")[1] == Span("year", 1, date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("month", date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", date(2028, 1, 1), date(2028, 3, 31)),
        ("year", date(2028, 1, 1), date(2028, 12, 31)),
        ("30d", date(2028, 1, 31), date(2028, 2, 29)),
    ],
)
def test_period_of_a_leap_day(period: str, first: date, last: date) -> None:
    assert period_of(period, date(2028, 2, 29)) == (first, last)


@given(DAYS)
def test_windows_of_one_kind_follow_each_other_without_a_gap(today: date) -> None:
    for window in ("30d", "90d", "365d", "5d", "15d", "60d", "month", "quarter", "year"):
        found = spans(today, window)
        assert found[0].end == today
        for later, earlier in pairwise(found):
            assert earlier.end + timedelta(days=1) == later.start
            assert later.back + 1 == earlier.back


@given(DAYS, st.integers(0, 500))
def test_a_day_touches_the_windows_that_contain_it(today: date, back: int) -> None:
    day = today - timedelta(days=back)
    found = touching(all_spans(today), [day])
    assert all(span.start <= day <= span.end for span in found)
    assert [span.window for span in found].count(ALL) == 1
    assert ("90d", 0) in {(span.window, span.back) for span in found} or back >= 90
