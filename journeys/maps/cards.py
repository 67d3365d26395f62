"""Cards as HTML, in Python: a map has thousands of them, and templates are slow at that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.urls import reverse
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
_NOBODY: Final = UUID(int=0)


def draw_card(card: Card, kind: LaneKind, *, editing: bool) -> SafeString:
    """Return what somebody put into a cell, by the shape of its lane."""
    write = _SHAPES.get(kind.shape, _plain)
    return write(card, _edit_link(card) if editing else NOTHING)


def icon_of(touchpoint: Touchpoint) -> str:
    """Return a name of the icon set; what people typed may not be in it."""
    wanted = touchpoint.icon or touchpoint.channel.icon
    return wanted if wanted in ICONS else "web"


def _edit_link(card: Card) -> SafeString:
    return format_html(
        '<a class="jm-tool" href="{}" data-dialog>{}<span class="vh"> {}</span></a>',
        reverse("map_card_edit", args=[_NOBODY]).replace(str(_NOBODY), str(card.pk)),
        _("Edit"),
        card.text or (card.touchpoint.name if card.touchpoint else ""),
    )


def _card(card: Card, tools: SafeString) -> SafeString:
    return format_html('<div class="jm-card">{}{}</div>', card.text, tools)


def _plain(card: Card, tools: SafeString) -> SafeString:
    return format_html('<div class="jm-plain">{}{}</div>', card.text, tools)


def _said(card: Card, tools: SafeString) -> SafeString:
    return format_html('<div class="jm-plain"><q>{}</q>{}</div>', card.text, tools)


def _touchpoint(card: Card, tools: SafeString) -> SafeString:
    place = card.touchpoint
    if place is None:
        return _card(card, tools)
    moment = NOTHING
    if place.moment_of_truth:
        moment = format_html(
            '<span class="jm-mot" title="{0}">{1}<span class="vh">{0}</span></span>',
            _("Moment of truth"),
            icon("flag"),
        )
    return format_html(
        '<div class="jm-card jm-tp"><div class="jm-chs"><span class="jm-ch" title="{}">{}</span>{}'
        '</div><a href="?step={}&amp;touchpoint={}" data-inspect="{}">{}</a>{}</div>',
        place.channel,
        icon(icon_of(place)),
        moment,
        card.step_id,
        place.pk,
        place.pk,
        card.text or place.name,
        tools,
    )


def _pain(card: Card, tools: SafeString) -> SafeString:
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
    return format_html(
        '<div class="jm-card jm-pain s{}">{}{}{}</div>', level, severity, card.text, tools
    )


def _opportunity(card: Card, tools: SafeString) -> SafeString:
    return format_html(
        '<div class="jm-card jm-opp"><p><span class="jm-tag {}"><span class="jm-dot" '
        'aria-hidden="true"></span>{}</span></p>{}{}</div>',
        card.status or "idea",
        card.state_title,
        card.text,
        tools,
    )


def _need(card: Card, tools: SafeString) -> SafeString:
    return format_html(
        '<div class="jm-need">{}<span>{}<span class="vh"> ({})</span></span>{}</div>',
        icon(NEED_ICONS.get(card.status, "need-met")),
        card.text,
        card.state_title,
        tools,
    )


def _department(card: Card, tools: SafeString) -> SafeString:
    return format_html(
        '<div class="jm-dept"><span class="jm-face" aria-hidden="true">{}</span>{}{}</div>',
        card.text[:2],
        card.text,
        tools,
    )


_SHAPES: Final[dict[str, Callable[[Card, SafeString], SafeString]]] = {
    "card": _card,
    "said": _said,
    "quote": _said,
    "touchpoint": _touchpoint,
    "pain": _pain,
    "opportunity": _opportunity,
    "need": _need,
    "department": _department,
}
