"""Figures with their certainty: every number the product shows is made here.

Pure functions: plain numbers in, `Figure` out. No Django, no database. Confidence levels are
shares (0.95); `z` is the matching normal quantile from `z_for`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from cxm.common.quantiles import normal_cdf, t_for, z_for

__all__ = [
    "EMPTY",
    "Difference",
    "Figure",
    "Number",
    "clip",
    "combine",
    "composite",
    "count",
    "difference",
    "forecast_count",
    "mean",
    "nps",
    "proportion",
    "rescale",
    "select_discoveries",
    "z_for",
]

Number = int | float | Decimal | Fraction

# Rocks (2016): three pseudo answers, a quarter promoter, half passive, a quarter detractor.
_PSEUDO_ANSWERS = 3
_PSEUDO_PROMOTERS = 0.75
_PSEUDO_DETRACTORS = 0.75


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its certainty.

    `value` is None when nothing was counted. `low` and `high` are the confidence interval, None
    when there is none (a full count, or a mean of one answer). `se` is the standard error of the
    value; differences and composites are built from it. All four share the unit of the value.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    se: float | None = None


EMPTY = Figure(None, 0)


@dataclass(frozen=True, slots=True)
class Difference:
    """What lies between two figures: `value` = now − before, with its interval.

    `clear` is True only when the interval leaves out 0; `p` is the two-sided p-value under the
    normal approximation, which the control of the false discovery rate needs.
    """

    value: float
    low: float
    high: float
    p: float
    clear: bool


def clip(value: float, lowest: float | None, highest: float | None) -> float:
    """Return `value` moved into lowest … highest; None means no bound on that side."""
    if lowest is not None and value < lowest:
        return float(lowest)
    if highest is not None and value > highest:
        return float(highest)
    return value


def nps_interval(promoters: int, passives: int, detractors: int, z: float) -> tuple[float, float]:
    """Return the adjusted Wald interval of an NPS (Rocks 2016), not clipped, in −100 … 100."""
    total = promoters + passives + detractors + _PSEUDO_ANSWERS
    p = (promoters + _PSEUDO_PROMOTERS) / total
    d = (detractors + _PSEUDO_DETRACTORS) / total
    half = z * math.sqrt((p + d - (p - d) ** 2) / total)
    return 100 * (p - d - half), 100 * (p - d + half)


def nps(promoters: int, passives: int, detractors: int, z: float) -> Figure:
    """Return the Net Promoter Score 100·(P − D)/n, in points −100 … 100.

    n counts answers only. The standard error is that of the −1/0/1 scores; where all answers
    are alike that is 0, which would make every difference certain, so the adjusted one is taken.
    """
    n = promoters + passives + detractors
    if n == 0:
        return EMPTY
    low, high = nps_interval(promoters, passives, detractors, z)
    share = (promoters - detractors) / n
    variance = max(0.0, (promoters + detractors) / n - share * share)
    if n in {promoters, passives, detractors}:
        se = (high - low) / (2 * z)
    else:
        se = 100 * math.sqrt(variance / n)
    return Figure(100 * share, n, clip(low, -100, 100), clip(high, -100, 100), se)


def proportion_interval(successes: int, n: int, z: float) -> tuple[float, float]:
    """Return the adjusted Wald interval (Agresti & Coull 1998) of a share, not clipped."""
    total = n + z * z
    centre = (successes + z * z / 2) / total
    half = z * math.sqrt(centre * (1 - centre) / total)
    return centre - half, centre + half


def proportion(successes: int, n: int, z: float) -> Figure:
    """Return the share successes/n in 0 … 1.

    Raises ValueError when there are more successes than trials. As for the NPS, the adjusted
    standard error replaces the plain one where that is 0.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} is not a proportion.")
    if n == 0:
        return EMPTY
    low, high = proportion_interval(successes, n, z)
    share = successes / n
    se = (high - low) / (2 * z) if successes in (0, n) else math.sqrt(share * (1 - share) / n)
    return Figure(share, n, clip(low, 0, 1), clip(high, 0, 1), se)


def mean(n: int, total: Number, total_sq: Number, confidence: float) -> Figure:
    """Return the mean total/n with its t interval, from the sum and the sum of squares.

    The variance is worked out in exact fractions: a difference of two large sums loses nothing.
    One answer has a mean and no interval.
    """
    if n == 0:
        return EMPTY
    exact_total, exact_sq = Fraction(total), Fraction(total_sq)
    value = float(exact_total / n)
    if n == 1:
        return Figure(value, 1)
    # Sums that come rounded may leave a hair below zero.
    variance = max(Fraction(0), (exact_sq - exact_total**2 / n) / (n - 1))
    se = math.sqrt(variance / n)
    half = t_for(confidence, n - 1) * se
    return Figure(value, n, value - half, value + half, se)


def count(n: int, sum_of_daily_squares: int, days: int) -> Figure:
    """Return a full count. It has no interval, as nothing was sampled.

    The standard error serves comparisons with another period: it comes from how much the days
    differ (days without any count are zeros), since counts of people vary more than a Poisson
    process would.
    """
    if days < 2:
        return Figure(float(n), n)
    variance = max(Fraction(0), (sum_of_daily_squares - Fraction(n * n, days)) / (days - 1))
    return Figure(float(n), n, se=math.sqrt(days * variance))


def rescale(
    figure: Figure, from_low: float, from_high: float, to_low: float = 0, to_high: float = 100
) -> Figure:
    """Map a figure linearly so that `from_low` becomes `to_low` and `from_high` `to_high`.

    Values outside are clipped. `from_low` may be the larger one (lower is better).
    Raises ValueError when both ends are the same.
    """
    if from_low == from_high:
        raise ValueError("A scale needs two different ends.")
    factor = (to_high - to_low) / (from_high - from_low)
    bottom, top = min(to_low, to_high), max(to_low, to_high)

    def move(value: float | None) -> float | None:
        if value is None:
            return None
        return clip(to_low + (value - from_low) * factor, bottom, top)

    low, high = move(figure.low), move(figure.high)
    if factor < 0:
        low, high = high, low
    se = None if figure.se is None else figure.se * abs(factor)
    return Figure(move(figure.value), figure.n, low, high, se)


def difference(now: Figure, before: Figure, z: float) -> Difference | None:
    """Return now − before with its interval, or None when one of them has no standard error.

    SE = √(v₁/n₁ + v₂/n₂): the two figures stand on different answers.
    """
    if now.value is None or before.value is None or now.se is None or before.se is None:
        return None
    value = now.value - before.value
    se = math.hypot(now.se, before.se)
    low, high = value - z * se, value + z * se
    p = 2 * (1 - normal_cdf(abs(value) / se)) if se > 0 else float(value == 0)
    return Difference(value, low, high, p, clear=low > 0 or high < 0)


def composite(
    parts: Sequence[tuple[float, Figure]],
    z: float,
    *,
    n: int | None = None,
    lowest: float | None = 0,
    highest: float | None = 100,
) -> Figure:
    """Return the weighted mean of figures with se² = Σw²·se², weights scaled to sum to 1.

    Parts without a value are left out and their weight is shared. `n` is the sum of the parts'
    unless given. The interval is there only when every part has a standard error. The parts
    count as independent; where they come from the same people the true interval is wider.
    Raises ValueError for a negative weight.
    """
    if any(weight < 0 for weight, _ in parts):
        raise ValueError("A weight is not negative.")
    present = [(weight, part) for weight, part in parts if part.value is not None and weight > 0]
    total = math.fsum(weight for weight, _ in present)
    if total <= 0:
        return Figure(None, n if n is not None else sum(part.n for _, part in parts))
    value = math.fsum(weight * (part.value or 0.0) for weight, part in present) / total
    counted = n if n is not None else sum(part.n for _, part in present)
    figure = Figure(clip(value, lowest, highest), counted)
    if any(part.se is None for _, part in present):
        return figure
    se = math.sqrt(math.fsum((weight * (part.se or 0.0)) ** 2 for weight, part in present)) / total
    return replace(
        figure,
        low=clip(value - z * se, lowest, highest),
        high=clip(value + z * se, lowest, highest),
        se=se,
    )


def combine(
    figures: Sequence[Figure],
    z: float,
    *,
    weights: Sequence[float] | None = None,
    lowest: float | None = 0,
    highest: float | None = 100,
) -> Figure:
    """Roll up one measure over several subjects: the mean weighted by n, unless weights are given.

    Use it for a journey stage over its touchpoints. Raises ValueError when the numbers of weights
    and figures differ.
    """
    chosen = [float(figure.n) for figure in figures] if weights is None else list(weights)
    parts = list(zip(chosen, figures, strict=True))
    return composite(parts, z, lowest=lowest, highest=highest)


def select_discoveries(p_values: Sequence[float], rate: float = 0.05) -> list[bool]:
    """Say for each p-value whether it is a discovery, by Benjamini & Hochberg (1995).

    The expected share of false ones among the discoveries stays at or below `rate`.
    """
    m = len(p_values)
    order = sorted(range(m), key=lambda index: p_values[index])
    last = 0
    for rank, index in enumerate(order, start=1):
        if p_values[index] <= rate * rank / m:
            last = rank
    chosen = set(order[:last])
    return [index in chosen for index in range(m)]


def forecast_count(so_far: Figure, elapsed: int, length: int, z: float) -> Figure:
    """Carry a count on to the end of its period at the pace so far.

    `elapsed` and `length` are days. The interval is the prediction interval of the days to come
    and does not reach below what was counted already. Raises ValueError without an elapsed day.
    """
    if elapsed < 1:
        raise ValueError("A forecast needs at least one elapsed day.")
    if so_far.value is None:
        return so_far
    rest = max(0, length - elapsed)
    value = so_far.value + so_far.value / elapsed * rest
    if so_far.se is None or rest == 0:
        return Figure(value, so_far.n)
    daily_variance = so_far.se**2 / elapsed
    se = math.sqrt(daily_variance * rest * (1 + rest / elapsed))
    return Figure(value, so_far.n, max(so_far.value, value - z * se), value + z * se, se)
