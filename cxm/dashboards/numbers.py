"""How numbers, intervals and times are written, in the reader's language.

Value, interval, count: `32 [27, 37], n 1,204`. A real minus sign, a thin space before %, tabular
figures by style. NPS and scores are whole; shares too, unless their interval is narrower than 4
points (one decimal) or 2 points (two).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.common.clock import now
from cxm.common.statistics import Figure

MINUS: Final = "\u2212"
THIN: Final = "\u202f"  # narrow and not breaking
DASH: Final = "\u2013"
RELATIVE_UP_TO: Final = timedelta(hours=48)


def decimals_for(unit: str, figure: Figure | None = None) -> int:
    """Return how many decimals a value of the unit is shown with."""
    if unit == "percent":
        if figure is None or figure.low is None or figure.high is None:
            return 0
        width = figure.high - figure.low
        if width < 2:
            return 2
        return 1 if width < 4 else 0
    if unit == "mean":
        return 1
    return 0


def number(value: float, decimals: int = 0, *, sign: bool = False) -> str:
    """Return a number with the language's separators and a real minus sign."""
    rounded = round(value, decimals)
    # What rounds to zero has no sign.
    written = number_format(
        f"{abs(rounded):.{decimals}f}", decimal_pos=decimals, use_l10n=True, force_grouping=True
    )
    if rounded < 0:
        return MINUS + written
    return f"+{written}" if sign and rounded > 0 else written


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units, "3 min 20 s"."""
    whole = round(abs(seconds))
    minus = MINUS if seconds < 0 and whole else ""
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        parts = [_("%d d") % days, _("%d h") % hours if hours else ""]
    elif hours:
        parts = [_("%d h") % hours, _("%d min") % minutes if minutes else ""]
    elif minutes:
        parts = [_("%d min") % minutes, _("%d s") % rest if rest else ""]
    else:
        parts = [_("%d s") % rest]
    return minus + " ".join(part for part in parts if part)


def value(amount: float | None, unit: str, decimals: int | None = None) -> str:
    """Return a value with its unit; an en dash where there is none."""
    if amount is None:
        return DASH
    places = decimals_for(unit) if decimals is None else decimals
    if unit == "seconds":
        return duration(amount)
    if unit == "percent":
        return f"{number(amount, places)}{THIN}%"
    return number(amount, places)


def interval(figure: Figure, unit: str, decimals: int | None = None) -> str:
    """Return "[27, 37]" in the unit of the value, or "" when there is none."""
    if figure.low is None or figure.high is None:
        return ""
    places = decimals_for(unit, figure) if decimals is None else decimals
    return limits(figure.low, figure.high, unit, places)


def limits(low: float, high: float, unit: str, decimals: int | None = None) -> str:
    """Return the two ends of an interval in brackets; a semicolon where the comma is decimal."""
    if unit == "seconds":
        return f"[{duration(low)}, {duration(high)}]"
    places = decimals_for(unit) if decimals is None else decimals
    separator = "; " if number(0.5, 1) == "0,5" else ", "
    return f"[{number(low, places)}{separator}{number(high, places)}]"


def count(n: int) -> str:
    """Return "n 1,204"."""
    return _("n %s") % number(n)


def figure_text(figure: Figure, unit: str, decimals: int | None = None) -> str:
    """Return "32 [27, 37], n 1,204"; for a full count the count alone."""
    places = decimals_for(unit, figure) if decimals is None else decimals
    written = value(figure.value, unit, places)
    if unit == "count":
        return f"{written}, {_('full count')}"
    ends = interval(figure, unit, places)
    return f"{written} {ends}, {count(figure.n)}" if ends else f"{written}, {count(figure.n)}"


def change(amount: float, unit: str, decimals: int | None = None) -> str:
    """Return a difference with its sign; differences of shares are points, "+7 pts"."""
    places = (1 if unit == "mean" else 0) if decimals is None else decimals
    if unit == "seconds":
        return ("+" if amount > 0 else "") + duration(amount)
    written = number(amount, places, sign=True)
    return _("%s pts") % written if unit == "percent" else written


def ago(moment: datetime, *, at: datetime | None = None) -> str:
    """Return how long ago, up to 48 hours; the date after that."""
    passed = (at or now()) - moment
    if passed < timedelta(0) or passed > RELATIVE_UP_TO:
        return day(moment)
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%d min ago", "%d min ago", minutes) % minutes
    hours = minutes // 60
    return ngettext("%d h ago", "%d h ago", hours) % hours


def day(moment: datetime) -> str:
    """Return the day with its weekday, "Tue 17 Nov"; the year instead when it is not this one."""
    local = timezone.localtime(moment)
    # Translators: date format of a day in this year, see Django's date template filter.
    near = _("D j M")
    # Translators: date format of a day in another year.
    far = _("j M Y")
    return date_format(local, near if local.year == timezone.localtime(now()).year else far)
