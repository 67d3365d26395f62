"""The stretches of days that figures are worked out for. Pure.

Rolling windows end today and are followed back by the equally long one before. Each has six
short spans for its sparkline: 30 days in spans of 5, 90 of 15, and 365 of 60 (which cover the
last 360 days). Calendar windows run to date; `back` counts periods into the past, 0 is the
current one.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ROLLING = {"30d": 30, "90d": 90, "365d": 365}
TREND_OF = {"30d": "5d", "90d": "15d", "365d": "60d"}
TREND_POINTS = 6
CALENDAR = {"month": 1, "quarter": 3, "year": 12}
ALL = "all"
WINDOWS = (*ROLLING, *CALENDAR, ALL)
PERIODS = (*CALENDAR, *ROLLING)

_SPAN_DAYS = {"5d": 5, "15d": 15, "60d": 60}
_PERIODS_BACK = {"month": 12, "quarter": 2, "year": 2}
_FIRST_DAY = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends included."""

    window: str
    back: int
    start: date
    end: date

    @property
    def days(self) -> int:
        """Return how many days it covers."""
        return (self.end - self.start).days + 1

    @property
    def for_slices(self) -> bool:
        """Say whether it is worked out for all dimension values; the others only for KPIs."""
        return self.window in ROLLING or self.window == ALL


def all_spans(today: date) -> list[Span]:
    """Return every span as of `today`. The span "all" begins on the first day of the calendar."""
    spans = [
        _rolling(window, back, days, today) for window, days in ROLLING.items() for back in (0, 1)
    ]
    spans += [
        _rolling(window, back, days, today)
        for window, days in _SPAN_DAYS.items()
        for back in range(TREND_POINTS)
    ]
    for window, months in CALENDAR.items():
        for back in range(_PERIODS_BACK[window]):
            start, end = _calendar_period(_months_before(today, back * months), months)
            spans.append(Span(window, back, start, min(end, today)))
    spans.append(Span(ALL, 0, _FIRST_DAY, today))
    return spans


def touching(spans: Iterable[Span], days: Iterable[date]) -> list[Span]:
    """Return the spans that contain one of the days."""
    wanted = list(days)
    return [span for span in spans if any(span.start <= day <= span.end for day in wanted)]


def period_of(period: str, day: date) -> tuple[date, date]:
    """Return first and last day of the target period in which `day` lies.

    A rolling period is the one that ends on `day`. Raises KeyError for an unknown period.
    """
    if period in ROLLING:
        return day - timedelta(days=ROLLING[period] - 1), day
    return _calendar_period(day, CALENDAR[period])


def _rolling(window: str, back: int, days: int, today: date) -> Span:
    end = today - timedelta(days=back * days)
    return Span(window, back, end - timedelta(days=days - 1), end)


def _calendar_period(day: date, months: int) -> tuple[date, date]:
    first_month = (day.month - 1) // months * months + 1
    last_month = first_month + months - 1
    last_day = calendar.monthrange(day.year, last_month)[1]
    return date(day.year, first_month, 1), date(day.year, last_month, last_day)


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
