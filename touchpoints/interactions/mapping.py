"""How rows of a file become interactions: the mapping's shape, its checks, and reading a row.

Pure. docs/reference/import-mapping.md describes the format for those who write one.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Literal

import msgspec

from touchpoints.catalogue.specs import CatalogueSpec
from touchpoints.interactions.records import DWELL_METHODS, KINDS, PAGE, SCREEN

Scalar = str | int | float | bool | None


class InvalidMappingError(ValueError):
    """The mapping cannot work; the message says where and why."""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value taken from a column."""

    column: str


class ColumnRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a column holds. A row that breaks the rule is refused as a whole."""

    type: Literal["text", "integer", "number", "boolean"] = "text"
    required: bool = True
    min: float | None = None
    max: float | None = None
    # Words of the file and what they mean; any other word is refused.
    values: dict[str, Scalar] | None = None


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One test of a column; exactly one of the tests is given."""

    column: str
    equal: Scalar | msgspec.UnsetType = msgspec.UNSET
    not_equal: Scalar | msgspec.UnsetType = msgspec.UNSET
    above: float | msgspec.UnsetType = msgspec.UNSET
    at_least: float | msgspec.UnsetType = msgspec.UNSET
    below: float | msgspec.UnsetType = msgspec.UNSET
    one_of: tuple[Scalar, ...] | msgspec.UnsetType = msgspec.UNSET
    filled: bool | msgspec.UnsetType = msgspec.UNSET


class MomentColumn(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="from", tag="column"
):
    """A moment written in one column, ISO 8601 unless a strptime format is given."""

    column: str
    format: str = ""
    timezone: str = ""


class MomentParts(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="from", tag="parts"
):
    """A moment put together from columns and fixed parts."""

    year: int | Column
    month: int | Column
    day: int | Column = 1
    time: str = "12:00"
    timezone: str = ""


class Dwell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds in a column, and how the source measured them."""

    column: str
    method: str = "reported"


class PhoneColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phone number; `region` reads numbers without a country code."""

    column: str
    region: str = ""


class IdColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An id in another system."""

    column: str
    system: str


class CustomerColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns that say who it was."""

    email: Column | None = None
    phone: PhoneColumn | None = None
    ids: tuple[IdColumn, ...] = ()
    name: Column | None = None
    language: Column | str | None = None
    traits: dict[str, Column | Scalar] = {}


class Emit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One interaction that a row may yield."""

    event: str | Column
    kind: str = "track"
    name: str | Column = ""
    when: tuple[Condition, ...] = ()
    touchpoint: str | Column = ""
    quantity: int | Column = 1
    dwell: Dwell | None = None
    value: float | Column | None = None
    currency: str | Column = ""
    url: str | Column = ""
    properties: dict[str, Column | Scalar] = {}


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole mapping file."""

    name: str
    occurred_at: MomentColumn | MomentParts
    emit: tuple[Emit, ...]
    about: str = ""
    format: Literal["csv", "jsonl", ""] = ""
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    key: tuple[str, ...] = ()
    columns: dict[str, ColumnRule] = {}
    anonymous_id: Column | None = None
    visit: Literal["row", "actor"] | Column = "actor"
    customer: CustomerColumns | None = None
    properties: dict[str, Column | Scalar] = {}
    catalogue: CatalogueSpec = CatalogueSpec()


def read_mapping(content: bytes) -> Mapping:
    """Return the mapping in a JSON text. Raises InvalidMappingError."""
    try:
        mapping = msgspec.json.decode(content, type=Mapping)
    except msgspec.ValidationError as error:
        raise InvalidMappingError(_sentence(str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidMappingError(f"The mapping is not valid JSON: {error}.") from error
    _check(mapping)
    return mapping


def convert_mapping(content: object) -> Mapping:
    """Return the mapping in decoded JSON, as it is stored. Raises InvalidMappingError."""
    return read_mapping(msgspec.json.encode(content))


def columns_of(mapping: Mapping) -> set[str]:
    """Return every column that the mapping reads."""
    found = set(mapping.columns) | set(mapping.key)
    _collect(msgspec.to_builtins(mapping), found)
    return found


def _collect(node: object, found: set[str]) -> None:
    if isinstance(node, dict):
        if isinstance(node.get("column"), str):
            found.add(node["column"])
        for value in node.values():
            _collect(value, found)
    elif isinstance(node, list | tuple):
        for value in node:
            _collect(value, found)


def tests_of(condition: Condition) -> AnyMapping[str, object]:
    """Return the tests that a condition gives, by name."""
    given = msgspec.structs.asdict(condition)
    return {
        name: value
        for name, value in given.items()
        if name != "column" and value is not msgspec.UNSET
    }


def _check(mapping: Mapping) -> None:
    if not mapping.name.strip() or len(mapping.name) > 120:
        raise InvalidMappingError("`name` must have 1 to 120 characters.")
    if not mapping.emit:
        raise InvalidMappingError("`emit` is empty: say which interactions a row yields.")
    if len(mapping.delimiter) != 1:
        raise InvalidMappingError("`delimiter` must be one character.")
    try:
        "".encode(mapping.encoding)
    except LookupError:
        raise InvalidMappingError(f"`encoding`: “{mapping.encoding}” is not known.") from None
    for index, emit in enumerate(mapping.emit):
        where = f"`emit[{index}]`"
        if emit.kind not in KINDS:
            raise InvalidMappingError(f"{where}: `kind` must be one of {', '.join(KINDS)}.")
        if not emit.event and emit.kind not in (PAGE, SCREEN):
            raise InvalidMappingError(f"{where}: `event` is empty.")
        if emit.dwell is not None and emit.dwell.method not in DWELL_METHODS:
            raise InvalidMappingError(
                f"{where}: `dwell.method` must be one of {', '.join(DWELL_METHODS)}."
            )
        for condition in emit.when:
            if len(tests_of(condition)) != 1:
                raise InvalidMappingError(
                    f"{where}: the condition on “{condition.column}” needs exactly one test."
                )
    for name, rule in mapping.columns.items():
        if rule.type in ("text", "boolean") and (rule.min is not None or rule.max is not None):
            raise InvalidMappingError(f"`columns.{name}`: `min` and `max` are for numbers.")


def _sentence(message: str) -> str:
    """Turn "Expected `str`, got `int` - at `$.emit[0].event`" into a place and what it lacks."""
    problem, _, place = message.partition(" - at ")
    where = place.strip("`").removeprefix("$").removeprefix(".") or "the mapping"
    return f"`{where}`: {problem}."
