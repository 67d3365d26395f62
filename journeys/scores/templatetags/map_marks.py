"""Tags that draw the parts of a map: `{% load map_marks %}`."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.dashboards import numbers
from cxm.dashboards.templatetags.cxm_ui import icon
from journeys.maps.cards import draw_card, icon_of
from journeys.maps.lanes import LaneKind
from journeys.maps.models import Card
from journeys.maps.reports import Grid, Row
from journeys.scores.drawing import SPARK, WIDE_SPARK, ScoreMark
from touchpoints.catalogue.models import Touchpoint

register = template.Library()


@register.inclusion_tag("scores/_score.html")
def score_mark(mark: ScoreMark, wide: bool = False) -> dict[str, object]:
    """Draw a score in its cell, read aloud as one sentence: `{% score_mark cell.score %}`."""
    return {
        "mark": mark,
        "spark": mark.wide_spark if wide else mark.spark,
        "spark_size": WIDE_SPARK if wide else SPARK,
    }


@register.simple_tag
def map_card(card: Card, kind: LaneKind) -> SafeString:
    """Draw what somebody put into a cell: `{% map_card card row.kind %}`."""
    return draw_card(card, kind)


@register.simple_tag
def lane_hint(row: Row, grid: Grid, period: str | Promise) -> SafeString:
    """Write the small line below a lane's heading; it names the persona where there is one."""
    if row.kind.key == "actions" and grid.persona is not None:
        hint = _("What %(name)s does") % {"name": grid.persona.given_name}
    elif row.kind.shape == "score":
        hint = f"{period}, {_('one KPI per step')}"
    else:
        hint = str(row.kind.hint)
    return format_html("<small>{}</small>", hint) if hint else mark_safe("")


@register.simple_tag
def touchpoint_icon(touchpoint: Touchpoint) -> SafeString:
    """Draw the touchpoint's icon, else that of its channel."""
    return icon(icon_of(touchpoint))


@register.simple_tag
def measured_by(touchpoint: Touchpoint, answers: int) -> str:
    """Say what leads to the touchpoint's figures: "2 events · pages · 142 answers"."""
    parts = []
    if touchpoint.event_names:
        n = len(touchpoint.event_names)
        parts.append(ngettext("%s event", "%s events", n) % n)
    if touchpoint.page_prefix:
        parts.append(_("visits to its pages"))
    if answers:
        parts.append(ngettext("%s answer", "%s answers", answers) % numbers.number(answers))
    return " · ".join(parts) or _("nothing yet")
