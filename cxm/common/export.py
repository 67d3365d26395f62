"""The one writer of tables that leave the house.

A spreadsheet runs a cell that begins like a formula. Text that does is given a leading
apostrophe, which spreadsheets show as plain text; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from uuid import UUID

Cell = str | int | float | Decimal | date | datetime | UUID | None

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
    return "'" + text if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Write a table as CSV (RFC 4180), line by line, so that a long one can be streamed."""
    for row in chain([header], rows):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerow([defused(cell) for cell in row])
        yield buffer.getvalue()
