"""Signs and the emotion curve as SVG, for paper: the light theme, no style sheet."""

from __future__ import annotations

from functools import cache

from cxm.dashboards.icons import ICONS
from journeys.exports.palette import light
from journeys.scores.curves import Drawing

_GLYPHS = {
    "good": (
        "good",
        '<circle cx="10" cy="10" r="8.5" fill="{c}"/><path d="M6 10.3l2.8 2.8L14.2 7" fill="none" '
        'stroke="{w}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>',
    ),
    "watch": (
        "watch-mark",
        '<path d="M10 2.2 18.6 17.2H1.4z" fill="{c}" stroke="{c}" stroke-width="1.6" '
        'stroke-linejoin="round"/><path d="M10 7.5v4.5" stroke="{w}" stroke-width="2.2" '
        'stroke-linecap="round"/><circle cx="10" cy="14.7" r="1.2" fill="{w}"/>',
    ),
    "bad": (
        "bad",
        '<path d="M6.5 1.7h7l4.8 4.8v7l-4.8 4.8h-7L1.7 13.5v-7z" fill="{c}"/>'
        '<path d="M7 7l6 6M13 7l-6 6" stroke="{w}" stroke-width="2.2" stroke-linecap="round"/>',
    ),
    "unsure": (
        "unsure",
        '<rect x="2.2" y="2.2" width="15.6" height="15.6" rx="4" fill="{w}" stroke="{c}" '
        'stroke-width="1.6"/><path d="M4 10L10 4M4 16L16 4M10 16L16 10" stroke="{h}" '
        'stroke-width="1.4"/><circle cx="10" cy="10" r="5.4" fill="{w}"/>'
        '<path d="M8.2 8.6c0-2.5 3.7-2.4 3.6-.2 0 1.4-1.8 1.4-1.8 2.6" fill="none" '
        'stroke="{c}" stroke-width="1.6" stroke-linecap="round"/>'
        '<circle cx="10" cy="13.2" r=".95" fill="{c}"/>',
    ),
    "none": (
        "none",
        '<circle cx="10" cy="10" r="7.8" fill="none" stroke="{c}" stroke-width="1.7" '
        'stroke-dasharray="3 2.5"/>',
    ),
}


@cache
def glyph(status: str) -> str:
    """Return the sign of a status."""
    token, shapes = _GLYPHS[status]
    colors = light()
    drawn = shapes.format(c=colors[token], w=colors["surface"], h=colors["line-strong"])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">{drawn}</svg>'


@cache
def glyph_on_bad() -> str:
    """Return the failing sign for red ground."""
    colors = light()
    drawn = _GLYPHS["bad"][1].format(c=colors["surface"], w=colors["bad"])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">{drawn}</svg>'


@cache
def icon(name: str, color_of: str) -> str:
    """Return an icon of the set; what people typed may not be in it."""
    box, shapes = ICONS[name if name in ICONS else "web"]
    color = light()[color_of]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box} {box}" fill="none" '
        f'stroke="{color}" stroke-width="{box * 0.0875:g}" stroke-linecap="round" '
        f'stroke-linejoin="round">{shapes.replace("currentColor", color)}</svg>'
    )


def curve(drawing: Drawing, start: float, width: float) -> str:
    """Return the part of the feelings lane that lies on one page."""
    colors = light()
    height = drawing.height
    left, right = start, start + width
    parts = [f'<rect x="{left}" y="0" width="{width}" height="{height}" fill="{colors["bg"]}"/>']
    step = drawing.size.step
    for x in drawing.washes:
        parts.append(
            f'<rect x="{x}" y="0" width="{step}" height="{height}" fill="{colors["bad-wash"]}"/>'
        )
    parts += [_rule(left, right, y, f'stroke="{colors["line"]}"') for y in drawing.grid]
    parts.append(
        _rule(left, right, drawing.zero, f'stroke="{colors["line-strong"]}" stroke-dasharray="1 3"')
    )
    for area in drawing.areas:
        opacity = ".08" if area.unsure else ".17"
        parts.append(f'<path d="{area.path}" fill="{colors["said"]}" fill-opacity="{opacity}"/>')
        if area.unsure:
            parts.append(f'<path d="{area.path}" fill="url(#h)"/>')
    for bar in drawing.bars:
        parts.append(
            f'<rect x="{bar.x}" y="{bar.y}" width="{drawing.size.bar}" height="{bar.height}" '
            f'fill="{colors["does"]}" fill-opacity=".75"/>'
        )
    parts += [
        f'<path d="{path}" fill="none" stroke="{colors["assumed"]}" stroke-width="1.2" '
        'stroke-dasharray="4 3"/>'
        for path in drawing.assumed
    ]
    parts += [
        f'<path d="{path}" fill="none" stroke="{colors["said"]}" stroke-width="2" '
        'stroke-linecap="round"/>'
        for path in drawing.said
    ]
    for dot in drawing.dots:
        if dot.hollow:
            look = f'fill="{colors["bg"]}" stroke="{colors["none"]}" stroke-dasharray="2 2"'
        else:
            token = "bad" if dot.bad else "said"
            look = f'fill="{colors[token]}" stroke="{colors["surface"]}" stroke-width="1.4"'
        parts.append(f'<circle cx="{dot.x}" cy="{dot.y}" r="3.8" {look}/>')
    for x in drawing.washes:
        parts += [
            f'<path d="M{edge} 0V{height}" stroke="{colors["bad"]}" stroke-width="1.5"/>'
            for edge in (x, x + step)
        ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="{left} 0 {width} {height}"><defs><pattern id="h" width="4.5" height="4.5" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0v4.5" stroke="{colors["said"]}" stroke-opacity=".55"/></pattern></defs>'
        f"{''.join(parts)}</svg>"
    )


def _rule(left: float, right: float, y: float, look: str) -> str:
    return f'<path d="M{left} {y}H{right}" stroke-width=".6" {look}/>'
