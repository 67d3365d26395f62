"""Icons for the map's scripts: `{% map_sprite %}` puts each one on the page once."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from cxm.dashboards.icons import ICONS

register = template.Library()


@register.simple_tag
def map_sprite() -> SafeString:
    """Return the icon set as symbols `i-name`, and the hatching of unsure feelings."""
    symbols = format_html_join(
        "",
        '<symbol id="i-{}" viewBox="0 0 {} {}">{}</symbol>',
        (
            (name, box, box, mark_safe(shapes))  # noqa: S308 - constants of icons.py
            for name, (box, shapes) in ICONS.items()
        ),
    )
    return mark_safe(  # noqa: S308 - built from constants
        '<svg class="sprite" aria-hidden="true" focusable="false">'
        f"<defs>{_HATCH}{symbols}</defs></svg>"
    )


_HATCH = (
    '<pattern id="jm-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path class="jm-hatch-line" d="M0 0v5"/></pattern>'
)
