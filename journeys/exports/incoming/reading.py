"""Reads a file of any of the formats, within limits."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath
from typing import Final

from django.utils.translation import gettext as _

from cxm.common.export import plain
from journeys.exports.incoming import books, documents, tabular
from journeys.exports.incoming.problems import Refused
from journeys.exports.incoming.raw import Raw, Value

LARGEST_TEXT: Final = 5 * 1024 * 1024
# With its pictures, of which there are 20 MB at most and more when written as text.
LARGEST: Final = 32 * 1024 * 1024
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 260


def read(content: bytes, name: str) -> Raw:
    """Return what a file says. What it is, its content says, and its name where that does not.

    Raises:
        Refused: it is too large, broken, or no map.
    """
    if len(content) > LARGEST:
        raise too_large(LARGEST)
    if not content.strip():
        raise Refused(_("The file is empty."), code="empty")
    if content.startswith(b"PK\x03\x04"):
        return books.read(content, rows=MOST_ROWS, columns=MOST_COLUMNS)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            _("This is an old Excel file. Save it as .xlsx and try again."), code="old_excel"
        )
    text = _text(content)
    if PurePath(name).suffix.lower() == ".json" or text.lstrip().startswith(("{", "[")):
        return documents.read(text, most=LARGEST_TEXT)
    if len(content) > LARGEST_TEXT:
        raise too_large(LARGEST_TEXT)
    return tabular.read(_table(text))


def too_large(most: int) -> Refused:
    """Return the refusal of a file with more bytes."""
    words = _("The file is larger than %s MB. Split it.") % (most // 1024**2)
    return Refused(words, code="too_large")


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(
                "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else encoding
            )
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused(_("This is neither text nor a workbook."), code="unreadable")


def _table(text: str) -> list[list[Value]]:
    """Return the rows of a CSV file, separated by comma, semicolon or tab."""
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    found: list[list[Value]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            if len(found) >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise Refused(
                    _("A table has at most %(rows)s rows and %(columns)s columns.")
                    % {"rows": MOST_ROWS, "columns": MOST_COLUMNS},
                    code="too_large",
                )
            found.append([plain(cell) for cell in row])
    except csv.Error as error:
        raise Refused(_("The table cannot be read: %s") % error, code="unreadable") from error
    return found
