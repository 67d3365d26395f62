"""Reads what an uploaded file is, and makes a mapping out of a few choices. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from touchpoints.interactions.mapping import (
    Column,
    CustomerColumns,
    Emit,
    IdColumn,
    Mapping,
    MomentColumn,
    PhoneColumn,
    Scalar,
)
from touchpoints.interactions.records import OFFLINE

LARGEST_FILE: Final = 20 * 1024 * 1024
SAMPLE: Final = 20
DELIMITERS: Final = ",;\t|"
ISO: Final = ""
FORMATS: Final = (
    (ISO, "2026-11-22 14:30"),
    ("%d.%m.%Y %H:%M", "22.11.2026 14:30"),
    ("%d.%m.%Y", "22.11.2026"),
    ("%d/%m/%Y %H:%M", "22/11/2026 14:30"),
    ("%d/%m/%Y", "22/11/2026"),
    ("%m/%d/%Y %H:%M", "11/22/2026 14:30"),
    ("%m/%d/%Y", "11/22/2026"),
)
# By which names columns of each field go, the first hit counts.
_NAMES: Final[AnyMapping[str, tuple[str, ...]]] = {
    "when": ("when", "occurred", "date", "time", "day", "datum", "zeit", "tag"),
    "email": ("email", "e-mail", "mail"),
    "phone": ("phone", "mobile", "telefon", "tel"),
    "customer_id": ("customer", "client", "kunde", "member", "card"),
    "name": ("name",),
    "place": ("place", "store", "location", "branch", "filiale", "ort"),
    "by": ("staff", "agent", "employee", "seller", "mitarbeiter"),
    "touchpoint": ("touchpoint", "contact point", "kontaktpunkt"),
    "event": ("event", "what", "kind", "type", "art"),
    "outcome": ("outcome", "result", "ergebnis"),
    "note": ("note", "comment", "remark", "notiz", "bemerkung"),
    "value": ("value", "amount", "revenue", "total", "betrag", "umsatz"),
    "currency": ("currency", "währung"),
}


class NotReadableError(ValueError):
    """An upload is no table that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: its columns, how it is written, and its first rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    delimiter: str

    def values(self, column: str) -> list[str]:
        """Return the values of a column in the first rows that are not empty."""
        if column not in self.columns:
            return []
        place = self.columns.index(column)
        return [row[place] for row in self.rows if len(row) > place and row[place].strip()]


@dataclass(frozen=True, slots=True)
class Choices:
    """Which column means what; "" for none. `place_key` names one touchpoint for all rows."""

    when: str
    format: str = ISO
    place_key: str = ""
    touchpoint: str = ""
    event: str = ""
    email: str = ""
    phone: str = ""
    region: str = ""
    customer_id: str = ""
    system: str = ""
    name: str = ""
    place: str = ""
    by: str = ""
    note: str = ""
    outcome: str = ""
    value: str = ""
    currency: str = ""
    fixed_currency: str = ""


def read_table(content: bytes) -> Table:
    """Return what a file holds. Raises NotReadableError."""
    if b"\x00" in content[:4096]:
        raise NotReadableError("This is no text. Save the sheet as CSV and upload that.")
    try:
        text, encoding = content.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        text, encoding = content.decode("cp1252", "replace"), "cp1252"
    head = text[:65536]
    if not head.strip():
        raise NotReadableError("The file is empty.")
    first = head.splitlines()[0]
    delimiter = max(DELIMITERS, key=first.count)
    if first.count(delimiter) == 0:
        delimiter = ","
    try:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        header = tuple(name.strip() for name in next(reader))
        rows = []
        for row in reader:
            if row:
                rows.append(tuple(row))
            if len(rows) == SAMPLE:
                break
    except (csv.Error, StopIteration) as error:
        raise NotReadableError(f"The file cannot be read as CSV: {error}.") from error
    if len(set(header)) != len(header) or "" in header:
        raise NotReadableError("Each column needs a name of its own in the first line.")
    return Table(header, tuple(rows), encoding, delimiter)


def guess(table: Table) -> dict[str, str]:
    """Return which column could mean what, by the columns' names and the first rows."""
    free = list(table.columns)
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        for name in names:
            hit = next((column for column in free if name in column.casefold()), None)
            if hit is not None:
                found[field] = hit
                free.remove(hit)
                break
    if "when" in found:
        found["format"] = guess_format(table.values(found["when"]))
    return found


def guess_format(values: Sequence[str]) -> str:
    """Return the way of writing moments that reads most of the values; the first of equals."""

    def reads(form: str) -> int:
        return sum(_reads(value.strip(), form) for value in values)

    return max((form for form, _example in FORMATS), key=reads)


def _reads(value: str, form: str) -> bool:
    try:
        if form:
            datetime.strptime(value, form)  # noqa: DTZ007 - only whether it can be read
        else:
            datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def mapping_of(table: Table, choices: Choices, *, name: str) -> Mapping:
    """Return the mapping that these choices mean. Raises NotReadableError."""
    if choices.when not in table.columns:
        raise NotReadableError("Say which column holds the time.")
    if not choices.place_key and not choices.touchpoint:
        raise NotReadableError("Choose the touchpoint, or the column that names it.")

    def column(field: str) -> Column | None:
        return Column(field) if field else None

    ids = (
        (IdColumn(choices.customer_id, choices.system or "import"),) if choices.customer_id else ()
    )
    customer = CustomerColumns(
        email=column(choices.email),
        phone=PhoneColumn(choices.phone, choices.region) if choices.phone else None,
        ids=ids,
        name=column(choices.name),
    )
    told: dict[str, Column | Scalar] = {
        key: Column(field)
        for key in ("place", "by", "note", "outcome")
        if (field := str(getattr(choices, key)))
    }
    return Mapping(
        name=name,
        occurred_at=MomentColumn(choices.when, choices.format),
        emit=(
            Emit(
                event=column(choices.event) or "Contact",
                kind=OFFLINE,
                name=column(choices.outcome) or "",
                touchpoint=choices.place_key or Column(choices.touchpoint),
                value=column(choices.value),
                currency=column(choices.currency) or choices.fixed_currency,
                properties=told,
            ),
        ),
        format="csv",
        encoding=table.encoding,
        delimiter=table.delimiter,
        visit="row",
        customer=customer if choices.email or choices.phone or ids else None,
    )
