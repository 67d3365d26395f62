"""A sheet as slides: an overview with a native chart, the scores, and each stage as a table.

Everything stays editable. What does not fit on a slide goes on on another one; how high texts
become is estimated, generously, since only the reader's program sets them.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from cxm.dashboards import numbers
from journeys.exports.exchange import words_of
from journeys.exports.paging import Cell, cells_of, channels_of
from journeys.exports.palette import light
from journeys.exports.sheet import Lane, Sheet, Stage, Step

WIDTH, HEIGHT = 13.333, 7.5
MARGIN: Final = 0.5
TOP: Final = 1.3
ROOM: Final = HEIGHT - TOP - 0.55
FIRST: Final = 1.9
MOST_STEPS: Final = 4
MOST_SCORES: Final = 12
TEXT: Final = 10.5
# The largest letters with which a stage fits on one slide.
SIZES: Final = (14, 12, TEXT)
# A table with thin lines and no colours: those that it has are ours.
PLAIN_TABLE: Final = "{5940675A-B579-460E-94D1-54222C63F5DA}"
# Of a letter's size: how wide letters are, how high lines are; both more than the usual.
LETTER, LINE = 0.56, 1.24
# An empty slide of the library's own template.
_BLANK: Final = 6


def pptx_file(sheet: Sheet) -> bytes:
    """Return the presentation, 16:9."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDTH), Inches(HEIGHT)
    show.core_properties.title = _clean(sheet.name)
    show.core_properties.author = _clean(sheet.workspace)
    _overview(show, sheet)
    if sheet.figures and sheet.steps:
        _scores(show, sheet)
    for stage in sheet.stages:
        _stage(show, sheet, stage)
    _number(show)
    buffer = io.BytesIO()
    show.save(buffer)
    return buffer.getvalue()


# --- slides ------------------------------------------------------------------------------


def _overview(show: Any, sheet: Sheet) -> None:
    slide = _slide(show, sheet.name, _about(sheet))
    stages = [stage for stage in sheet.stages if stage.steps]
    if not stages:
        _text(slide, _("This journey has no steps yet."), MARGIN, TOP, 8, 0.5, size=16)
        return
    total = len(sheet.steps)
    left = MARGIN
    room = WIDTH - 2 * MARGIN
    # Narrow stages keep room for a word; the others give it.
    least = min(1.0, room / len(stages))
    shares = [max(room * len(stage.steps) / total, least) for stage in stages]
    shares = [share * room / sum(shares) for share in shares]
    size = 12 if max(len(stage.name) for stage in stages) <= 18 and len(stages) <= 7 else 9
    for stage, width in zip(stages, shares, strict=True):
        shape = slide.shapes.add_shape(
            MSO_SHAPE.PENTAGON if len(stages) <= 12 else MSO_SHAPE.RECTANGLE,
            Inches(left),
            Inches(TOP),
            Inches(width - 0.04),
            Inches(0.85),
        )
        _paint(shape, f"ph-{stage.tint}")
        shape.text_frame.word_wrap = True
        _write(shape.text_frame, _short(stage.name, int(width * 22)), size=size, bold=True)
        satisfaction = stage.satisfaction
        if satisfaction is not None and satisfaction.value is not None:
            line = shape.text_frame.add_paragraph()
            line.alignment = PP_ALIGN.CENTER
            _run(line, f"{numbers.number(satisfaction.value)} · {numbers.count(satisfaction.n)}", 9)
        left += width
    _chart(slide, sheet)
    head, fact = sheet.finding
    notes = [f"{head} {fact}".strip()]
    notes += [f"{s.number} {s.name}: {s.mark.sentence}" for s in sheet.steps if s.mark is not None]
    _notes(slide, notes)


def _chart(slide: Any, sheet: Sheet) -> None:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = [_clean(_short(f"{s.number} {s.name}", 28)) for s in sheet.steps]
    assumed = [s.values.assumed for s in sheet.steps]
    said = [s.values.said.value if s.values.said is not None else None for s in sheet.steps]
    looks: list[tuple[str, float, Any]] = []
    if any(value is not None for value in assumed):
        data.add_series(_("We assume"), assumed)
        looks.append(("assumed", 1.5, MSO_LINE.DASH))
    if sheet.figures:
        data.add_series(_("They say"), said)
        looks.append(("said", 2.75, None))
        done = [s.values.does for s in sheet.steps]
        if any(value is not None for value in done):
            data.add_series(_("They do"), done)
            looks.append(("does", 1.25, MSO_LINE.ROUND_DOT))
    if not looks:
        return
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.LINE_MARKERS,
        Inches(MARGIN),
        Inches(TOP + 1.0),
        Inches(WIDTH - 2 * MARGIN),
        Inches(ROOM - 1.05),
        data,
    )
    chart = frame.chart
    head, fact = sheet.finding
    chart.has_title = bool(head)
    if head:
        _write(chart.chart_title.text_frame, _clean(f"{head} {fact}"), size=13, bold=True)
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.font.size = Pt(11 if len(sheet.steps) <= 12 else 8)
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = -2, 2, 1
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "+0;\u22120;0", False
    axis.major_gridlines.format.line.color.rgb = _color("line")
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for series, (color, width, dash) in zip(chart.plots[0].series, looks, strict=True):
        series.smooth = False
        series.format.line.color.rgb = _color(color)
        series.format.line.width = Pt(width)
        if dash is not None:
            series.format.line.dash_style = dash
        series.marker.style = XL_MARKER_STYLE.CIRCLE
        series.marker.size = 7 if color == "said" else 5
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _color(color)
        series.marker.format.line.color.rgb = _color(color)


def _scores(show: Any, sheet: Sheet) -> None:
    header = [_("Step"), _("KPI"), _("Value"), _("Interval and n"), _("Status"), _("Target")]
    rows = []
    for step in sheet.steps:
        mark = step.mark
        if mark is None or mark.kind == "missing":
            rows.append([f"{step.number} {step.name}", _("Not measured yet."), "", "", "", ""])
            continue
        rows.append(
            [
                f"{step.number} {step.name}",
                mark.title,
                mark.value,
                mark.foot,
                mark.status_word,
                mark.target,
            ]
        )
    for start in range(0, len(rows), MOST_SCORES):
        part = rows[start : start + MOST_SCORES]
        title = _("Scores") if start == 0 else _("Scores (continued)")
        slide = _slide(show, title, f"{sheet.name} · {sheet.period}".strip(" ·"))
        table = _table(slide, [3.9, 2.4, 1.3, 2.3, 1.5, 0.93], [header, *part], 12)
        for number, step in enumerate(sheet.steps[start : start + MOST_SCORES], start=1):
            if step.failing:
                for column in (2, 4):
                    cell = table.cell(number, column)
                    _write(cell.text_frame, cell.text, size=12, bold=True, color="bad")
        _notes(
            slide,
            [
                f"{s.number} {s.name}: {s.mark.sentence}"
                for s in sheet.steps[start : start + MOST_SCORES]
                if s.mark is not None
            ],
        )


def _stage(show: Any, sheet: Sheet, stage: Stage) -> None:
    parts = math.ceil(len(stage.steps) / MOST_STEPS) or 1
    size = math.ceil(len(stage.steps) / parts)
    begun = False
    for start in range(0, max(len(stage.steps), 1), max(size, 1)):
        steps = stage.steps[start : start + size]
        width = (WIDTH - 2 * MARGIN - FIRST) / max(len(steps), 1)
        header = [_("Step"), *(f"{step.number} {step.name}" for step in steps)]
        said = list(_rows(sheet, steps))
        letters: float = TEXT
        pages: list[list[list[str]]] = []
        for letters in SIZES:
            pages = list(_fitting(said, width, header, letters))
            if len(pages) == 1:
                break
        for rows in pages:
            title = _("%s (continued)") % stage.name if begun else stage.name
            slide = _slide(show, title, _about(sheet))
            begun = True
            if not steps:
                _text(slide, _("This stage has no step yet."), MARGIN, TOP, 8, 0.5, size=14)
                continue
            table = _table(slide, [FIRST, *([width] * len(steps))], [header, *rows], letters)
            for column, step in enumerate(steps, start=1):
                if step.framed:
                    cell = table.cell(0, column)
                    cell.fill.solid()
                    cell.fill.fore_color.rgb = _color("bad")
                    _write(cell.text_frame, cell.text, size=letters, bold=True, color="on-primary")
            _notes(
                slide,
                [f"{s.number} {s.name}: {s.mark.sentence}" for s in steps if s.mark is not None],
            )


# --- rows of a stage ---------------------------------------------------------------------


def _rows(sheet: Sheet, steps: Sequence[Step]) -> Iterator[list[list[str]]]:
    """Yield the lanes that say something here: heading and cells, each as a list of cards."""
    for lane in sheet.shown:
        if lane.shape == "line" or (lane.shape == "score" and not sheet.figures):
            continue
        there = cells_of(sheet, lane)
        cells = [_cards(sheet, lane, there, step) for step in steps]
        if any(cells):
            yield [[lane.title], *cells]


def _cards(sheet: Sheet, lane: Lane, there: Sequence[Cell], step: Step) -> list[str]:
    if lane.shape == "score":
        mark = step.mark
        if mark is None or mark.kind == "missing":
            return []
        return [
            " · ".join(p for p in (f"{mark.title} {mark.value}", mark.foot, mark.status_word) if p)
        ]
    if lane.shape == "channel":
        return channels_of(sheet, step.key)
    if lane.shape == "feeling":
        return _feelings(step)
    place = step.number - 1
    cell = next((c for c in there if c.start <= place < c.end), None)
    return [words_of(item) for item in cell.items] if cell is not None else []


def _feelings(step: Step) -> list[str]:
    found = []
    if step.values.assumed is not None:
        found.append(_("We assume %s") % numbers.number(step.values.assumed, 1, sign=True))
    said = step.values.said
    if said is not None and said.value is not None:
        found.append(
            _("They say %s")
            % f"{numbers.number(said.value, 1, sign=True)} · {numbers.count(said.n)}"
        )
    return found


def _fitting(
    rows: list[list[list[str]]], width: float, header: Sequence[str], size: float
) -> Iterator[list[list[str]]]:
    """Cut the rows of a table into slides; a row that is too high alone is cut between cards."""
    room = ROOM - _high(header, width, size)
    page: list[list[str]] = []
    used = 0.0
    for row in rows:
        pieces = list(_pieces(row, width, room, size))
        for piece in pieces:
            height = _high(piece, width, size)
            if page and used + height > room:
                yield page
                page, used = [], 0.0
            page.append(piece)
            used += height
    if page or not rows:
        yield page


def _pieces(row: list[list[str]], width: float, room: float, size: float) -> Iterator[list[str]]:
    head, *cells = row
    while True:
        taken: list[list[str]] = []
        rest: list[list[str]] = []
        for cards in cells:
            count = len(cards)
            while count > 1 and _high(["\n".join(cards[:count])], width, size, head=width) > room:
                count -= 1
            taken.append(cards[:count])
            rest.append(cards[count:])
        yield ["\n".join(head), *("\n".join(cards) for cards in taken)]
        if not any(rest):
            return
        head, cells = [_("%s (continued)") % row[0][0]], rest


def _high(cells: Sequence[str], width: float, size: float, *, head: float = FIRST) -> float:
    """Return how high a row becomes at most, in inches."""
    most = 0
    for place, cell in enumerate(cells):
        inches = head if place == 0 else width
        letters = max(6, int((inches - 0.16) * 72 / (size * LETTER)))
        lines = sum(max(1, _lines(line, letters)) for line in cell.split("\n"))
        most = max(most, lines)
    return most * size * LINE / 72 + 0.1


def _lines(text: str, letters: int) -> int:
    """Count lines as words wrap."""
    lines, used = 1, 0
    for word in text.split(" "):
        length = len(word)
        if used and used + 1 + length > letters:
            lines, used = lines + 1, 0
        lines += max(0, math.ceil(length / letters) - 1)
        used += (1 if used else 0) + min(length, letters)
    return lines


# --- shapes ------------------------------------------------------------------------------


def _about(sheet: Sheet) -> str:
    parts = [
        sheet.kind_word,
        _("Version %(number)s · %(status)s")
        % {"number": sheet.version, "status": sheet.status_word},
        ", ".join(name for name, _role in sheet.personas),
        sheet.period if sheet.figures else "",
        date_format(localtime(sheet.made_at), "DATE_FORMAT"),
    ]
    return " · ".join(part for part in parts if part)


def _slide(show: Any, title: str, below: str) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[_BLANK])
    size = 26 if len(title) <= 50 else 17
    _text(slide, title, MARGIN, 0.3, WIDTH - 2 * MARGIN, 0.55, size=size, bold=True)
    _text(slide, _short(below, 150), MARGIN, 0.84, WIDTH - 2 * MARGIN, 0.35, size=12, color="ink-2")
    return slide


def _number(show: Any) -> None:
    total = len(show.slides)
    for number, slide in enumerate(show.slides, start=1):
        words = _("%(page)s of %(pages)s") % {"page": number, "pages": total}
        _text(slide, words, WIDTH - 2, HEIGHT - 0.42, 1.5, 0.3, size=10, color="ink-2", right=True)


def _table(
    slide: Any, widths: Sequence[float], rows: Sequence[Sequence[str]], size: float = TEXT
) -> Any:
    heights = [_high(row, widths[1], size, head=widths[0]) for row in rows]
    frame = slide.shapes.add_table(
        len(rows),
        len(widths),
        Inches(MARGIN),
        Inches(TOP),
        Inches(sum(widths)),
        Emu(sum(int(Inches(height)) for height in heights)),
    )
    table = frame.table
    frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_TABLE
    for column, width in enumerate(widths):
        table.columns[column].width = Inches(width)
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        table.rows[number].height = Inches(height)
        for column, text in enumerate(row):
            cell = table.cell(number, column)
            cell.margin_left = cell.margin_right = Inches(0.08)
            cell.margin_top = cell.margin_bottom = Inches(0.04)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE if number == 0 else MSO_ANCHOR.TOP
            if number == 0 or column == 0:
                cell.fill.solid()
                cell.fill.fore_color.rgb = _color("ph-4" if number == 0 else "surface-2")
            _write(cell.text_frame, text, size=size, bold=number == 0 or column == 0)
    return table


def _text(
    slide: Any,
    text: str,
    left: float,
    top: float,
    width: float,
    height: float,
    *,
    size: float,
    bold: bool = False,
    color: str = "ink",
    right: bool = False,
) -> None:
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    _write(frame, text, size=size, bold=bold, color=color)
    if right:
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _write(frame: Any, text: str, *, size: float, bold: bool = False, color: str = "ink") -> None:
    """Write a text, a paragraph for each of its lines."""
    frame.clear()
    for number, line in enumerate(_clean(text).split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        if line:
            _run(paragraph, line, size, bold=bold, color=color)
        else:
            # An empty line is as high as the others, not as high as the library's usual text.
            paragraph._p.get_or_add_endParaRPr().set("sz", str(round(size * 100)))


def _run(paragraph: Any, text: str, size: float, *, bold: bool = False, color: str = "ink") -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.color.rgb = _color(color)


def _notes(slide: Any, lines: Sequence[str]) -> None:
    slide.notes_slide.notes_text_frame.text = _clean("\n".join(line for line in lines if line))


def _paint(shape: Any, color: str) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = _color(color)
    shape.line.fill.background()
    shape.shadow.inherit = False


def _color(color: str) -> RGBColor:
    red, green, blue = (int(light()[color][place : place + 2], 16) for place in (1, 3, 5))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: max(1, longest - 1)].rstrip() + "…"


def _clean(text: str) -> str:
    """Return a text without control characters, which XML refuses."""
    return "".join(letter for letter in text if letter == "\n" or letter >= " ")
