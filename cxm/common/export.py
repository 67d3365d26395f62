"""The one writer of tables that leave the house.

A spreadsheet runs a cell that begins like a formula. Text that does is given a leading
apostrophe, which spreadsheets show as plain text; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Final
from uuid import UUID

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.image import DEFAULT_DPI, Image
from xlsxwriter.worksheet import Worksheet

CSV: Final = "csv"
XLSX: Final = "xlsx"
TYPES: Final = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Cell = str | int | float | Decimal | date | datetime | UUID | None

_PICTURE_HEIGHT: Final = 96
_LONGEST_CELL: Final = 32_767
# OWASP, "CSV Injection": these start a formula or are skipped by the reader before one.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def defused(value: Cell) -> str:
    """Return a cell's text that no spreadsheet takes for a formula; numbers keep their sign."""
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    # Apostrophes before a formula are counted too, so that `plain` knows which one is ours.
    return "'" + text if text.lstrip(" '").startswith(_FORMULA_STARTS) else text


def plain(text: str) -> str:
    """Return the text that `defused` was given."""
    defanged = text.startswith("'") and text[1:].lstrip(" '").startswith(_FORMULA_STARTS)
    return text[1:] if defanged else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Write a table as CSV (RFC 4180), line by line, so that a long one can be streamed."""
    for row in chain([header], rows):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerow([defused(cell) for cell in row])
        yield buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that lies on a cell of a column, counted from 0; one that `fits_workbook`."""

    content: bytes
    column: int


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of a workbook: `widths` of its columns in letters; `wrapped` shows long texts whole.

    `fixed` are the rows and columns that stay in sight, the heading among them; `pictures` lie on
    the rows below the heading, by their number from 0.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float] = ()
    wrapped: bool = False
    fixed: tuple[int, int] = (1, 0)
    pictures: Mapping[int, Picture] = field(default_factory=dict)


def xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str = "") -> bytes:
    """Return a table as a workbook with one sheet: a frozen heading, filters, dates as dates."""
    return workbook([Page(sheet, header, rows)])


def workbook(pages: Iterable[Page]) -> bytes:
    """Return a workbook.

    Text is written as text, whatever it begins with: no cell becomes a formula or a link.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    for page in pages:
        _write_page(book, page)
    book.close()
    return buffer.getvalue()


def _write_page(book: xlsxwriter.Workbook, page: Page) -> None:
    sheet = book.add_worksheet(_sheet_name(page.name))
    look = {"text_wrap": True, "valign": "top"} if page.wrapped else {}
    bold = book.add_format({"bold": True, **look})
    text = book.add_format(look) if look else None
    day = book.add_format({"num_format": "yyyy-mm-dd", **look})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", **look})
    sheet.freeze_panes(*page.fixed)
    for column, title in enumerate(page.header):
        width = page.widths[column] if column < len(page.widths) else len(title) + 4
        sheet.set_column(column, column, max(10, min(60, width)))
        sheet.write_string(0, column, title, bold)
    number = 0
    for number, row in enumerate(page.rows, start=1):
        picture = page.pictures.get(number - 1)
        if picture is not None:
            _lay_picture(sheet, number, picture)
        for column, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, datetime):
                # A sheet knows no time zones: the time stays as it reads.
                sheet.write_datetime(number, column, cell.replace(tzinfo=None), moment)
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, (int, float, Decimal)):
                sheet.write_number(number, column, cell, text)
            else:
                written = str(cell).replace("\x00", "")[:_LONGEST_CELL]
                sheet.write_string(number, column, written, bold if column == 0 and look else text)
    if page.header and not page.wrapped:
        sheet.autofilter(0, 0, number, len(page.header) - 1)


def fits_workbook(content: bytes) -> bool:
    """Say whether a picture can lie in a workbook as it is."""
    try:
        image = Image(io.BytesIO(content))
    except (XlsxWriterException, struct.error, IndexError, ValueError):
        return False
    return bool(min(image.width, image.height, image.x_dpi, image.y_dpi) > 0)


def _lay_picture(sheet: Worksheet, row: int, picture: Picture) -> None:
    """Lay a picture on a cell, above the text that stands there, and make room for both."""
    image = Image(io.BytesIO(picture.content))
    # It is as large as it says it is, in inches.
    scale = _PICTURE_HEIGHT / max(
        image.width * DEFAULT_DPI / image.x_dpi, image.height * DEFAULT_DPI / image.y_dpi
    )
    sheet.set_row_pixels(row, _PICTURE_HEIGHT + 24)
    options = {
        "x_scale": scale,
        "y_scale": scale,
        "x_offset": 4,
        "y_offset": 4,
        # It goes where its row goes.
        "object_position": 1,
        "decorative": True,
    }
    sheet.insert_image(row, picture.column, image, options)


def _sheet_name(name: str) -> str:
    """Return a name that a sheet can have: no brackets or slashes, 31 characters."""
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in name)[:31].strip()


def encoded(
    kind: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str = ""
) -> bytes:
    """Return a table in one of TYPES; CSV begins with a mark by which spreadsheets see UTF-8."""
    if kind == XLSX:
        return xlsx(header, rows, sheet=sheet)
    return ("\ufeff" + "".join(csv_lines(header, rows))).encode()
