"""Cards as HTML, in Python: a map has thousands of them, and templates are slow at that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cxm.dashboards.icons import ICONS
from cxm.dashboards.templatetags.cxm_ui import icon
from journeys.maps.lanes import SEVERITIES, LaneKind
from journeys.maps.models import Card
from touchpoints.catalogue.models import Touchpoint

NEED_ICONS: Final = {"met": "need-met", "partly": "need-partly", "unmet": "need-unmet"}
NOTHING: Final = mark_safe("")


def draw_card(card: Card, kind: LaneKind) -> SafeString:
    """Return what somebody put into a cell, by the shape of its lane."""
    return _SHAPES.get(kind.shape, _plain)(card)


def icon_of(touchpoint: Touchpoint) -> str:
    """Return a name of the icon set; what people typed may not be in it."""
    wanted = touchpoint.icon or touchpoint.channel.icon
    return wanted if wanted in ICONS else "web"


def _card(card: Card) -> SafeString:
    return format_html('<div class="jm-card">{}</div>', card.text)


def _plain(card: Card) -> SafeString:
    return format_html('<div class="jm-plain">{}</div>', card.text)


def _said(card: Card) -> SafeString:
    return format_html('<div class="jm-plain"><q>{}</q></div>', card.text)


def _touchpoint(card: Card) -> SafeString:
    place = card.touchpoint
    if place is None:
        return _card(card)
    moment = NOTHING
    if place.moment_of_truth:
        moment = format_html(
            '<span class="jm-mot" title="{0}">{1}<span class="vh">{0}</span></span>',
            _("Moment of truth"),
            icon("flag"),
        )
    return format_html(
        '<div class="jm-card jm-tp"><div class="jm-chs"><span class="jm-ch" title="{}">{}</span>{}'
        '</div><a href="?step={}&amp;touchpoint={}" data-inspect="{}">{}</a></div>',
        place.channel,
        icon(icon_of(place)),
        moment,
        card.step_id,
        place.pk,
        place.pk,
        card.text or place.name,
    )


def _pain(card: Card) -> SafeString:
    level = card.severity or 0
    severity = NOTHING
    if level:
        bars = format_html_join(
            "", '<i class="{}"></i>', (("f" if n <= level else "",) for n in SEVERITIES)
        )
        severity = format_html(
            '<p class="jm-sev"><span class="jm-sevbar" aria-hidden="true">{}</span>{}</p>',
            bars,
            SEVERITIES[level],
        )
    return format_html('<div class="jm-card jm-pain s{}">{}{}</div>', level, severity, card.text)


def _opportunity(card: Card) -> SafeString:
    return format_html(
        '<div class="jm-card jm-opp"><p><span class="jm-tag {}"><span class="jm-dot" '
        'aria-hidden="true"></span>{}</span></p>{}</div>',
        card.status or "idea",
        card.state_title,
        card.text,
    )


def _need(card: Card) -> SafeString:
    return format_html(
        '<div class="jm-need">{}<span>{}<span class="vh"> ({})</span></span></div>',
        icon(NEED_ICONS.get(card.status, "need-met")),
        card.text,
        card.state_title,
    )


def _department(card: Card) -> SafeString:
    return format_html(
        '<div class="jm-dept"><span class="jm-face" aria-hidden="true">{}</span>{}</div>',
        card.text[:2],
        card.text,
    )


_SHAPES: Final[dict[str, Callable[[Card], SafeString]]] = {
    "card": _card,
    "said": _said,
    "quote": _said,
    "touchpoint": _touchpoint,
    "pain": _pain,
    "opportunity": _opportunity,
    "need": _need,
    "department": _department,
}
