"""Figures against the published numbers, against independent computations, and as properties."""

from __future__ import annotations

import math
import statistics as stdlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.common import statistics as figures
from cxm.common.quantiles import incomplete_beta, normal_cdf, t_for, t_tail, z_for
from cxm.common.statistics import EMPTY, Figure

Z = z_for(0.95)
COUNTS = st.integers(min_value=0, max_value=5000)


def test_z_of_95_percent() -> None:
    assert z_for(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert z_for(0.99) == pytest.approx(2.575829, abs=1e-6)


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 1.5])
def test_z_refuses_what_is_no_confidence(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        z_for(confidence)


@pytest.mark.parametrize(
    ("confidence", "df", "expected"),
    [
        (0.95, 1, 12.7062047362),
        (0.95, 2, 4.3026527297),
        (0.95, 3, 3.1824463053),
        (0.95, 5, 2.5705818356),
        (0.95, 9, 2.2621571628),
        (0.95, 10, 2.2281388520),
        (0.95, 29, 2.0452296421),
        (0.95, 30, 2.0422724563),
        (0.95, 100, 1.9839715185),
        (0.95, 1000, 1.9623390808),
        (0.99, 1, 63.6567411629),
        (0.99, 10, 3.1692726726),
        (0.90, 4, 2.1318467863),
        (0.80, 20, 1.3253407070),
    ],
)
def test_t_quantiles_of_the_tables(confidence: float, df: int, expected: float) -> None:
    assert t_for(confidence, df) == pytest.approx(expected, rel=1e-9)


def test_t_needs_a_degree_of_freedom() -> None:
    with pytest.raises(ValueError, match="degree of freedom"):
        t_for(0.95, 0)


@given(st.floats(0.5, 0.999), st.integers(1, 100_000))
def test_t_quantile_inverts_the_tail(confidence: float, df: int) -> None:
    assert t_tail(t_for(confidence, df), df) == pytest.approx((1 - confidence) / 2, rel=1e-9)


@given(st.integers(1, 10**9))
def test_t_is_wider_than_normal(df: int) -> None:
    assert t_for(0.95, df) >= Z - 1e-12


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.001, 0.999))
def test_incomplete_beta_is_a_binomial_tail(a: int, b: int, x: float) -> None:
    n = a + b - 1
    exact = math.fsum(math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))
    assert incomplete_beta(a, b, x) == pytest.approx(exact, rel=1e-9, abs=1e-12)


@given(st.floats(-8, 8))
def test_normal_cdf_agrees_with_the_standard_library(x: float) -> None:
    assert normal_cdf(x) == pytest.approx(stdlib.NormalDist().cdf(x), abs=1e-12)


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "value", "low", "high"),
    [
        (50, 30, 20, 30, 14.051, 44.201),
        (15, 8, 13, 5.556, -22.120, 32.376),
        (250, 675, 75, 17.5, 14.086, 20.809),
        (5, 0, 0, 100, 17.491, 107.509),
    ],
)
def test_nps_of_the_reference(
    promoters: int, passives: int, detractors: int, value: float, low: float, high: float
) -> None:
    figure = figures.nps(promoters, passives, detractors, Z)
    assert figure.value == pytest.approx(value, abs=5e-4)
    assert figures.nps_interval(promoters, passives, detractors, Z) == pytest.approx(
        (low, high), abs=1e-3
    )
    assert figure.high == pytest.approx(min(high, 100), abs=1e-3)


def test_nps_variance_of_six_answers_is_five_ninths() -> None:
    figure = figures.nps(3, 2, 1, Z)
    assert figure.value == pytest.approx(100 / 3)
    assert figure.se == pytest.approx(100 * math.sqrt(5 / 9 / 6))


def test_nps_of_nobody_is_empty() -> None:
    assert figures.nps(0, 0, 0, Z) == EMPTY


@given(COUNTS, COUNTS, COUNTS)
def test_nps_agrees_with_the_mean_of_single_answers(p: int, q: int, d: int) -> None:
    figure = figures.nps(p, q, d, Z)
    n = p + q + d
    if n == 0:
        assert figure.value is None
        return
    assert figure.value == pytest.approx(float(Fraction(100 * (p - d), n)))
    assert figure.low is not None
    assert figure.high is not None
    assert figure.se is not None
    assert -100 <= figure.low <= figure.high <= 100
    assert figure.se > 0
    # Turning every answer round turns the figure round.
    mirrored = figures.nps(d, q, p, Z)
    assert figure.value is not None
    assert mirrored.value == pytest.approx(-figure.value)
    assert mirrored.low == pytest.approx(-figure.high)


@pytest.mark.parametrize(
    ("x", "n", "low", "high"), [(4, 5, 0.3596, 0.9797), (9, 10, 0.5740, 1.0039)]
)
def test_proportion_of_the_reference(x: int, n: int, low: float, high: float) -> None:
    assert figures.proportion_interval(x, n, Z) == pytest.approx((low, high), abs=1e-4)
    assert figures.proportion(x, n, Z).high == pytest.approx(min(1, high), abs=1e-4)


def test_csat_of_the_reference() -> None:
    figure = figures.proportion(42 + 32, 107, Z)
    assert figure.value is not None
    assert round(100 * figure.value, 2) == 69.16


@pytest.mark.parametrize(
    ("x", "n", "share"), [(1908, 12330, 15.47), (1694 * 0 + 85, 85, 100.0), (0, 7, 0.0)]
)
def test_shares(x: int, n: int, share: float) -> None:
    figure = figures.proportion(x, n, Z)
    assert figure.value is not None
    assert round(100 * figure.value, 2) == share
    assert figure.se is not None
    assert figure.se > 0


def test_proportion_refuses_more_successes_than_trials() -> None:
    with pytest.raises(ValueError, match="not a proportion"):
        figures.proportion(5, 4, Z)


@given(COUNTS, COUNTS)
def test_proportion_interval_holds_the_value(successes: int, failures: int) -> None:
    n = successes + failures
    figure = figures.proportion(successes, n, Z)
    if n == 0:
        assert figure == EMPTY
        return
    assert figure.low is not None
    assert figure.high is not None
    assert figure.value is not None
    assert 0 <= figure.low <= figure.value + 1e-12
    assert figure.value - 1e-12 <= figure.high <= 1


def test_ces_mean_of_the_reference() -> None:
    counts = dict(zip(range(1, 8), (80, 210, 140, 110, 160, 180, 120), strict=True))
    n = sum(counts.values())
    total = sum(x * c for x, c in counts.items())
    figure = figures.mean(n, total, sum(x * x * c for x, c in counts.items()), 0.95)
    assert figure.value is not None
    assert round(figure.value, 2) == 4.08


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=80))
def test_mean_agrees_with_the_standard_library(values: list[int]) -> None:
    figure = figures.mean(len(values), sum(values), sum(v * v for v in values), 0.95)
    se = stdlib.stdev(values) / math.sqrt(len(values))
    half = t_for(0.95, len(values) - 1) * se
    assert figure.value == pytest.approx(stdlib.fmean(values), abs=1e-9)
    assert figure.se == pytest.approx(se, abs=1e-9)
    assert figure.low == pytest.approx(stdlib.fmean(values) - half, abs=1e-8)


def test_mean_of_large_values_that_hardly_differ_keeps_its_variance() -> None:
    values = [10**9, 10**9 + 1, 10**9 + 2]
    figure = figures.mean(3, sum(values), sum(v * v for v in values), 0.95)
    assert figure.se == pytest.approx(1 / math.sqrt(3))


def test_mean_of_one_answer_has_no_interval() -> None:
    assert figures.mean(1, 4, 16, 0.95) == Figure(4.0, 1)
    assert figures.mean(0, 0, 0, 0.95) == EMPTY


@given(st.lists(st.integers(0, 500), min_size=2, max_size=60))
def test_count_takes_its_error_from_the_days(daily: list[int]) -> None:
    figure = figures.count(sum(daily), sum(c * c for c in daily), len(daily))
    assert (figure.value, figure.low, figure.high) == (sum(daily), None, None)
    assert figure.se == pytest.approx(math.sqrt(len(daily) * stdlib.variance(daily)), abs=1e-9)


def test_count_of_one_day_has_no_error() -> None:
    assert figures.count(7, 49, 1) == Figure(7.0, 7)


def test_difference_is_clear_only_when_its_interval_leaves_out_zero() -> None:
    before, now = figures.nps(50, 30, 20, Z), figures.nps(30, 30, 40, Z)
    found = figures.difference(now, before, Z)
    assert found is not None
    se = 100 * math.sqrt((0.7 - 0.09) / 100 + (0.7 - 0.01) / 100)
    assert found.value == pytest.approx(-40)
    assert (found.low, found.high) == pytest.approx((-40 - Z * se, -40 + Z * se))
    assert found.clear
    small = figures.difference(figures.nps(48, 30, 22, Z), before, Z)
    assert small is not None
    assert not small.clear


def test_difference_needs_two_figures_with_errors() -> None:
    assert figures.difference(EMPTY, figures.nps(1, 1, 1, Z), Z) is None
    assert figures.difference(Figure(3, 1), Figure(4, 9, se=1), Z) is None


def test_difference_of_figures_without_any_error() -> None:
    same = figures.difference(Figure(5, 40, se=0), Figure(5, 40, se=0), Z)
    other = figures.difference(Figure(4, 40, se=0), Figure(5, 40, se=0), Z)
    assert same is not None
    assert (same.clear, same.p) == (False, 1.0)
    assert other is not None
    assert (other.clear, other.p) == (True, 0.0)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_difference_is_antisymmetric_and_its_p_agrees(a: int, b: int, c: int, d: int) -> None:
    now, before = figures.proportion(a, a + b, Z), figures.proportion(c, c + d, Z)
    forth, back = figures.difference(now, before, Z), figures.difference(before, now, Z)
    if forth is None or back is None:
        assert a + b == 0 or c + d == 0
        return
    assert forth.value == pytest.approx(-back.value)
    assert forth.low == pytest.approx(-back.high)
    assert forth.clear == back.clear
    if abs(forth.p - 0.05) > 1e-9:
        assert forth.clear == (forth.p < 0.05)


def test_composite_weighs_values_and_errors() -> None:
    parts = [(0.6, Figure(50, 40, se=3.0)), (0.4, Figure(80, 60, se=4.0))]
    figure = figures.composite(parts, Z)
    se = math.sqrt((0.6 * 3) ** 2 + (0.4 * 4) ** 2)
    assert figure.value == pytest.approx(62)
    assert figure.n == 100
    assert figure.se == pytest.approx(se)
    assert (figure.low, figure.high) == pytest.approx((62 - Z * se, 62 + Z * se))


def test_composite_shares_the_weight_of_what_is_missing() -> None:
    parts = [(0.5, Figure(40, 30, se=1.0)), (0.25, EMPTY), (0.25, Figure(70, 30, se=1.0))]
    assert figures.composite(parts, Z).value == pytest.approx((2 * 40 + 70) / 3)
    assert figures.composite([(1, EMPTY)], Z) == EMPTY
    assert figures.composite([], Z) == EMPTY


def test_composite_without_all_errors_has_no_interval() -> None:
    figure = figures.composite([(1, Figure(40, 30)), (1, Figure(60, 30, se=1))], Z)
    assert figure == Figure(50, 60)


def test_composite_refuses_a_negative_weight() -> None:
    with pytest.raises(ValueError, match="not negative"):
        figures.composite([(-1, Figure(40, 30, se=1))], Z)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=12))
def test_combining_shares_by_n_is_the_share_of_all(groups: list[tuple[int, int]]) -> None:
    singles = [figures.proportion(x, x + y, Z) for x, y in groups]
    combined = figures.combine(singles, Z, highest=1)
    n = sum(x + y for x, y in groups)
    assert combined.n == n
    if n:
        assert combined.value == pytest.approx(sum(x for x, _ in groups) / n)


def test_combine_takes_weights() -> None:
    pair = [Figure(20, 1000, se=1), Figure(80, 10, se=1)]
    assert figures.combine(pair, Z, weights=[1, 1]).value == pytest.approx(50)
    with pytest.raises(ValueError, match="zip"):
        figures.combine(pair, Z, weights=[1])


def test_rescale_maps_nps_to_a_hundred() -> None:
    figure = figures.rescale(figures.nps(50, 30, 20, Z), -100, 100)
    assert figure.value == pytest.approx(65)
    assert figure.low == pytest.approx((14.051 + 100) / 2, abs=1e-3)


def test_rescale_turns_lower_is_better_round() -> None:
    figure = figures.rescale(Figure(4, 50, 3, 6, 0.5), from_low=12, from_high=2)
    assert (figure.value, figure.low, figure.high) == pytest.approx((80, 60, 90))
    assert figure.se == pytest.approx(5)
    assert figures.rescale(Figure(20, 50), 12, 2).value == 0
    assert figures.rescale(EMPTY, 0, 1) == EMPTY
    with pytest.raises(ValueError, match="two different ends"):
        figures.rescale(figure, 3, 3)


def test_benjamini_hochberg_of_a_worked_example() -> None:
    # Benjamini & Hochberg (1995), section 3.2: four of fifteen are found at 5 %.
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p_values += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert sum(figures.select_discoveries(p_values)) == 4
    assert figures.select_discoveries([]) == []


@given(st.lists(st.floats(0, 1), max_size=60))
def test_benjamini_hochberg_is_between_bonferroni_and_no_control(p_values: list[float]) -> None:
    chosen = figures.select_discoveries(p_values)
    for p, found in zip(p_values, chosen, strict=True):
        if p <= 0.05 / len(p_values):
            assert found
        if found:
            assert p <= 0.05
    limit = max((p for p, found in zip(p_values, chosen, strict=True) if found), default=-1.0)
    assert all(found for p, found in zip(p_values, chosen, strict=True) if p <= limit)


def test_forecast_carries_the_pace_on() -> None:
    so_far = figures.count(100, 10 * 100, 10)
    assert figures.forecast_count(so_far, 10, 30, Z).value == pytest.approx(300)
    uneven = figures.count(100, 10 * 100 + 90, 10)
    forecast = figures.forecast_count(uneven, 10, 30, Z)
    # Daily variance 10, twenty days to come, pace known from ten days.
    assert forecast.se == pytest.approx(math.sqrt(10 * 20 * (1 + 20 / 10)))
    assert forecast.low == pytest.approx(300 - Z * math.sqrt(600))


def test_forecast_never_falls_below_what_was_counted() -> None:
    so_far = figures.count(100, 100 * 100, 10)
    assert figures.forecast_count(so_far, 10, 12, Z).low == 100
    assert figures.forecast_count(so_far, 10, 10, Z) == Figure(100, 100)
    assert figures.forecast_count(EMPTY, 3, 10, Z) == EMPTY
    with pytest.raises(ValueError, match="elapsed day"):
        figures.forecast_count(so_far, 0, 10, Z)
