"""A heat map as shapes in the units of its picture: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from touchpoints.tracking.heat import COLUMNS, Element, HeatMap, Reach

# How wide a page is drawn, by the class of devices.
WIDTHS: Final = {"desktop": 720, "tablet": 520, "phone": 320}
# Room beside the page for the scroll depth.
MARGIN: Final = 150
TOP: Final = 22
BOTTOM: Final = 8
# Labels of boxes that are narrower or lower than this would hide more than they say.
LEAST_LABEL: Final = (44.0, 11.0)
_CHARACTER: Final = 5.6


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the density."""

    x: float
    y: float
    level: int
    clicks: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A clicked element: its number in the table, its box and what is written in it."""

    number: int
    x: float
    y: float
    width: float
    height: float
    label: str
    element: Element


@dataclass(frozen=True, slots=True)
class Band:
    """A tenth of the page with the share of views that reached its end."""

    y: float
    height: float
    bar: float
    reach: Reach


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything in the units of the picture."""

    width: int
    height: int
    page_width: int
    page_height: int
    fold: float | None
    cell_width: float
    cell_height: float
    blur: float
    spots: tuple[Spot, ...]
    outlines: tuple[Outline, ...]
    bands: tuple[Band, ...]
    top: int = TOP


def draw(heat: HeatMap, device: str, *, bars: bool = True) -> Drawing | None:
    """Return the picture of a page, None while its size is not known.

    `bars` is False where too few views are known to give shares.
    """
    if not heat.width or not heat.height:
        return None
    page_width = WIDTHS[device]
    scale = page_width / heat.width
    page_height = max(1, round(heat.height * scale))
    cell_width, cell_height = page_width / COLUMNS, page_height / heat.rows
    return Drawing(
        width=page_width + MARGIN,
        height=page_height + TOP + BOTTOM,
        page_width=page_width,
        page_height=page_height,
        fold=TOP + round(heat.fold * scale, 1) if 0 < heat.fold < heat.height else None,
        cell_width=round(cell_width, 2),
        cell_height=round(cell_height, 2),
        blur=round(cell_width / 2, 2),
        spots=tuple(
            Spot(
                round(cell.column * cell_width, 1),
                round(TOP + cell.row * cell_height, 1),
                cell.level,
                cell.clicks,
            )
            for cell in heat.cells
        ),
        outlines=tuple(
            outline
            for number, element in enumerate(heat.elements, 1)
            if (outline := _outline(number, element, scale, page_width, page_height))
        ),
        bands=_bands(heat.reach, page_width, page_height) if bars else (),
    )


def _outline(
    number: int, element: Element, scale: float, page_width: float, page_height: float
) -> Outline | None:
    if element.box is None:
        return None
    left, top, across, down = (side * scale for side in element.box)
    # What hangs out of the page is cut; what lies outside is left away.
    right, bottom = min(left + across, page_width), min(top + down, page_height)
    left, top = max(left, 0), max(top, 0)
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return None
    fits = width >= LEAST_LABEL[0] and height >= LEAST_LABEL[1]
    label = _shortened(element.text or element.href, int(width / _CHARACTER) - 1) if fits else ""
    return Outline(
        number,
        round(left, 1),
        round(TOP + top, 1),
        round(width, 1),
        round(height, 1),
        label,
        element,
    )


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(1, most - 1)] + "…"


def _bands(reach: tuple[Reach, ...], page_width: float, page_height: float) -> tuple[Band, ...]:
    height = page_height / len(reach)
    return tuple(
        Band(
            round(TOP + index * height, 1),
            round(height, 1),
            round(each.figure.value, 1),
            each,
        )
        for index, each in enumerate(reach)
        if each.figure.value is not None
    )
