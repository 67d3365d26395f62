"""Tags of the public map: `{% load shared_map %}`."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cxm.dashboards import numbers
from cxm.dashboards.templatetags.cxm_ui import icon
from journeys.maps.lanes import SEVERITIES, LaneKind
from journeys.maps.models import Card
from journeys.maps.quotes import Quote
from journeys.sharing.showing import Beside, led

register = template.Library()


@register.simple_tag
def shared_card(card: Card, kind: LaneKind, beside: Beside) -> SafeString:
    """Write what a card says as a line of text: `{% shared_card card row.kind beside %}`.

    Nothing in it leads anywhere: who reads it may open no page of ours.
    """
    if kind.shape == "quote":
        return _quote(card, beside.quotes)
    if kind.shape == "picture" and card.picture:
        return _picture(card, beside)
    if kind.shape == "link":
        words = led(card.text or beside.journeys.get(str(card.linked_map_id), ""))
        return format_html('<p class="shr-led">{}{}</p>', icon("map"), words)
    words = card.text
    if card.touchpoint is not None and not words:
        words = card.touchpoint.name
    note = _note(card, kind)
    if not note:
        return format_html("<p>{}</p>", words) if words else mark_safe("")
    return format_html('<p>{} <small class="shr-note">{}</small></p>', words, note)


def _quote(card: Card, quotes: Mapping[str, Quote | None]) -> SafeString:
    """Write an answer's words as they are now; those of an answer that was erased are gone."""
    if card.response_id is None:
        return format_html("<p><q>{}</q></p>", card.text) if card.text else mark_safe("")
    said = quotes.get(str(card.response_id))
    if said is None:
        return format_html('<p class="shr-quiet">{}</p>', _("This answer was deleted."))
    return format_html("<p><q>{}</q></p>", said["text"])


def _picture(card: Card, beside: Beside) -> SafeString:
    below = format_html("<figcaption>{}</figcaption>", card.text) if card.text else mark_safe("")
    return format_html(
        '<figure class="shr-picture"><img src="{}" alt="{}" loading="lazy">{}</figure>',
        beside.picture_url(card.picture),
        "" if card.text else _("Picture"),
        below,
    )


def _note(card: Card, kind: LaneKind) -> str:
    if kind.shape == "touchpoint" and card.touchpoint is not None:
        channel = str(card.touchpoint.channel)
        return f"{channel}, {_('moment of truth')}" if card.touchpoint.moment_of_truth else channel
    if kind.shape == "pain" and card.severity in SEVERITIES:
        return str(SEVERITIES[card.severity])
    if kind.shape == "question" and card.answer:
        return card.answer
    if kind.shape == "emotion" and card.valence is not None:
        return numbers.number(float(card.valence), 1, sign=True)
    return str(card.state_title) if card.status else ""
