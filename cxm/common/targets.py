"""How far a figure is from its target, and the word for it. Pure: no Django, no database.

Attainment is a share: 1.0 means that the target is met exactly. "Lower is better" needs no
switch: the target then lies below the baseline.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cxm.common.statistics import EMPTY, Figure

# The floor, unless a target sets its own, is the value at this attainment.
FLOOR_ATTAINMENT = 0.9


class Status(StrEnum):
    """The five states of a figure with a target; the values name the CSS classes and glyphs."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Goal:
    """A target T with its baseline B, an optional own floor, and v for a range target T ± v.

    All are in the unit of the figure. Raises ValueError when T = B, when the floor lies on the
    wrong side of the target, or when the range reaches the baseline.
    """

    target: float
    baseline: float
    own_floor: float | None = None
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        if self.target == self.baseline:
            raise ValueError("Target and baseline are the same.")
        if not 0 <= self.tolerance < abs(self.target - self.baseline):
            raise ValueError("The range reaches the baseline.")
        if self.own_floor is not None and self.own_floor != self.target:
            if (self.own_floor > self.target) != self.lower_is_better:
                raise ValueError("The floor lies on the wrong side of the target.")
            if abs(self.own_floor - self.target) < self.tolerance:
                raise ValueError("The floor lies inside the range.")

    @property
    def lower_is_better(self) -> bool:
        """Say whether the target lies below the baseline."""
        return self.target < self.baseline

    @property
    def floor(self) -> float:
        """Return the value below which the figure is off target (above, if lower is better)."""
        if self.own_floor is not None:
            return self.own_floor
        reach = self.target - self.baseline
        edge = self.target - (self.tolerance if reach > 0 else -self.tolerance)
        return self.baseline + FLOOR_ATTAINMENT * (edge - self.baseline)

    def pro_rata(self, share: float) -> Goal:
        """Return the goal for a part of its period; for counts, which grow with time."""
        floor = None if self.own_floor is None else self.own_floor * share
        return Goal(self.target * share, self.baseline * share, floor, self.tolerance * share)


def attainment(actual: float, goal: Goal) -> float:
    """Return (A − B)/(T − B); for a range 1 inside and a straight fall to 0 at the baseline.

    May be below 0 and, without a range, above 1.
    """
    if goal.tolerance:
        reach = abs(goal.target - goal.baseline)
        away = abs(actual - goal.target)
        if away <= goal.tolerance:
            return 1.0
        return (reach - away) / (reach - goal.tolerance)
    return (actual - goal.baseline) / (goal.target - goal.baseline)


def capped_attainment(figure: Figure, goal: Goal) -> tuple[float, float, float]:
    """Return the attainment of the value and of both ends of its interval, each at most 1.

    Where nothing was sampled, all three are the same. Raises ValueError without a value.
    """
    if figure.value is None:
        raise ValueError("Nothing was measured.")
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    ends = [attainment(low, goal), attainment(high, goal)]
    if (
        goal.tolerance
        and low <= goal.target + goal.tolerance
        and high >= goal.target - goal.tolerance
    ):
        ends.append(1.0)
    value = min(1.0, attainment(figure.value, goal))
    return value, min(1.0, *ends), min(1.0, max(ends))


def achievement(parts: Sequence[tuple[float, tuple[float, float, float]]], z: float) -> Figure:
    """Return the weighted mean of capped attainments, in per cent; n is how many there are.

    Each part is a weight with value, low and high from `capped_attainment`. A target that is
    surely met adds no doubt, hence each side has its own width (square-and-add, Zou & Donner
    2008). Raises ValueError when the weights do not have a positive sum.
    """
    if not parts:
        return EMPTY
    total = math.fsum(weight for weight, _ in parts)
    if total <= 0:
        raise ValueError("Weights need a positive sum.")
    value = 100 * math.fsum(weight * a for weight, (a, _, _) in parts) / total
    below = (
        100 * math.sqrt(math.fsum((weight * (a - lo)) ** 2 for weight, (a, lo, _) in parts)) / total
    )
    above = (
        100 * math.sqrt(math.fsum((weight * (hi - a)) ** 2 for weight, (a, _, hi) in parts)) / total
    )
    high = min(100.0, value + above)
    return Figure(value, len(parts), value - below, high, (high - value + below) / (2 * z))


def status_of(figure: Figure, goal: Goal | None, minimum: int) -> Status | None:
    """Return the word for a figure, or None when it has enough data but no target.

    Good: the whole interval is at or beyond the target. Watch: wholly between floor and target.
    Bad: wholly beyond the floor. Unsure: the interval covers one of them. A figure without an
    interval (a full count) is compared by its value.
    """
    if figure.value is None or figure.n < minimum:
        return Status.NONE
    if goal is None:
        return None
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    if goal.tolerance:
        # Distance from the target, lower is better; an interval around the target begins at 0.
        ends = abs(low - goal.target), abs(high - goal.target)
        nearest = 0.0 if low <= goal.target <= high else min(ends)
        return _one_sided(-max(ends), -nearest, -goal.tolerance, -abs(goal.floor - goal.target))
    if goal.lower_is_better:
        return _one_sided(-high, -low, -goal.target, -goal.floor)
    return _one_sided(low, high, goal.target, goal.floor)


def _one_sided(low: float, high: float, target: float, floor: float) -> Status:
    if low >= target:
        return Status.GOOD
    if high < floor:
        return Status.BAD
    if high < target and low >= floor:
        return Status.WATCH
    return Status.UNSURE
