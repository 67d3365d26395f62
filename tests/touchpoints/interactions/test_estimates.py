"""Visitors judged by a sixteenth of them."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from cxm.common.quantiles import z_for
from touchpoints.interactions.estimates import BUCKETS, estimated

Z = z_for(0.95)


@given(st.integers(0, 10_000_000))
def test_the_interval_holds_the_estimate_and_never_less_than_was_found(found: int) -> None:
    figure = estimated(found, Z)
    assert figure.value == found * BUCKETS
    assert figure.low is not None
    assert figure.high is not None
    assert found <= figure.low <= found * BUCKETS <= figure.high


@given(st.integers(0, 1_000_000), st.integers(1, 1000))
def test_more_found_means_more_in_all(found: int, more: int) -> None:
    less, greater = estimated(found, Z), estimated(found + more, Z)
    assert less.low is not None
    assert greater.low is not None
    assert less.high is not None
    assert greater.high is not None
    assert less.low < greater.low
    assert less.high < greater.high


@given(st.integers(1, 1_000_000))
def test_the_ends_are_where_what_was_found_is_just_believable(found: int) -> None:
    figure = estimated(found, Z)
    assert figure.low is not None
    assert figure.high is not None
    for end in (figure.low, figure.high):
        if end > found:
            apart = found - end / BUCKETS
            assert abs(apart**2 - Z**2 * end * 15 / 256) < 1e-6 * max(1.0, apart**2)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    chance = random.Random(20261122)
    held = 0
    for _ in range(600):
        truth = chance.randint(2_000, 4_000)
        found = sum(chance.randrange(BUCKETS) == 7 for _ in range(truth))
        figure = estimated(found, Z)
        assert figure.low is not None
        assert figure.high is not None
        held += figure.low <= truth <= figure.high
    assert 0.925 <= held / 600 <= 0.975
