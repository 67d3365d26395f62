"""The tag library of every page: signs, figures, score cards and charts.

`{% load cxm_ui %}` in a template. Each tag's docstring shows its use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from django import template
from django.template import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cxm.common.statistics import Difference, Figure
from cxm.dashboards import charts, navigation, numbers, registry, words
from cxm.dashboards.icons import ICONS

register = template.Library()

Context = dict[str, object]


class PointLike(Protocol):
    """A point of a trend; cxm.kpis.reports.Point is one."""

    @property
    def figure(self) -> Figure:
        """Return the value with its certainty."""
        ...


# --- signs -------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon, hidden from screen readers: `{% icon "mail" %}`. Raises KeyError."""
    box, shapes = ICONS[name]
    return format_html(
        '<svg class="ic {}" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>',
        css,
        box,
        box,
        mark_safe(shapes),  # noqa: S308 - a constant of icons.py
    )


@register.simple_tag
def glyph(status: str | None, css: str = "", name: bool = False) -> SafeString:
    """Draw a status sign: `{% glyph score.status "l" %}`; `name=True` where no word stands by."""
    key = str(status or "none")
    title = words.STATUS_WORDS[key]
    label = format_html('role="img" aria-label="{}"', title) if name else 'aria-hidden="true"'
    return format_html(
        '<svg class="gl {} t-{}" {}><use href="#g-{}"/></svg>',
        css,
        key,
        mark_safe(label),  # noqa: S308 - built from escaped parts
        key,
    )


@register.simple_tag
def pill(status: str | None, word: str = "") -> SafeString:
    """Draw sign and word of a status: `{% pill score.status %}`; nothing without a target."""
    if status is None:
        return mark_safe("")
    key = str(status)
    return format_html(
        '<span class="pill {}">{}{}</span>', key, glyph(key), word or words.STATUS_WORDS[key]
    )


@register.filter
def status_word(status: str | None) -> str:
    """Return the word of a status: `{{ score.status|status_word }}`."""
    return str(words.STATUS_WORDS[str(status or "none")])


# --- numbers and times -------------------------------------------------------------------


@register.filter
def grouped(value: float | None) -> str:
    """Write a whole number with separators: `{{ n|grouped }}`; an en dash for None."""
    return numbers.DASH if value is None else numbers.number(value)


@register.filter
def signed(value: float | None) -> str:
    """Write a whole number with its sign: `{{ delta|signed }}`."""
    return numbers.DASH if value is None else numbers.number(value, sign=True)


@register.simple_tag
def amount(value: float | None, unit: str, decimals: int | None = None) -> str:
    """Write a value with its unit: `{% amount 74.6 "percent" 1 %}`."""
    return numbers.value(value, unit, decimals)


@register.simple_tag
def figure(of: Figure, unit: str, decimals: int | None = None) -> str:
    """Write a figure in full, `32 [27, 37], n 1,204`: `{% figure score.figure "points" %}`."""
    return numbers.figure_text(of, unit, decimals)


@register.simple_tag
def figure_value(of: Figure, unit: str, decimals: int | None = None) -> str:
    """Write the value alone, with as many decimals as its interval allows."""
    places = numbers.decimals_for(unit, of) if decimals is None else decimals
    return numbers.value(of.value, unit, places)


@register.simple_tag
def interval(of: Figure, unit: str, decimals: int | None = None) -> str:
    """Write the interval alone, `[27, 37]`."""
    return numbers.interval(of, unit, decimals)


@register.simple_tag
def difference(of: Difference, unit: str, decimals: int | None = None) -> str:
    """Write a difference with its sign, `+7 pts`."""
    return numbers.change(of.value, unit, decimals)


@register.filter
def duration(seconds: float | None) -> str:
    """Write a length of time: `{{ seconds|duration }}` → `3 min 20 s`."""
    return numbers.DASH if seconds is None else numbers.duration(seconds)


@register.filter
def ago(moment: datetime | None) -> str:
    """Write how long ago, up to 48 hours, else the date: `{{ row.seen_at|ago }}`."""
    return _("never") if moment is None else numbers.ago(moment)


# --- scores and charts -------------------------------------------------------------------

_LIMITS: dict[str, tuple[float | None, float | None]] = {
    "points": (-100, 100),
    "score": (0, 100),
    "percent": (0, None),
}


@register.inclusion_tag("cxm/parts/score_card.html")
def score_card(
    score: words.ScoreLike,
    title: str = "",
    *,
    url: str = "",
    suffix: str = "",
    note: str = "",
    empty: str = "",
) -> Context:
    """Draw a score card: `{% score_card score %}`.

    `suffix` replaces what stands small beside the value, `note` the line with interval and n's
    noun, `empty` the sentence when there is nothing to show.
    """
    metric = score.metric
    shown = score.shown and score.figure.value is not None
    places = 0 if metric.unit == "percent" else numbers.decimals_for(metric.unit, score.figure)
    return {
        "score": score,
        "unit": metric.unit,
        "title": title or metric.title,
        "url": url,
        "shown": shown,
        "value": numbers.number(score.figure.value or 0, places) if shown else "",
        "suffix": suffix or words.suffix(metric.unit),
        "interval": numbers.interval(score.figure, metric.unit, places) if shown else "",
        "note": note or words.counted(score.figure, metric.minimum),
        "turn": words.turn(score.change, metric.unit, lower_is_better=metric.lower_is_better),
        "distance": words.distance(
            score.figure.value if shown else None, score.target, metric.unit
        ),
        "empty": empty
        or words.more_needed(score.figure, getattr(score, "minimum", 1), metric.minimum),
        "places": places,
    }


@register.inclusion_tag("cxm/parts/range_line.html")
def range_line(
    of: Figure,
    unit: str,
    status: str | None = None,
    target: float | None = None,
    previous: Figure | None = None,
    name: str = "",
) -> Context:
    """Draw interval, value, value before and target on one line.

    `{% range_line score.figure "score" score.status score.target score.previous "Satisfaction" %}`
    """
    before = previous.value if previous is not None else None
    drawn = charts.range_line(
        of, target=target, previous=before, limits=_LIMITS.get(unit, (None, None))
    )
    said = [f"{name} {numbers.value(of.value, unit)}".strip()]
    if limits := numbers.interval(of, unit):
        said.append(_("interval %s") % limits)
    if target is not None:
        said.append(_("target %s") % numbers.value(target, unit))
    if before is not None:
        said.append(_("before %s") % numbers.value(before, unit))
    return {
        "line": drawn,
        "tone": str(status or "series"),
        "said": ", ".join(said),
        "target": numbers.number(target, _places(target)) if target is not None else "",
        "ends": [numbers.number(e, _places(e)) for e in drawn.ends] if drawn else [],
    }


def _places(value: float) -> int:
    return 0 if float(value).is_integer() else 1


@register.inclusion_tag("cxm/parts/sparkline.html")
def sparkline(points: Sequence[PointLike], status: str | None = None, size: int = 120) -> Context:
    """Draw a course without axes: `{% sparkline score.trend score.status %}`, 120 or 72 wide."""
    height = 46 if size >= 120 else 30
    values = [point.figure.value for point in points]
    return {
        "spark": charts.sparkline(values, width=size, height=height),
        "tone": str(status or "series"),
        "width": size,
        "height": height,
        "end_radius": 4,
    }


@register.inclusion_tag("cxm/parts/bullet.html")
def bullet(
    attainment: float | None,
    low: float | None = None,
    high: float | None = None,
    status: str | None = None,
    name: str = "",
) -> Context:
    """Draw attainment from 0 to 125 % of the target, with whiskers: shares, 1.0 = target met."""
    return {
        "bullet": charts.bullet(attainment, low, high),
        "tone": str(status or "none"),
        "name": name,
    }


@register.inclusion_tag("cxm/parts/course.html")
def course_chart(
    points: Sequence[tuple[str, Figure]],
    unit: str = "points",
    name: str = "NPS",
    target: float | None = None,
    few: int = 30,
) -> Context:
    """Draw a course over time with its band, wide and narrow, a summary and "Show as table".

    `points` are (label, Figure), oldest first: `{% course_chart points "points" "NPS" 40 %}`.
    """
    least, most = _LIMITS.get(unit, (None, None))
    rows = [
        {
            "label": label,
            "value": numbers.value(f.value, unit, numbers.decimals_for(unit, f)),
            "interval": numbers.interval(f, unit),
            "n": numbers.number(f.n),
        }
        for label, f in points
    ]
    drawings = [
        charts.course(points, target=target, least=least, most=most, few=few, narrow=narrow)
        for narrow in (False, True)
    ]
    return {
        "drawings": [
            {
                "c": drawing,
                "kind": kind,
                "grid": [(y, numbers.number(v, _places(v))) for y, v in drawing.grid],
                "end_value": numbers.value(drawing.dots[-1].figure.value, unit),
                "end_rest": _end_rest(drawing.dots[-1].figure, unit),
                "end_y": min(max(drawing.dots[-1].y, 30), drawing.bottom - 14),
                # Where the line comes down to the last dot, its label goes below.
                "end_dy": 22 if _falls(drawing) else -12,
            }
            for drawing, kind in zip(drawings, ("wide", "narrow"), strict=True)
            if drawing is not None
        ],
        "summary": words.summary(points, unit, name, target),
        "rows": rows,
        "name": name,
        "target": None if target is None else numbers.value(target, unit),
    }


def _falls(drawing: charts.Course) -> bool:
    return len(drawing.dots) > 1 and drawing.dots[-2].y < drawing.dots[-1].y


def _end_rest(of: Figure, unit: str) -> str:
    limits = numbers.interval(of, unit)
    return f"{limits}, {numbers.count(of.n)}" if limits else numbers.count(of.n)


@register.inclusion_tag("cxm/parts/share_bar.html")
def share_bar(share: float, mark: float | None = None, css: str = "") -> Context:
    """Draw a share of 0 … 1 as a bar, with a mark for the usual: `{% share_bar 0.31 0.33 %}`."""
    clipped = min(1.0, max(0.0, share))
    return {
        "width": round(clipped * 100, 1),
        "mark": None if mark is None else round(min(1.0, max(0.0, mark)) * 100, 1),
        "css": css,
    }


@register.inclusion_tag("cxm/parts/nps_shares.html")
def nps_shares(promoters: int, passives: int, detractors: int) -> Context:
    """Draw promoters, passives and detractors as one bar, always in this order, with labels."""
    n = promoters + passives + detractors
    parts, x = [], 0.0
    names = {
        "promoter": _("Promoters, 9–10"),
        "passive": _("Passives, 7–8"),
        "detractor": _("Detractors, 0–6"),
    }
    for key, amount_of in zip(names, (promoters, passives, detractors), strict=True):
        share = amount_of / n if n else 0.0
        width = round(share * 400, 1)
        parts.append(
            {
                "key": key,
                "name": names[key],
                "x": round(x, 1),
                "width": max(0.0, width - 2),
                "share": numbers.value(100 * share, "percent"),
                "fits": share >= 0.08,
            }
        )
        x += width
    said = ", ".join(f"{part['name']}: {part['share']}" for part in parts)
    return {"parts": parts, "said": said, "n": n}


@register.inclusion_tag("cxm/parts/empty.html")
def empty_state(
    title: str,
    text: str = "",
    action: str = "",
    url: str = "",
    *,
    icon: str = "mark",
    left: bool = False,
) -> Context:
    """Say what is missing and what to do next, with one button.

    `{% empty_state "No touchpoints yet" "Draw your journey first." "Open the map" url %}`
    """
    return {"title": title, "text": text, "action": action, "url": url, "icon": icon, "left": left}


# --- the shell ---------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def sidebar(context: RequestContext) -> navigation.Sidebar | None:
    """Return the sidebar of this page: `{% sidebar as nav %}`; None outside a workspace."""
    request = context.request
    workspace = getattr(request, "workspace", None)
    user = getattr(request, "user", None)
    if workspace is None or user is None:
        return None
    match = getattr(request, "resolver_match", None)
    found: list[tuple[registry.Attention, registry.Need]] | None = getattr(
        request, "cxm_needs", None
    )
    if found is None:
        found = registry.needs(workspace, user.has_perm, entries_only=True)
    counts: Mapping[str, registry.Need] = {item.entry: need for item, need in found if item.entry}
    return navigation.build(match.view_name if match else "", user.has_perm, counts)
