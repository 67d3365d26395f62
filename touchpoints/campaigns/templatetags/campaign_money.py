"""Money in templates: `{% load campaign_money %}`."""

from __future__ import annotations

from decimal import Decimal

from django import template

from cxm.dashboards import numbers

register = template.Library()

# From here on cents say nothing.
WHOLE_FROM = 100


@register.simple_tag
def money(amount: Decimal | float | None, currency: str = "", decimals: int | None = None) -> str:
    """Write an amount, whole above 100: `{% money row.spent campaign.currency %}`."""
    if amount is None:
        return numbers.DASH
    value = float(amount)
    whole = abs(value) >= WHOLE_FROM or amount == 0
    places = (0 if whole else 2) if decimals is None else decimals
    written = numbers.number(value, places)
    return f"{written}\u00a0{currency}" if currency else written


@register.filter
def percent(share: float | None) -> str:
    """Write a share of 0 … 1 as a whole percentage: `{{ money.share|percent }}`."""
    return numbers.value(None if share is None else 100 * share, "percent")
