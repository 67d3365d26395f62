"""A sheet as slides: an overview with a native chart, the scores, and each stage as a table.

Everything stays editable. What does not fit on a slide goes on on another one.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from cxm.dashboards import numbers
from journeys.exports.exchange import words_of
from journeys.exports.fitting import FIRST, HEIGHT, MARGIN, ROOM, TOP, WIDTH, fitting
from journeys.exports.paging import Cell, cells_of, channels_of
from journeys.exports.pictures import Drawn, drawn_on
from journeys.exports.shapes import (
    TEXT,
    add_notes,
    add_picture,
    add_run,
    add_table,
    add_text,
    allowed,
    color_of,
    paint,
    shortened,
    write,
)
from journeys.exports.sheet import Lane, Sheet, Stage, Step

MOST_STEPS: Final = 4
MOST_SCORES: Final = 12
# The largest letters with which a stage fits on one slide.
SIZES: Final = (14, 12, TEXT)
# So many pictures stand on a slide, in rows of so many.
MOST_PICTURES: Final = 8
IN_A_ROW: Final = 4
_CAPTION: Final = 0.55
# An empty slide of the library's own template.
_BLANK: Final = 6


def pptx_file(sheet: Sheet) -> bytes:
    """Return the presentation, 16:9."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDTH), Inches(HEIGHT)
    show.core_properties.title = allowed(sheet.name)
    show.core_properties.author = allowed(sheet.workspace)
    _overview(show, sheet)
    if sheet.figures and sheet.steps:
        _scores(show, sheet)
    pictures = drawn_on(sheet)
    for stage in sheet.stages:
        _stage(show, sheet, stage)
        _pictures(show, sheet, stage, pictures)
    _number(show)
    buffer = io.BytesIO()
    show.save(buffer)
    return buffer.getvalue()


# --- slides ------------------------------------------------------------------------------


def _overview(show: Any, sheet: Sheet) -> None:
    slide = _slide(show, sheet.name, _about(sheet))
    stages = [stage for stage in sheet.stages if stage.steps]
    if not stages:
        add_text(slide, _("This journey has no steps yet."), MARGIN, TOP, 8, 0.5, size=16)
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
        paint(shape, f"ph-{stage.tint}")
        shape.text_frame.word_wrap = True
        write(shape.text_frame, shortened(stage.name, int(width * 22)), size=size, bold=True)
        satisfaction = stage.satisfaction
        if satisfaction is not None and satisfaction.value is not None:
            line = shape.text_frame.add_paragraph()
            line.alignment = PP_ALIGN.CENTER
            add_run(
                line, f"{numbers.number(satisfaction.value)} · {numbers.count(satisfaction.n)}", 9
            )
        left += width
    _chart(slide, sheet)
    head, fact = sheet.finding
    notes = [f"{head} {fact}".strip()]
    notes += [f"{s.number} {s.name}: {s.mark.sentence}" for s in sheet.steps if s.mark is not None]
    add_notes(slide, notes)


def _chart(slide: Any, sheet: Sheet) -> None:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = [allowed(shortened(f"{s.number} {s.name}", 28)) for s in sheet.steps]
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
        write(chart.chart_title.text_frame, allowed(f"{head} {fact}"), size=13, bold=True)
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.font.size = Pt(11 if len(sheet.steps) <= 12 else 8)
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = -2, 2, 1
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "+0;\u22120;0", False
    axis.major_gridlines.format.line.color.rgb = color_of("line")
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for series, (color, width, dash) in zip(chart.plots[0].series, looks, strict=True):
        series.smooth = False
        series.format.line.color.rgb = color_of(color)
        series.format.line.width = Pt(width)
        if dash is not None:
            series.format.line.dash_style = dash
        series.marker.style = XL_MARKER_STYLE.CIRCLE
        series.marker.size = 7 if color == "said" else 5
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = color_of(color)
        series.marker.format.line.color.rgb = color_of(color)


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
        table = add_table(slide, [3.9, 2.4, 1.3, 2.3, 1.5, 0.93], [header, *part], 12)
        for number, step in enumerate(sheet.steps[start : start + MOST_SCORES], start=1):
            if step.failing:
                for column in (2, 4):
                    cell = table.cell(number, column)
                    write(cell.text_frame, cell.text, size=12, bold=True, color="bad")
        add_notes(
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
            pages = list(fitting(said, width, header, letters))
            if len(pages) == 1:
                break
        for rows in pages:
            title = _("%s (continued)") % stage.name if begun else stage.name
            slide = _slide(show, title, _about(sheet))
            begun = True
            if not steps:
                add_text(slide, _("This stage has no step yet."), MARGIN, TOP, 8, 0.5, size=14)
                continue
            table = add_table(slide, [FIRST, *([width] * len(steps))], [header, *rows], letters)
            for column, step in enumerate(steps, start=1):
                if step.framed:
                    cell = table.cell(0, column)
                    cell.fill.solid()
                    cell.fill.fore_color.rgb = color_of("bad")
                    write(cell.text_frame, cell.text, size=letters, bold=True, color="on-primary")
            add_notes(
                slide,
                [f"{s.number} {s.name}: {s.mark.sentence}" for s in steps if s.mark is not None],
            )


def _pictures(show: Any, sheet: Sheet, stage: Stage, drawn: Mapping[str, Drawn]) -> None:
    """Add the pictures of a stage, each with its step and words below it."""
    there = [
        (step, item)
        for step in stage.steps
        for item in sheet.items
        if item.step == step.key and item.picture in drawn
    ]
    for start in range(0, len(there), MOST_PICTURES):
        part = there[start : start + MOST_PICTURES]
        slide = _slide(show, _("%s: pictures") % stage.name, _about(sheet))
        across = min(len(part), IN_A_ROW)
        width = (WIDTH - 2 * MARGIN) / across
        height = ROOM / math.ceil(len(part) / IN_A_ROW)
        for place, (step, item) in enumerate(part):
            down, right = divmod(place, across)
            left, top = MARGIN + right * width, TOP + down * height
            room = (left, top, width - 0.2, height - _CAPTION - 0.1)
            add_picture(slide, drawn[item.picture], room, item.words)
            words = f"{step.number} {step.name}" + (f"\n{item.text}" if item.text else "")
            below = top + height - _CAPTION - 0.05
            add_text(
                slide,
                shortened(words, int(width * 26)),
                left,
                below,
                width - 0.2,
                _CAPTION,
                size=10,
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
    add_text(slide, title, MARGIN, 0.3, WIDTH - 2 * MARGIN, 0.55, size=size, bold=True)
    add_text(
        slide, shortened(below, 150), MARGIN, 0.84, WIDTH - 2 * MARGIN, 0.35, size=12, color="ink-2"
    )
    return slide


def _number(show: Any) -> None:
    total = len(show.slides)
    for number, slide in enumerate(show.slides, start=1):
        words = _("%(page)s of %(pages)s") % {"page": number, "pages": total}
        add_text(
            slide, words, WIDTH - 2, HEIGHT - 0.42, 1.5, 0.3, size=10, color="ink-2", right=True
        )
