"""Reads workbooks: ours with their pages of parts, and any table that somebody wrote."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.drawings import find_images

from journeys.exports.incoming import tabular
from journeys.exports.incoming.pictures import Gathered
from journeys.exports.incoming.problems import Refused, Where
from journeys.exports.incoming.raw import Raw, RawCard, RawLane, RawStage, RawStep, Value

# What a file of 5 MB of text becomes at the very most; more is a bomb.
MOST_UNPACKED: Final = 60 * 1024 * 1024
MOST_PARTS: Final = 300
_PICTURES: Final = "xl/media/"
OURS: Final = frozenset({"Stages", "Steps", "Lanes", "Cards"})
# How workbooks write letters that XML does not know.
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(content: bytes, *, rows: int, columns: int) -> Raw:
    """Return what a workbook says.

    Raises:
        Refused: it is broken, too large when unpacked, or holds no table.
    """
    _inspect(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            pages = {
                page.title: [
                    [_value(cell) for cell in row]
                    for row in islice(
                        page.iter_rows(max_row=rows, max_col=columns, values_only=True), rows
                    )
                ]
                for page in book.worksheets
            }
            laid = _laid(book) if set(pages) >= OURS else {}
            book.close()
    except Refused:
        raise
    except Exception as error:
        # The library names no family of errors for a broken file: it may raise anything.
        raise Refused(_("This workbook cannot be read."), code="unreadable") from error
    if set(pages) >= OURS:
        return _ours(pages, laid)
    for title, table in pages.items():
        if any(cell not in (None, "") for row in table for cell in row):
            return tabular.read(table, page=title)
    raise Refused(_("The workbook is empty."), code="empty")


def _inspect(content: bytes) -> None:
    """Refuse what grows too large when unpacked, and what defines entities of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            others = [part for part in parts if not part.filename.startswith(_PICTURES)]
            if len(others) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
                raise Refused(_("The workbook is too large when it is unpacked."), code="too_large")
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    written = archive.read(part)
                    if b"<!DOCTYPE" in written or b"<!ENTITY" in written or b"\x00" in written:
                        raise Refused(_("This workbook cannot be read."), code="unreadable")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        # RuntimeError: it has a password.
        raise Refused(_("This workbook cannot be read."), code="unreadable") from error


def _value(cell: Any) -> Value:
    if cell is None or isinstance(cell, (int, float)):
        return cell
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(cell))


def _laid(book: Any) -> dict[int, bytes]:
    """Return the pictures that lie on the page of cards, by their rows counted from 1.

    Opened for reading alone, the library leaves them out: only then it keeps cells out of memory.
    """
    archive = book._archive
    found: dict[int, bytes] = {}
    beside = get_rels_path(book["Cards"]._worksheet_path)
    if beside not in archive.namelist():
        return found
    for link in get_dependents(archive, beside).find(SpreadsheetDrawing._rel_type):
        _charts, images = find_images(archive, link.target)
        for image in images:
            corner = getattr(image.anchor, "_from", None)
            if corner is not None:
                found.setdefault(corner.row + 1, image._data())
    return found


def _ours(pages: dict[str, list[list[Value]]], laid: dict[int, bytes]) -> Raw:
    gathered = Gathered()
    links: dict[str, list[tuple[str, str]]] = {}
    for _at, row in _rows(pages, "Links"):
        links.setdefault(_text(row, "from"), []).append((_text(row, "to"), _text(row, "label")))
    about = next((row for _at, row in _rows(pages, "Journey")), {})
    return Raw(
        stages=tuple(
            RawStage(_text(row, "key"), _text(row, "name"), _text(row, "phase"), where)
            for where, row in _rows(pages, "Stages")
        ),
        steps=tuple(
            RawStep(
                _text(row, "key"),
                _text(row, "stage"),
                _text(row, "name"),
                _text(row, "metric"),
                tuple(links.get(_text(row, "key"), ())),
                where,
            )
            for where, row in _rows(pages, "Steps")
        ),
        lanes=tuple(
            RawLane(
                _text(row, "key"),
                _text(row, "kind"),
                _text(row, "name"),
                tabular.truth(row.get("hidden")),
                tabular.truth(row.get("collapsed")),
                where,
            )
            for where, row in _rows(pages, "Lanes")
        ),
        cards=tuple(
            RawCard(
                _text(row, "lane"), _text(row, "step"), _pictured(row, where, laid, gathered), where
            )
            for where, row in _rows(pages, "Cards")
        ),
        name=_text(about, "name"),
        kind=_text(about, "kind"),
        cyclic=tabular.truth(about.get("cyclic")),
        cycle_name=_text(about, "cycle_name"),
        phase_model=_text(about, "phase_model"),
        personas=tuple(name for name in _text(about, "personas").split("\n") if name),
        problems=tuple(gathered.problems),
        pictures=gathered.found,
    )


def _pictured(
    row: dict[str, Value], where: Where, laid: dict[int, bytes], gathered: Gathered
) -> dict[str, Value]:
    """Let a card show the picture that lies on its row."""
    content = laid.get(where.row)
    return row if content is None else {**row, "picture": gathered.take(content, where)}


def _rows(
    pages: dict[str, list[list[Value]]], title: str
) -> Iterator[tuple[Where, dict[str, Value]]]:
    table = pages.get(title, [])
    if not table:
        return
    header = [tabular.text(cell).strip().lower() for cell in table[0]]
    for number, row in enumerate(table[1:], start=2):
        if any(cell not in (None, "") for cell in row):
            yield Where(title, number), dict(zip(header, row, strict=False))


def _text(row: dict[str, Value], name: str) -> str:
    return tabular.text(row.get(name))
