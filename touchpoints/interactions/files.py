"""Reads rows out of CSV and JSONL files, one by one; a bad row does not end the reading. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from touchpoints.interactions.mapping import InvalidMappingError, Mapping, columns_of
from touchpoints.interactions.rows import RawRow

# A field this long is a missing quotation mark, not a value.
LONGEST_FIELD: Final = 1024 * 1024
UNREADABLE: Final = "The row has bytes that are not {encoding}."


def read_rows(
    path: Path, mapping: Mapping, *, on_bytes: Callable[[int], None] = lambda done: None
) -> Iterator[RawRow]:
    """Yield the rows of a file; `on_bytes` hears how far the reading has come.

    Raises:
        InvalidMappingError: the file lacks columns that the mapping names.
        OSError: the file cannot be read.
    """
    kind = mapping.format or ("jsonl" if path.suffix in {".jsonl", ".ndjson"} else "csv")
    with path.open("rb") as file:
        # What cannot be decoded comes through marked, so that only its row is refused.
        text = io.TextIOWrapper(
            file, encoding=mapping.encoding, errors="surrogateescape", newline=""
        )
        rows = _jsonl(text, mapping) if kind == "jsonl" else _csv(text, mapping)
        for row in rows:
            yield row
            on_bytes(_position(file))


def _position(file: BinaryIO) -> int:
    return file.tell()


def _csv(text: io.TextIOWrapper, mapping: Mapping) -> Iterator[RawRow]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(text, delimiter=mapping.delimiter)
    header = [name.strip() for name in next(reader, [])]
    missing = sorted(columns_of(mapping) - set(header))
    if missing:
        raise InvalidMappingError(
            f"The file has no column {', '.join(missing)}. It has: {', '.join(header) or 'none'}."
        )
    number = 0
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            number += 1
            yield RawRow(number, {"line": reader.line_num}, f"The row cannot be read: {error}.")
            continue
        if fields is None:
            return
        if fields:
            number += 1
            yield _row(number, header, fields, mapping.encoding)


def _row(number: int, header: Sequence[str], fields: Sequence[str], encoding: str) -> RawRow:
    if len(fields) != len(header):
        problem = f"The row has {len(fields)} fields, the heading {len(header)}."
        return RawRow(number, {"fields": _clean(fields)}, problem)
    if any(_is_marked(field) for field in fields):
        values = dict(zip(header, _clean(fields), strict=True))
        return RawRow(number, values, UNREADABLE.format(encoding=encoding))
    return RawRow(number, dict(zip(header, fields, strict=True)))


def _jsonl(text: io.TextIOWrapper, mapping: Mapping) -> Iterator[RawRow]:
    number = 0
    for line in text:
        if not line.strip():
            continue
        number += 1
        if _is_marked(line):
            problem = UNREADABLE.format(encoding=mapping.encoding)
            yield RawRow(number, {"line": _clean([line])[0]}, problem)
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield RawRow(number, {"line": line[:LONGEST_FIELD]}, f"The row is not JSON: {error}.")
            continue
        if isinstance(found, dict):
            yield RawRow(number, _flat(found))
        else:
            yield RawRow(number, {"line": line}, "The row is no JSON object.")


def _flat(node: dict[str, object], before: str = "") -> dict[str, object]:
    """Return nested objects as one, their names joined by dots."""
    found: dict[str, object] = {}
    for name, value in node.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value
    return found


def _is_marked(text: str) -> bool:
    return not text.isascii() and any("\udc80" <= letter <= "\udcff" for letter in text)


def _clean(fields: Sequence[str]) -> list[str]:
    return [field.encode("utf-8", "replace").decode() for field in fields]
