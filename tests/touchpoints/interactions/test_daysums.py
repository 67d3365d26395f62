"""Figures out of sums by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.common.quantiles import z_for
from touchpoints.interactions import daysums
from touchpoints.interactions.daysums import Period, Sums

Z = z_for(0.95)
END = date(2026, 5, 20)
days = st.dictionaries(
    st.integers(0, 400).map(lambda back: END - timedelta(days=back)),
    st.builds(
        lambda visits, won, seconds: Sums(visits * 2, visits, 0, visits, min(won, visits), seconds),
        st.integers(0, 5000),
        st.integers(0, 5000),
        st.decimals(0, 10_000, places=3),
    ),
    max_size=60,
)


def test_a_period_ends_with_its_day_and_has_one_of_the_same_length_before() -> None:
    period = Period.ending(END, 30)
    assert (period.start, period.end, period.days) == (date(2026, 4, 21), END, 30)
    assert period.before == Period(date(2026, 3, 22), date(2026, 4, 20))


@given(days, st.sampled_from([7, 30, 45, 46, 90, 365]))
def test_a_course_adds_up_to_its_period_but_for_the_days_that_make_no_week(
    by_day: dict[date, Sums], length: int
) -> None:
    period = Period.ending(END, length)
    course = daysums.course(by_day, period, Z)
    assert course[-1].end == END
    assert {(step.end - step.start).days + 1 for step in course} == {period.step}
    drawn = sum(step.sums.visits for step in course if step.sums)
    whole = Period(course[0].start, END)
    assert drawn == daysums.over(by_day, whole).visits
    assert whole.days > length - period.step
    for step in course:
        known = any(step.start <= day <= step.end for day in by_day)
        assert (step.sums is not None) is known


@given(days)
def test_a_conversion_lies_in_its_interval(by_day: dict[date, Sums]) -> None:
    found = daysums.conversion(by_day, Period.ending(END, 90), Z, fewest=100)
    if found.figure.value is None:
        assert not found.shown
        return
    assert found.figure.low is not None
    assert found.figure.high is not None
    assert 0 <= found.figure.low <= found.figure.high <= 100
    assert found.shown is (found.figure.n >= 100)


def test_a_difference_is_a_change_only_when_its_interval_leaves_out_nothing() -> None:
    now = {END - timedelta(days=n): Sums(visits=100 + n % 3, won=10) for n in range(7)}
    same = {END - timedelta(days=n): Sums(visits=100 + n % 3, won=10) for n in range(7, 14)}
    more = {END - timedelta(days=n): Sums(visits=60 + n % 3, won=10) for n in range(7, 14)}
    week = Period.ending(END, 7)
    calm = daysums.total({**now, **same}, week, "visits", Z)
    risen = daysums.total({**now, **more}, week, "visits", Z)
    assert calm.change is not None
    assert not calm.change.clear
    assert risen.change is not None
    assert risen.change.clear
    assert daysums.total(now, week, "visits", Z).change is None


def test_time_for_each_visit_is_the_ratio_of_the_sums() -> None:
    by_day = {
        END: Sums(visits=10, seconds=Decimal(100)),
        END - timedelta(days=1): Sums(visits=30, seconds=Decimal(900)),
    }
    found = daysums.seconds_for_each(by_day, Period.ending(END, 7), Z)
    assert found.value == 25
    assert found.n == 40
    # √(2/1 · ((100 − 250)² + (900 − 750)²)) / 40
    assert found.se == pytest.approx(7.5)
    alone = daysums.seconds_for_each({END: by_day[END]}, Period.ending(END, 7), Z)
    assert (alone.value, alone.low) == (10, None)
