"""What campaigns brought, as plain values: spans of days, sums, prices, courses. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypedDict

from cxm.common.statistics import Difference, Figure, count, difference, proportion

# Beyond so many days a course is drawn by week.
MOST_DAYS: Final = 45
NO_MONEY: Final = Decimal(0)


class DayRow(TypedDict):
    """Sums of one day."""

    contacts: int
    views: int
    clicks: int
    visits: int
    won: int


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.end - self.start).days + 1

    def before(self) -> Span:
        """Return as many days right before."""
        return Span(self.start - timedelta(days=self.days), self.start - timedelta(days=1))

    def holds(self, day: date) -> bool:
        """Say whether a day is one of them."""
        return self.start <= day <= self.end


@dataclass(slots=True)
class Sums:
    """What was counted; `won` are visits that reached the primary goal."""

    contacts: int = 0
    views: int = 0
    clicks: int = 0
    visits: int = 0
    won: int = 0

    def add(self, row: DayRow) -> None:
        """Add the sums of a day."""
        self.contacts += row["contacts"]
        self.views += row["views"]
        self.clicks += row["clicks"]
        self.visits += row["visits"]
        self.won += row["won"]

    def join(self, other: Sums) -> None:
        """Add other sums."""
        self.contacts += other.contacts
        self.views += other.views
        self.clicks += other.clicks
        self.visits += other.visits
        self.won += other.won


@dataclass(frozen=True, slots=True)
class Share:
    """A share in percent with its certainty; not `shown` where it stands on too few."""

    figure: Figure
    hits: int
    shown: bool
    change: Difference | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A full count with its change against the days before, None where there are none."""

    figure: Figure
    before: Figure | None = None
    change: Difference | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """Money for each of `n`, between `low` and `high` where that is known."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One day or week of a course."""

    start: date
    end: date
    sums: Sums
    spent: Decimal


def share(
    hits: int,
    n: int,
    *,
    z: float,
    fewest: int,
    before: tuple[int, int] | None = None,
) -> Share:
    """Return hits of n in percent; `before` are those of the days before.

    More hits than n, as a goal reached in two visits that count as one, are all of n.
    """
    figure = _percent(hits, n, z)
    shown = n >= fewest
    change = None
    if before is not None and shown and before[1] >= fewest:
        change = difference(figure, _percent(*before, z), z)
    return Share(figure, hits, shown, change)


def _percent(hits: int, n: int, z: float) -> Figure:
    found = proportion(min(hits, n), n, z)

    def scaled(value: float | None) -> float | None:
        return None if value is None else 100 * value

    return Figure(scaled(found.value), n, scaled(found.low), scaled(found.high), scaled(found.se))


def total(
    name: str, by_day: Mapping[date, Sums], span: Span, compared: Span | None, z: float
) -> Total:
    """Return the sum of one column over the days, compared with the days before."""

    def over(days: Span) -> Figure:
        values = [getattr(sums, name) for day, sums in by_day.items() if days.holds(day)]
        return count(sum(values), sum(value * value for value in values), days.days)

    here = over(span)
    if compared is None:
        return Total(here)
    before = over(compared)
    return Total(here, before, difference(here, before, z) if before.n else None)


def price(
    spent: Decimal, n: int, rate: Figure | None = None, base: int = 0, *, shown: bool = True
) -> Price:
    """Return what one of `n` cost.

    Args:
        spent: all the money.
        n: how many there were.
        rate: their share of `base` in percent, whose interval gives the price its own.
        base: of how many they are a share.
        shown: whether the rate stands on enough.
    """
    if not spent or not n:
        return Price(None, n, shown=shown)
    money = float(spent)
    low = high = None
    if rate is not None and rate.low is not None and rate.high is not None and base:
        high = money / (base * rate.low / 100) if rate.low > 0 else None
        low = money / (base * rate.high / 100) if rate.high > 0 else None
    return Price(money / n, n, low, high, shown)


def course(by_day: Mapping[date, Sums], spent: Mapping[date, Decimal], span: Span) -> list[Step]:
    """Return each day of the span, or each week of a long one; days without anything are zeros.

    Weeks begin on the weekday of the first day, so that only the last may be shorter.
    """
    length = 1 if span.days <= MOST_DAYS else 7
    sums: dict[int, Sums] = defaultdict(Sums)
    money: dict[int, Decimal] = defaultdict(Decimal)
    for day, row in by_day.items():
        if span.holds(day):
            sums[(day - span.start).days // length].join(row)
    for day, amount in spent.items():
        if span.holds(day):
            money[(day - span.start).days // length] += amount
    return [
        Step(
            start=span.start + timedelta(days=place * length),
            end=min(span.end, span.start + timedelta(days=(place + 1) * length - 1)),
            sums=sums[place],
            spent=money[place],
        )
        for place in range(-(-span.days // length))
    ]
