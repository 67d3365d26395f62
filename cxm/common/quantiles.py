"""Quantiles of the normal and of Student's t distribution with the standard library alone.

The t distribution is evaluated through the regularised incomplete beta function
(continued fraction by Lentz's method, Numerical Recipes 6.4; Abramowitz & Stegun 26.5.8) and
inverted by Newton's method from its expansion around the normal one. Agreement with
published tables is better than 1e-9.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_TINY = 1e-300
_PRECISION = 1e-15
# From here on the expansion alone is exact to 1e-10, while log-gamma functions lose digits.
_EXPAND_FROM = 1000


def normal_cdf(x: float) -> float:
    """Return P(Z ≤ x) for a standard normal Z."""
    return 0.5 * math.erfc(-x / math.sqrt(2))


@lru_cache(maxsize=64)
def z_for(confidence: float) -> float:
    """Return the two-sided normal quantile, e.g. 1.959964 for a confidence of 0.95.

    Raises ValueError unless 0 < confidence < 1.
    """
    if not 0 < confidence < 1:
        raise ValueError("A confidence level lies between 0 and 1.")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b) for 0 ≤ x ≤ 1."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    log_front = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    # The fraction converges fast only left of the mean; the symmetry covers the rest.
    if x < (a + 1) / (a + b + 2):
        return math.exp(log_front) * _beta_fraction(a, b, x) / a
    return 1 - math.exp(log_front) * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    c = 1.0
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _away_from_zero(1 + even * d)
        c = _away_from_zero(1 + even / c)
        fraction *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / _away_from_zero(1 + odd * d)
        c = _away_from_zero(1 + odd / c)
        step = d * c
        fraction *= step
        if abs(step - 1) < _PRECISION:
            break
    return fraction


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def t_tail(t: float, df: float) -> float:
    """Return P(T > t) for t ≥ 0 and `df` degrees of freedom."""
    return 0.5 * incomplete_beta(df / 2, 0.5, df / (df + t * t))


@lru_cache(maxsize=4096)
def t_for(confidence: float, df: int) -> float:
    """Return the two-sided quantile of Student's t, e.g. 2.262157 for 0.95 and 9.

    Raises ValueError for fewer than one degree of freedom.
    """
    if df < 1:
        raise ValueError("Student's t needs at least one degree of freedom.")
    z = z_for(confidence)
    tail = (1 - confidence) / 2
    if df == 1:
        return 1 / math.tan(math.pi * tail)
    if df == 2:
        alpha = 2 * tail
        return math.sqrt(2 / (alpha * (2 - alpha)) - 2)
    t = _expanded(z, df)
    if df >= _EXPAND_FROM:
        return t
    log_density = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    # The tail is convex for t > 0, so Newton from the left rises to the root and never passes it.
    for _ in range(100):
        density = math.exp(log_density - (df + 1) / 2 * math.log1p(t * t / df))
        step = (t_tail(t, df) - tail) / density
        t += step
        if abs(step) <= 1e-13 * t:
            break
    return t


def _expanded(z: float, df: int) -> float:
    """Return the t quantile by its expansion around the normal one (A&S 26.7.5)."""
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / df**power for power, term in enumerate(terms, start=1))
