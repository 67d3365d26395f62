"""A sheet as PDF, PNG and SVG, set by typst.

Texts reach the template as JSON, so that nothing that stands on a card is read as markup.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import typst
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cxm.common.statistics import Figure
from cxm.dashboards import numbers
from cxm.dashboards.words import STATUS_WORDS
from journeys.exports import signs
from journeys.exports.fonts import font_folder
from journeys.exports.paging import (
    FORMATS,
    WIDE,
    Cell,
    Format,
    cells_of,
    channels_of,
    cut,
    printable,
)
from journeys.exports.palette import light
from journeys.exports.pictures import Drawn, drawn_on
from journeys.exports.sheet import Item, Lane, Mark, Paper, Sheet
from journeys.scores import curves

Kind = Literal["pdf", "png", "svg"]

HERE: Final = Path(__file__).parent
# A picture has at most so many points, so that it can be opened.
MOST_POINTS: Final = 40_000_000
SHARPNESS: Final = 144.0
CURVE_HEIGHT: Final = 132.0
# Up to so many steps it is tried whether smaller letters save pages.
SMALL: Final = 80
SHARES: Final = (1, 0.9)
_ICONS: Final = ("flag", "eye", "repeat", "flow", "need-met", "need-partly", "need-unmet")


def pdf(sheet: Sheet, *, paper: Paper = "a3") -> bytes:
    """Return the map on lying paper, over as many pages as it needs."""
    described = _pages(sheet, FORMATS[paper])
    if len(sheet.steps) <= SMALL:
        _shrink(described)
    return _set(described, "pdf")


def svg(sheet: Sheet) -> bytes:
    """Return the map as one picture of lines."""
    return _set(_picture(sheet), "svg")


def png(sheet: Sheet) -> bytes:
    """Return the map as one picture; a very long one with fewer points."""
    described = _picture(sheet)
    width = described["page"]["width"]
    # How high it becomes is known only when it is set; maps are seldom higher than this.
    points = (width / 72) * (2000 / 72)
    return _set(described, "png", ppi=min(SHARPNESS, math.sqrt(MOST_POINTS / points)))


def _shrink(described: dict[str, Any]) -> None:
    """Make the letters a little smaller where that saves pages for a last row or two."""
    usual = described["text"]
    fewest = 0
    best = usual
    for share in SHARES:
        described["text"] = usual * share
        pages = len(_compiled(described, "svg"))
        if not fewest or pages < fewest:
            fewest, best = pages, usual * share
        if pages <= len(described["parts"]):
            break
    described["text"] = best


def _set(described: dict[str, Any], kind: Kind, *, ppi: float | None = None) -> bytes:
    return _compiled(described, kind, ppi=ppi)[0]


def _compiled(described: dict[str, Any], kind: Kind, *, ppi: float | None = None) -> list[bytes]:
    """Return the pages; a PDF is one file."""
    made: Any = typst.compile(
        str(HERE / "map.typ"),
        root=str(HERE),
        font_paths=[font_folder()],
        format=kind,
        ppi=ppi,
        sys_inputs={"sheet": json.dumps(described)},
    )
    return made if isinstance(made, list) else [bytes(made)]


def _pages(sheet: Sheet, paper: Format) -> dict[str, Any]:
    parts = cut([len(stage.steps) for stage in sheet.stages], paper.most)
    longest = max((end - start for start, end in parts), default=1)
    return _described(sheet, paper, parts, min(paper.room / longest, paper.widest))


def _picture(sheet: Sheet) -> dict[str, Any]:
    parts = [(0, len(sheet.steps))] if sheet.steps else []
    return _described(sheet, WIDE, parts, WIDE.widest)


def _described(
    sheet: Sheet, paper: Format, parts: Sequence[tuple[int, int]], step: float
) -> dict[str, Any]:
    """Return all that the template needs, as plain values."""
    lanes = [lane for lane in sheet.shown if sheet.figures or lane.shape != "score"]
    cut_up = {lane.key: cells_of(sheet, lane) for lane in lanes}
    size = curves.Size(
        step=step,
        height=CURVE_HEIGHT,
        top=14,
        bottom=CURVE_HEIGHT - 12,
        bar=11,
        bar_offset=step * 0.24,
    )
    drawing = curves.draw([s.values for s in sheet.steps], size)
    width = paper.width or 2 * paper.margin + paper.lane + max(step * len(sheet.steps), 420)
    names = {i.place.icon for i in sheet.items if i.place is not None}
    pictures = drawn_on(sheet)
    return {
        "colors": light(),
        "signs": {
            **{status: signs.glyph(status) for status in STATUS_WORDS},
            **{name: signs.icon(name, "primary") for name in _ICONS},
            **{f"at-{name}": signs.icon(name, "primary") for name in names if name},
            "on-bad": signs.glyph_on_bad(),
        },
        "pictures": {name: picture.svg for name, picture in pictures.items()},
        "text": paper.text,
        "language": sheet.language.partition("-")[0],
        "figures": sheet.figures,
        "page": {
            "width": width,
            "height": paper.height or None,
            "margin": paper.margin,
            "lane": paper.lane,
            "step": step,
            # A quarter of the page is for headings.
            "cell": 0.5 * paper.height if paper.height else 100_000,
        },
        "head": _head(sheet),
        "key": [[key, str(word)] for key, word in STATUS_WORDS.items()],
        "foot": " · ".join(part for part in _foot(sheet) if part),
        "words": {
            "page": _("Page %page of %of"),
            "phase": _("Phase"),
            "step": _("Step"),
            "continued": _("continued"),
            "assumed": _("We assume"),
            "said": _("They say, %s") % numbers.value(100 * sheet.confidence, "percent"),
            "does": _("They do"),
            "empty": _("This journey has no steps yet."),
        },
        "parts": [
            {
                "steps": [
                    {
                        "number": s.number,
                        "name": printable(s.name),
                        "framed": s.framed,
                        "failing": s.failing,
                    }
                    for s in sheet.steps[start:end]
                ],
                "stages": _headings(sheet, start, end),
                "lanes": [
                    _lane(sheet, lane, before, cut_up[lane.key], (start, end), drawing, pictures)
                    for lane, before in zip(lanes, [None, *lanes], strict=False)
                ],
            }
            for start, end in parts
        ],
    }


def _head(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.name,
        "workspace": sheet.workspace,
        "badge": sheet.kind_word,
        "version": _("Version %(number)s · %(status)s")
        % {"number": sheet.version, "status": sheet.status_word},
        "personas": ", ".join(name for name, _role in sheet.personas),
        "finding": list(sheet.finding),
        "period": sheet.period if sheet.figures else "",
    }


def _foot(sheet: Sheet) -> list[str]:
    made = date_format(localtime(sheet.made_at), "DATETIME_FORMAT")
    return [
        sheet.name,
        _("Version %s") % sheet.version,
        ", ".join(name for name, _role in sheet.personas),
        sheet.workspace,
        _("Printed %s") % made,
    ]


def _headings(sheet: Sheet, start: int, end: int) -> list[dict[str, Any]]:
    """Return the stages of a page; one that began on the page before says so."""
    found: list[dict[str, Any]] = []
    place = 0
    filled = [stage for stage in sheet.stages if stage.steps]
    for number, stage in enumerate(filled):
        left, right = max(place, start), min(place + len(stage.steps), end)
        if left < right:
            last = number == len(filled) - 1 and right == place + len(stage.steps)
            found.append(
                {
                    "name": printable(stage.name),
                    "tint": stage.tint,
                    "before": filled[number - 1].tint if number and found else 1,
                    "span": right - left,
                    "first": not found,
                    "continued": place < start,
                    "repeats": (sheet.cycle_name or _("repeats")) if sheet.cyclic and last else "",
                }
            )
        place += len(stage.steps)
    return found


def _lane(
    sheet: Sheet,
    lane: Lane,
    before: Lane | None,
    cells: Sequence[Cell],
    part: tuple[int, int],
    drawing: curves.Drawing,
    pictures: Mapping[str, Drawn],
) -> dict[str, Any]:
    start, end = part
    line = ""
    if lane.shape == "line":
        line = lane.title
    elif lane.behind and not (before is not None and (before.behind or before.shape == "line")):
        line = _("Line of visibility")
    found: dict[str, Any] = {
        "title": printable(lane.title),
        "hint": lane.hint,
        "shape": lane.shape,
        "behind": lane.behind,
        "line": line,
        "line_hint": _("customers see everything above")
        if line and (lane.shape != "line" or lane.kind == "line_visibility")
        else "",
    }
    if lane.shape == "feeling":
        found["curve"] = _curve(sheet, drawing, start, end)
    elif lane.shape == "score":
        found["cells"] = [
            _cell(place - start, 1, [_mark(step.mark)] if step.mark is not None else [])
            for place, step in enumerate(sheet.steps[start:end], start=start)
        ]
    elif lane.shape == "channel":
        found["cells"] = [
            _cell(place - start, 1, [_words(name) for name in channels_of(sheet, step.key)])
            for place, step in enumerate(sheet.steps[start:end], start=start)
        ]
    elif lane.shape != "line":
        found["cells"] = [
            _cell(
                here.start - start, here.end - here.start, [_card(i, pictures) for i in here.items]
            )
            for cell in cells
            if (here := cell.within(start, end)) is not None
        ]
    return found


def _cell(at: int, span: int, cards: list[dict[str, Any]]) -> dict[str, Any]:
    weight = sum(
        60 + len(str(card.get("words", ""))) + (200 if card.get("picture") else 0) for card in cards
    )
    return {"at": at, "span": span, "cards": cards, "large": weight > 400}


def _words(text: str) -> dict[str, Any]:
    return _card(Item(key="", lane="", step="", words=text), {})


def _card(item: Item, pictures: Mapping[str, Drawn]) -> dict[str, Any]:
    picture = pictures.get(item.picture)
    words = printable(item.words if picture is None else item.text)
    return {
        "picture": item.picture if picture is not None else "",
        "alt": item.words,
        "ratio": 1 if picture is None else picture.width / picture.height,
        "words": words,
        "face": len(words[:2].encode()),
        "icon": f"at-{item.place.icon}" if item.place is not None and item.place.icon else "",
        "channel": item.place.channel if item.place is not None else "",
        "moment": item.place.moment if item.place is not None else False,
        "severity": item.severity or 0,
        "severity_word": item.severity_word,
        "status": item.status,
        "status_word": item.status_word,
        "answer": printable(item.answer or item.source),
        "valence": "" if item.valence is None else numbers.number(item.valence, 1, sign=True),
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "kind": mark.kind,
        "status": mark.status or "",
        "status_word": mark.status_word,
        "title": mark.title,
        "sentence": mark.sentence,
        "value": mark.value,
        "foot": mark.foot,
        "trend": f"{mark.arrow} {mark.trend}" if mark.trend else "",
        "bullet": mark.bullet,
    }


def _curve(sheet: Sheet, drawing: curves.Drawing, start: int, end: int) -> dict[str, Any]:
    step = drawing.size.step
    left, width = start * step, (end - start) * step
    labels = []
    for dot in drawing.dots:
        said = sheet.steps[dot.index].values.said
        if said is None or not start <= dot.index < end:
            continue
        few = said.value is None
        labels.append(
            {
                "x": dot.x - left,
                "y": dot.label_y,
                "value": "" if said.value is None else numbers.number(said.value, 1, sign=True),
                "n": _("n = %s, too few") % numbers.number(said.n)
                if few
                else numbers.count(said.n),
                "bad": dot.bad,
            }
        )
    return {
        "svg": signs.curve(drawing, left, width),
        "width": width,
        "height": drawing.height,
        "labels": labels,
        "alt": _in_words(sheet, start, end),
        "axes": [
            {"y": drawing.size.y(2) + 9, "word": _("Delighted +2")},
            {"y": drawing.zero, "word": _("Neutral 0")},
            {"y": drawing.size.y(-2), "word": _("Frustrated −2")},
        ],
    }


def _in_words(sheet: Sheet, start: int, end: int) -> str:
    """Return the curve as text, for those who do not see it."""
    parts = []
    for step in sheet.steps[start:end]:
        said, assumed = step.values.said, step.values.assumed
        words = []
        if assumed is not None:
            words.append(_("we assume %s") % numbers.number(assumed, 1, sign=True))
        if said is not None and said.value is not None:
            figure = Figure(said.value, said.n, said.low, said.high)
            words.append(
                _("they say %s") % f"{numbers.number(said.value, 1, sign=True)} "
                f"{numbers.interval(figure, 'mean', 1)}, {numbers.count(said.n)}"
            )
        if words:
            parts.append(f"{step.name}: {', '.join(words)}")
    return ". ".join(parts)
