"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime, zone: str) -> date:
    """Return the calendar day on which ``moment`` falls in the time zone ``zone``."""
    return moment.astimezone(ZoneInfo(zone)).date()
