"""A brand's colour on public pages and in mails: taken where it is legible, else petrol.

Contrast is that of WCAG 2.2: (L₁ + 0.05) / (L₂ + 0.05) of the relative luminances.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PETROL: Final = "#0a5c78"
WHITE: Final = "#ffffff"
INK: Final = "#06171d"
# The surfaces that the colour stands on: a sheet in light and in dark (tokens.css).
SURFACE: Final = "#ffffff"
SURFACE_DARK: Final = "#152026"
TEXT_CONTRAST: Final = 4.5

_HEX = re.compile(r"#[0-9a-fA-F]{6}")

Channels = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Brand:
    """Colours of one brand: for light pages, and for the same pages on a dark device.

    `custom` is False when petrol stands in for a colour that is missing or not legible.
    """

    color: str
    on_color: str
    soft: str
    dark: str
    on_dark: str
    soft_dark: str
    custom: bool


def _channels(color: str) -> Channels:
    if not _HEX.fullmatch(color):
        raise ValueError(f"{color!r} is not a colour as #rrggbb.")
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def luminance(color: str) -> float:
    """Return the relative luminance, 0 (black) … 1 (white). Raises ValueError unless #rrggbb."""
    linear = []
    for channel in _channels(color):
        share = channel / 255
        linear.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 … 21. Raises ValueError unless #rrggbb."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(color: str, other: str, share: float) -> str:
    """Return `color` with `share` (0 … 1) of `other` mixed in."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def brand_of(color: str) -> Brand:
    """Return the colours for a workspace's brand colour; petrol for "", nonsense or too pale.

    On light pages the colour carries white text and stands on white, so it needs 4.5 with it. On
    dark ones it is lightened until it stands out from the sheet as much.
    """
    custom = bool(_HEX.fullmatch(color)) and contrast(color, WHITE) >= TEXT_CONTRAST
    light = color.lower() if custom else PETROL
    dark = light
    for step in range(1, 21):
        if contrast(dark, SURFACE_DARK) >= TEXT_CONTRAST:
            break
        dark = mix(light, WHITE, step / 20)
    return Brand(
        color=light,
        on_color=WHITE,
        soft=mix(light, SURFACE, 0.88),
        dark=dark,
        on_dark=INK,
        soft_dark=mix(dark, SURFACE_DARK, 0.8),
        custom=custom,
    )
