"""Reads CSV files as spreadsheets and advertising accounts write them: pure.

Separator and encoding are found out; headings may have the names that accounts use. A row keeps
the number of its line, so that what is said of it can be found.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

LARGEST_FILE: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 10_000
SEPARATORS: Final = ";,\t|"


class UnreadableFileError(Exception):
    """The file as a whole cannot be taken in; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by our names of columns, "" for what it lacks; `problem` where it cannot be read."""

    number: int
    values: Mapping[str, str]
    problem: str = ""


def read_table(
    content: bytes, headings: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> list[Row]:
    """Return the rows of a file.

    Args:
        content: the file.
        headings: our name of each column, and under which headings it is found, in small letters.
        needed: columns without which the file says nothing.

    Raises:
        UnreadableFileError: it is too large, no text, or lacks a needed column.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFileError(_("The file is larger than 5 MB. Split it."))
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = next((row for row in reader if any(cell.strip() for cell in row)), [])
        columns = _columns(header, headings, needed)
        rows = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            rows.append(_row(reader.line_num, columns, len(header), cells))
            if len(rows) > MOST_ROWS:
                raise UnreadableFileError(_("The file has more than 10,000 rows. Split it."))
    except csv.Error as error:
        raise UnreadableFileError(
            _("Line %(line)s cannot be read: %(why)s.") % {"line": reader.line_num, "why": error}
        ) from error
    if not rows:
        raise UnreadableFileError(_("The file has a heading and no rows."))
    return rows


def _decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with its mark."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            _("The file is not UTF-8. Save it as “CSV UTF-8” and try again.")
        ) from error
    if "\x00" in text:
        raise UnreadableFileError(_("This is no CSV file. Save the table as CSV first."))
    return text


def _columns(
    header: Sequence[str], headings: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> dict[str, int]:
    names = [" ".join(cell.split()).casefold() for cell in header]
    found: dict[str, int] = {}
    for column, known in headings.items():
        place = next((names.index(name) for name in known if name in names), None)
        if place is not None:
            found[column] = place
    missing = [column for column in needed if column not in found]
    if missing:
        raise UnreadableFileError(
            _("The file has no column %(missing)s. It has: %(there)s.")
            % {
                "missing": ", ".join(missing),
                "there": ", ".join(cell.strip() for cell in header)[:300] or _("none"),
            }
        )
    return found


def _row(number: int, columns: Mapping[str, int], width: int, cells: Sequence[str]) -> Row:
    problem = ""
    if len(cells) > width:
        problem = _("The row has %(n)s fields, the heading %(width)s.") % {
            "n": len(cells),
            "width": width,
        }
    values = {
        column: _undefused(cells[place].strip()) if place < len(cells) else ""
        for column, place in columns.items()
    }
    return Row(number, values, problem)


def _undefused(text: str) -> str:
    """Return a cell without the apostrophe that our own files put before a formula's sign."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text
