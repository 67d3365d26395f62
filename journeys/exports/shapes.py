"""Shapes on slides: texts, tables, notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from journeys.exports.fitting import MARGIN, TOP, height_of
from journeys.exports.palette import light
from journeys.exports.pictures import Drawn

TEXT: Final = 10.5
# A table with thin lines and no colours: those that it has are ours.
PLAIN_TABLE: Final = "{5940675A-B579-460E-94D1-54222C63F5DA}"


def add_table(
    slide: Any, widths: Sequence[float], rows: Sequence[Sequence[str]], size: float = TEXT
) -> Any:
    """Add a table; the first row and column are headings."""
    heights = [height_of(row, widths[1], size, head=widths[0]) for row in rows]
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
                cell.fill.fore_color.rgb = color_of("ph-4" if number == 0 else "surface-2")
            write(cell.text_frame, text, size=size, bold=number == 0 or column == 0)
    return table


def add_text(
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
    """Add a text box; places in inches."""
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    write(frame, text, size=size, bold=bold, color=color)
    if right:
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def add_picture(
    slide: Any, picture: Drawn, room: tuple[float, float, float, float], words: str
) -> None:
    """Add a picture as large as a room (left, top, width, height) lets it be, at its lower left."""
    left, top, width, height = room
    scale = min(width / picture.width, height / picture.height)
    wide, high = picture.width * scale, picture.height * scale
    shape = slide.shapes.add_picture(
        io.BytesIO(picture.content),
        Inches(left),
        Inches(top + height - high),
        Inches(wide),
        Inches(high),
    )
    shape._element.nvPicPr.cNvPr.set("descr", allowed(words))


def write(frame: Any, text: str, *, size: float, bold: bool = False, color: str = "ink") -> None:
    """Write a text, a paragraph for each of its lines."""
    frame.clear()
    for number, line in enumerate(allowed(text).split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        if line:
            add_run(paragraph, line, size, bold=bold, color=color)
        else:
            # An empty line is as high as the others, not as high as the library's usual text.
            paragraph._p.get_or_add_endParaRPr().set("sz", str(round(size * 100)))


def add_run(
    paragraph: Any, text: str, size: float, *, bold: bool = False, color: str = "ink"
) -> None:
    """Add a piece of text to a paragraph."""
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.color.rgb = color_of(color)


def add_notes(slide: Any, lines: Sequence[str]) -> None:
    """Write the notes that the speaker sees."""
    slide.notes_slide.notes_text_frame.text = allowed("\n".join(line for line in lines if line))


def paint(shape: Any, color: str) -> None:
    """Fill a shape with a token's colour, without a border."""
    shape.fill.solid()
    shape.fill.fore_color.rgb = color_of(color)
    shape.line.fill.background()
    shape.shadow.inherit = False


def color_of(color: str) -> RGBColor:
    """Return the colour of a token."""
    red, green, blue = (int(light()[color][place : place + 2], 16) for place in (1, 3, 5))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


def shortened(text: str, longest: int) -> str:
    """Return a text that is not longer."""
    return text if len(text) <= longest else text[: max(1, longest - 1)].rstrip() + "…"


def allowed(text: str) -> str:
    """Return a text without control characters, which XML refuses."""
    return "".join(letter for letter in text if letter == "\n" or letter >= " ")
