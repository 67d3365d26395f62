"""Money and days as people and files write them: pure rules. What is ambiguous is refused."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

LARGEST: Final = Decimal(10) ** 12
_BLANKS: Final = re.compile(r"[\s\u00a0\u202f'’]")
_GROUPED: Final = re.compile(r"\d{1,3}(?:([.,])\d{3})+")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def read_amount(text: str) -> Decimal:
    """Return an amount such as 1234.5, 1,234.50 or 1.234,50.

    Raises:
        ValueError: it is no amount, is negative, has more than two decimals, or could be read in
            two ways, with a sentence that says so.
    """
    cleaned = _BLANKS.sub("", text)
    if _GROUPED.fullmatch(cleaned) and cleaned.count(",") + cleaned.count(".") == 1:
        raise ValueError(
            _("“%(text)s” can be read in two ways. Write it with two decimals.") % {"text": text}
        )
    last = max(cleaned.rfind(","), cleaned.rfind("."))
    if last >= 0:
        whole, mark, decimals = cleaned[:last], cleaned[last], cleaned[last + 1 :]
        if mark in whole:
            # One sign repeated groups thousands: 1.234.567
            whole, decimals = cleaned, ""
        whole = _without_groups(whole)
        cleaned = f"{whole}.{decimals or '0'}"
    try:
        amount = Decimal(cleaned)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not re.fullmatch(r"-?\d+(\.\d+)?", cleaned, re.ASCII):
        raise ValueError(_("“%(text)s” is no amount.") % {"text": text})
    if amount < 0:
        raise ValueError(_("An amount is not negative."))
    if amount >= LARGEST:
        raise ValueError(_("The amount is too large."))
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError(_("An amount has two decimals at most."))
    return amount.quantize(Decimal("0.01"))


def _without_groups(whole: str) -> str:
    found = _GROUPED.fullmatch(whole)
    if found is None:
        return whole
    mark = found[1]
    other = "." if mark == "," else ","
    return whole if other in whole else whole.replace(mark, "")


def read_day(text: str) -> date:
    """Return a day written as 2026-11-22 or 22.11.2026.

    Raises:
        ValueError: it is none, with a sentence that says so.
    """
    cleaned = text.strip()
    try:
        if found := _ISO.fullmatch(cleaned):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DOTTED.fullmatch(cleaned):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise ValueError(_("“%(text)s” is no day. Write it as 2026-11-22.") % {"text": text})
