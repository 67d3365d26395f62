"""Where people click on a page and how far they scroll: pure rules.

Pages are laid out differently on different screens, so all is brought to one layout: places go by
their share of the layout's width and height, and the picture has the median size. Only layouts of
one class of devices are mixed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from cxm.common.statistics import EMPTY, Figure, proportion

# Cells across the page; down it as many as make them square, within reason.
COLUMNS: Final = 48
MOST_ROWS: Final = 240
# Steps of the density that the eye tells apart.
LEVELS: Final = 6
MOST_ELEMENTS: Final = 40
TENTHS: Final = tuple(range(10, 101, 10))
# Widths in CSS pixels from which a layout is no longer a phone's, and no longer a tablet's.
TABLET_FROM: Final = 600
DESKTOP_FROM: Final = 1024
LARGEST_SIDE: Final = 200_000


@dataclass(frozen=True, slots=True)
class Click:
    """One click: place and layout in CSS pixels, `x` as a share of the width.

    Attributes:
        box: left, top, width and height of the element, in pixels.
    """

    x: float
    y: float
    width: float
    height: float
    kind: str = "place"
    text: str = ""
    href: str = ""
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """How far somebody had scrolled when they left: a share of the page in percent."""

    view: str
    scroll: float
    width: float = 0
    height: float = 0
    fold: float = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """Clicks in a field of the grid; `level` of 1 … LEVELS."""

    column: int
    row: int
    clicks: int
    level: int


@dataclass(frozen=True, slots=True)
class Element:
    """Something that was clicked; its box in pixels of the layout shown."""

    kind: str
    text: str
    href: str
    clicks: int
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Reach:
    """The share of views that saw the page down to here."""

    tenth: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What a page's figure shows, in pixels of the median layout."""

    width: int
    height: int
    fold: int
    rows: int
    clicks: int
    views: int
    cells: tuple[Cell, ...]
    elements: tuple[Element, ...]
    reach: tuple[Reach, ...]


def device_of(width: float) -> str:
    """Return the class of a layout by its width: "phone", "tablet" or "desktop"."""
    if width < TABLET_FROM:
        return "phone"
    return "tablet" if width < DESKTOP_FROM else "desktop"


def heat_map(clicks: Sequence[Click], leaves: Sequence[Leave], z: float) -> HeatMap:
    """Return the figure of a page from clicks and leaves of one class of devices."""
    sizes = [(click.width, click.height) for click in clicks]
    sizes += [(leave.width, leave.height) for leave in leaves if leave.width and leave.height]
    width = round(median([side for side, _ in sizes])) if sizes else 0
    height = round(median([side for _, side in sizes])) if sizes else 0
    rows = max(1, min(MOST_ROWS, round(height / width * COLUMNS))) if width else 1
    folds = [leave.fold for leave in leaves if leave.fold]
    figures = reach(leaves, z)
    return HeatMap(
        width=width,
        height=height,
        fold=min(round(median(folds)), height) if folds else 0,
        rows=rows,
        clicks=len(clicks),
        views=figures[0].figure.n,
        cells=cells(clicks, rows),
        elements=elements(clicks, width, height),
        reach=figures,
    )


def cells(clicks: Iterable[Click], rows: int) -> tuple[Cell, ...]:
    """Count clicks in a grid over the layout. Levels go by the square root of the fullest cell's
    share: a few very busy cells would leave all others without colour.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for click in clicks:
        column = min(int(click.x * COLUMNS), COLUMNS - 1)
        row = min(int(click.y / click.height * rows), rows - 1)
        counts[max(column, 0), max(row, 0)] += 1
    if not counts:
        return ()
    most = max(counts.values())
    return tuple(
        Cell(column, row, n, max(1, round(LEVELS * (n / most) ** 0.5)))
        for (column, row), n in sorted(counts.items(), key=lambda entry: (entry[0][1], entry[0][0]))
    )


def elements(clicks: Iterable[Click], width: float, height: float) -> tuple[Element, ...]:
    """Return what was clicked most, with the median box of each in the layout shown."""
    found: dict[tuple[str, str, str], list[Click]] = {}
    for click in clicks:
        if click.kind != "place":
            found.setdefault((click.kind, click.text, click.href), []).append(click)
    ordered = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(
        Element(kind, text, href, len(group), _box(group, width, height))
        for (kind, text, href), group in ordered[:MOST_ELEMENTS]
    )


def _box(
    clicks: Sequence[Click], width: float, height: float
) -> tuple[float, float, float, float] | None:
    shares = [
        (
            click.box[0] / click.width,
            click.box[1] / click.height,
            click.box[2] / click.width,
            click.box[3] / click.height,
        )
        for click in clicks
        if click.box is not None
    ]
    if not shares:
        return None
    left, top, across, down = (median(side) for side in zip(*shares, strict=True))
    return left * width, top * height, across * width, down * height


def reach(leaves: Iterable[Leave], z: float) -> tuple[Reach, ...]:
    """Return for each tenth of the page the share of views that came so far down.

    A view that was left and come back to tells more than once; its deepest counts.
    """
    deepest: dict[str, float] = {}
    for leave in leaves:
        deepest[leave.view] = max(leave.scroll, deepest.get(leave.view, 0))
    n = len(deepest)
    return tuple(
        Reach(
            tenth,
            _percent(proportion(sum(depth >= tenth for depth in deepest.values()), n, z)),
        )
        for tenth in TENTHS
    )


def _percent(share: Figure) -> Figure:
    if share.value is None or share.low is None or share.high is None or share.se is None:
        return EMPTY
    return Figure(100 * share.value, share.n, 100 * share.low, 100 * share.high, 100 * share.se)


def read_click(properties: Mapping[str, object]) -> Click | None:
    """Return a click as it was sent; None where it does not lie on its page."""
    x, y = _number(properties.get("x")), _number(properties.get("y"))
    width, height = _number(properties.get("w")), _number(properties.get("h"))
    if x is None or y is None or not width or not height:
        return None
    if not (0 <= x <= 1 and 0 <= y <= height and height <= LARGEST_SIDE >= width):
        return None
    return Click(
        x,
        y,
        width,
        height,
        kind=_text(properties.get("type")) or "place",
        text=_text(properties.get("text")),
        href=_text(properties.get("href")),
        box=_sides(properties.get("box")),
    )


def read_leave(properties: Mapping[str, object], own_id: str) -> Leave | None:
    """Return how somebody left a page; `own_id` stands for a view that has no name."""
    scroll = _number(properties.get("scroll"))
    if scroll is None or not 0 <= scroll <= 100:
        return None
    sides = [_number(properties.get(name)) or 0 for name in ("w", "h", "fold")]
    width, height, fold = (side if 0 <= side <= LARGEST_SIDE else 0 for side in sides)
    return Leave(_text(properties.get("view")) or own_id, scroll, width, height, fold)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e9 else None


def _text(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


def _sides(value: object) -> tuple[float, float, float, float] | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    sides = [_number(side) for side in value]
    if any(side is None or abs(side) > LARGEST_SIDE for side in sides):
        return None
    left, top, width, height = (side or 0 for side in sides)
    return (left, top, width, height) if width >= 0 and height >= 0 else None
