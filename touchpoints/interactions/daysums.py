"""Sums of days as figures with their certainty: totals, ratios, courses. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from cxm.common import statistics
from cxm.common.statistics import EMPTY, Difference, Figure

# Beyond so many days a course goes by week.
MOST_DAYS: Final = 45
WEEK: Final = 7
LONGEST: Final = 1100


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included; `key` names a usual one ("90d"), else ""."""

    start: date
    end: date
    key: str = ""

    @classmethod
    def ending(cls, end: date, days: int) -> Period:
        """Return the period of so many days whose last one is `end`."""
        return cls(end - timedelta(days=days - 1), end, f"{days}d")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    @property
    def before(self) -> Period:
        """Return as many days right before."""
        return Period(self.start - timedelta(days=self.days), self.start - timedelta(days=1))

    def holds(self, day: date) -> bool:
        """Say whether a day is one of them."""
        return self.start <= day <= self.end

    @property
    def step(self) -> int:
        """How many days a point of its course covers."""
        return 1 if self.days <= MOST_DAYS else WEEK


@dataclass(slots=True)
class Sums:
    """What was counted; `won` are visits that reached the primary goal."""

    contacts: int = 0
    views: int = 0
    clicks: int = 0
    visits: int = 0
    won: int = 0
    seconds: Decimal = field(default=Decimal(0))

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure, that of the period before, and what lies between them.

    `change` is None where there is nothing to compare with; it is called a change only when its
    interval leaves out 0. Not `shown`: it stands on too few.
    """

    figure: Figure
    before: Figure | None = None
    change: Difference | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A point of a course; `sums` is None where nothing at all is known of these days."""

    start: date
    end: date
    sums: Sums | None
    conversion: Figure


ByDay = Mapping[date, Sums]


def over(by_day: ByDay, period: Period) -> Sums:
    """Return the sum of the days."""
    return sum((sums for day, sums in by_day.items() if period.holds(day)), Sums())


def percent(hits: int, n: int, z: float) -> Figure:
    """Return hits of n in percent with the interval of a share."""
    found = statistics.proportion(min(hits, n), n, z)
    return statistics.rescale(found, 0, 1, 0, 100)


def total(
    by_day: ByDay, period: Period, name: str, z: float, *, since: date | None = None
) -> Compared:
    """Return a full count, compared by how much the days differ among themselves.

    It is compared with whole periods only: where the data begins, `since`, within the one before,
    more would be no news.
    """

    def of(days: Period) -> Figure:
        values = [int(getattr(sums, name)) for day, sums in by_day.items() if days.holds(day)]
        return statistics.count(sum(values), sum(value * value for value in values), days.days)

    past = EMPTY if since is not None and since > period.before.start else of(period.before)
    return _compared(of(period), past, z, fewest=0)


def conversion(by_day: ByDay, period: Period, z: float, *, fewest: int) -> Compared:
    """Return the share of the visits that reached the primary goal, in percent."""
    here, past = over(by_day, period), over(by_day, period.before)
    return _compared(
        percent(here.won, here.visits, z), percent(past.won, past.visits, z), z, fewest=fewest
    )


def dwell(by_day: ByDay, period: Period, z: float, *, fewest: int) -> Compared:
    """Return the seconds in the foreground for each visit."""
    return _compared(
        seconds_for_each(by_day, period, z),
        seconds_for_each(by_day, period.before, z),
        z,
        fewest=fewest,
    )


def seconds_for_each(by_day: ByDay, period: Period, z: float) -> Figure:
    """Return ΣD/ΣV over the days, with the error of a ratio whose clusters are the days.

    se² = d/(d−1) · Σ(D − R·V)² / (ΣV)², d being the days with visits. One day has no interval.
    """
    rows = [(float(s.seconds), s.visits) for d, s in by_day.items() if period.holds(d) and s.visits]
    visits = sum(v for _, v in rows)
    seconds = math.fsum(s for s, _ in rows)
    if not visits or not seconds:
        return EMPTY
    ratio = seconds / visits
    if len(rows) < 2:
        return Figure(ratio, visits)
    apart = math.fsum((s - ratio * v) ** 2 for s, v in rows)
    se = math.sqrt(len(rows) / (len(rows) - 1) * apart) / visits
    return Figure(ratio, visits, max(0.0, ratio - z * se), ratio + z * se, se)


def people(found: Figure, past: Figure | None, by_day: ByDay, period: Period, z: float) -> Compared:
    """Return a number of visitors, compared with that of the period before.

    Visitors of several days cannot be added up by day. How surely their number changed is judged
    by how much the days' visits differ, in proportion, and by the error of an estimate.
    """
    visits = total(by_day, period, "visits", z)
    return _compared(
        _spread(found, visits.figure),
        _spread(past, visits.before) if past is not None and visits.before is not None else EMPTY,
        z,
        fewest=0,
    )


def _spread(found: Figure, visits: Figure) -> Figure:
    if visits.se is None or not visits.n or found.value is None:
        return found
    se = math.hypot(visits.se * found.value / visits.n, found.se or 0.0)
    return Figure(found.value, found.n, found.low, found.high, se)


def _compared(here: Figure, past: Figure, z: float, *, fewest: int) -> Compared:
    shown = here.value is not None and here.n >= fewest
    change = None
    if shown and past.n and past.n >= fewest:
        change = statistics.difference(here, past, z)
    return Compared(here, past if past.n else None, change, shown)


def course(by_day: ByDay, period: Period, z: float) -> list[Step]:
    """Return the days of a short period, or the whole weeks of a long one that end with it.

    Days of which nothing is known make a gap, never a zero. What is left of a week at the
    beginning is no point of its own: it would look like a rise.
    """
    steps = []
    first = period.end - timedelta(days=period.days // period.step * period.step - 1)
    for start in _starts(first, period.end, period.step):
        days = Period(start, start + timedelta(days=period.step - 1))
        known = [sums for day, sums in by_day.items() if days.holds(day)]
        sums = sum(known, Sums()) if known else None
        figure = percent(sums.won, sums.visits, z) if sums is not None else EMPTY
        steps.append(Step(days.start, days.end, sums, figure))
    return steps


def _starts(first: date, last: date, step: int) -> Sequence[date]:
    return [first + timedelta(days=place) for place in range(0, (last - first).days + 1, step)]
