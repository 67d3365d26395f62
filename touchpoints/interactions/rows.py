"""Reads one row of a file by a mapping. Pure."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cxm.customers.keys import IdentityKey, anonymous_key, crm_key, email_key, phone_key
from cxm.customers.matching import CustomerFacts, Json
from touchpoints.interactions import mapping as m
from touchpoints.interactions.records import Record, Refused, RefusedRecordError, hash_id

TRUE: Final = frozenset({"1", "true", "yes", "y", "t"})
FALSE: Final = frozenset({"0", "false", "no", "n", "f"})
Value = m.Scalar


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the file; `problem` says why it cannot even be read."""

    number: int
    values: Mapping[str, object]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row yields: records, or one refusal, or nothing where no condition holds."""

    number: int
    items: tuple[Record | Refused, ...]


class RowReader:
    """Turns rows of one file into records, in order.

    Two rows with the same content are two rows: the first, second, … with a content have
    different keys. The next import of the same file finds the same keys again.

    Raises:
        m.InvalidMappingError: a time zone is not known.
    """

    def __init__(self, mapping: m.Mapping, *, timezone: str) -> None:
        self.mapping = mapping
        self.origin = f"import:{mapping.name}"
        self._seen: Counter[UUID] = Counter()
        self._emits = [
            (index, emit, [_compiled(condition) for condition in emit.when])
            for index, emit in enumerate(mapping.emit)
        ]
        name = mapping.occurred_at.timezone or timezone
        try:
            self._zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise m.InvalidMappingError(f"`occurred_at.timezone`: “{name}” is not known.") from None

    def read(self, row: RawRow, *, occurrence: int | None = None) -> ReadRow:
        """Return what a row yields; `occurrence` is given when a refused row is tried again."""
        content = self._content(row)
        if occurrence is None:
            self._seen[content] += 1
            occurrence = self._seen[content]
        raw = {"row": dict(row.values), "number": row.number, "occurrence": occurrence}
        key = f"import:{self.mapping.name}:{content.hex}:{occurrence}"
        try:
            if row.problem:
                raise RefusedRecordError("unreadable_row", row.problem)
            values = {name: self._value(name, row) for name in self._names(row)}
            return ReadRow(row.number, tuple(self._records(values, key, raw)))
        except RefusedRecordError as error:
            detail = f"Row {row.number}: {error.detail}"
            refused = Refused(f"{key}:row", error.reason, detail, raw, self.origin)
            return ReadRow(row.number, (refused,))

    def _content(self, row: RawRow) -> UUID:
        if self.mapping.key and not row.problem:
            parts = [str(row.values.get(name, "")) for name in self.mapping.key]
            return hash_id("key", *parts)
        return hash_id("row", json.dumps(row.values, sort_keys=True, default=str))

    def _names(self, row: RawRow) -> list[str]:
        return [*row.values, *(name for name in self.mapping.columns if name not in row.values)]

    def _value(self, name: str, row: RawRow) -> Value:
        """Return a column's value by its rule. Raises RefusedRecordError."""
        raw = row.values.get(name)
        rule = self.mapping.columns.get(name)
        if rule is None:
            return _plain(raw)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if rule.required:
                raise RefusedRecordError("missing_value", f"“{name}” is empty.")
            return None
        if rule.values is not None:
            word = str(raw).strip()
            if word not in rule.values:
                known = ", ".join(rule.values)
                raise RefusedRecordError(
                    "unknown_value", f"“{name}” is “{word[:60]}”; known are {known}."
                )
            return rule.values[word]
        value = _typed(name, raw, rule.type)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if rule.min is not None and value < rule.min:
                raise RefusedRecordError(
                    "below_minimum", f"“{name}” is {value}, below {rule.min:g}."
                )
            if rule.max is not None and value > rule.max:
                raise RefusedRecordError(
                    "above_maximum", f"“{name}” is {value}, above {rule.max:g}."
                )
        return value

    def _records(
        self, values: Mapping[str, Value], key: str, raw: Mapping[str, object]
    ) -> Iterator[Record]:
        mapping = self.mapping
        moment = self._moment(values)
        customer = self._customer(values)
        anonymous = _text(mapping.anonymous_id, values)
        visit = ""
        if mapping.visit == "row":
            visit = key
        elif isinstance(mapping.visit, m.Column):
            visit = f"{mapping.name}:{_text(mapping.visit, values)}"
        shared = _filled(mapping.properties, values)
        for index, emit, conditions in self._emits:
            if not all(_holds(*condition, values) for condition in conditions):
                continue
            seconds = values.get(emit.dwell.column) if emit.dwell else None
            yield Record(
                key=f"{key}:{index}",
                occurred_at=moment,
                kind=emit.kind,
                event=_text(emit.event, values),
                name=_text(emit.name, values),
                touchpoint=_text(emit.touchpoint, values),
                anonymous_id=anonymous,
                customer=customer,
                visit=visit,
                quantity=_quantity(emit.quantity, values),
                dwell_seconds=_number("dwell", seconds),
                dwell_method=emit.dwell.method if emit.dwell and seconds is not None else "",
                value=_money(emit.value, values),
                currency=_text(emit.currency, values),
                url=_text(emit.url, values),
                properties={**shared, **_filled(emit.properties, values)},
                raw=raw,
                origin=self.origin,
            )

    def _moment(self, values: Mapping[str, Value]) -> datetime:
        spec = self.mapping.occurred_at
        try:
            if isinstance(spec, m.MomentParts):
                day = date(
                    _whole("year", spec.year, values),
                    _whole("month", spec.month, values),
                    _whole("day", spec.day, values),
                )
                return datetime.combine(day, time.fromisoformat(spec.time), self._zone)
            text = _text(m.Column(spec.column), values)
            if spec.format:
                found = datetime.strptime(text, spec.format)  # noqa: DTZ007 - zone follows
            else:
                found = datetime.fromisoformat(text)
        except ValueError as error:
            raise RefusedRecordError("bad_time", f"The time cannot be read: {error}.") from None
        return found if found.tzinfo else found.replace(tzinfo=self._zone)

    def _customer(self, values: Mapping[str, Value]) -> CustomerFacts | None:
        spec = self.mapping.customer
        if spec is None:
            return None
        keys: list[IdentityKey] = []
        try:
            for entry in spec.ids:
                if text := _text(m.Column(entry.column), values):
                    keys.append(crm_key(entry.system, text))
            if text := _text(spec.email, values):
                keys.append(email_key(text))
            if spec.phone and (text := _text(m.Column(spec.phone.column), values)):
                keys.append(phone_key(text, spec.phone.region))
            if not keys:
                return None
            if text := _text(self.mapping.anonymous_id, values):
                keys.append(anonymous_key(text))
            return CustomerFacts(
                keys=tuple(keys),
                traits=_filled(spec.traits, values),
                name=_text(spec.name, values),
                language=_text(spec.language, values),
            )
        except ValueError as error:
            raise RefusedRecordError("bad_customer", str(error)) from None


def _plain(raw: object) -> Value:
    if isinstance(raw, str):
        return raw.strip()
    if raw is None or isinstance(raw, bool | int | float):
        return raw
    return json.dumps(raw, sort_keys=True)


def _typed(name: str, raw: object, kind: str) -> Value:
    text = str(raw).strip()
    if kind == "text":
        return text
    if kind == "boolean":
        word = text.lower()
        if word in TRUE or word in FALSE:
            return word in TRUE
        raise RefusedRecordError("not_a_boolean", f"“{name}” is “{text[:60]}”, neither yes nor no.")
    try:
        if kind == "integer":
            return int(text)
        number = float(text)
    except ValueError:
        raise RefusedRecordError("not_a_number", f"“{name}” is “{text[:60]}”, no {kind}.") from None
    if not math.isfinite(number):
        raise RefusedRecordError("not_a_number", f"“{name}” is “{text[:60]}”, no {kind}.")
    return number


def _text(spec: m.Column | str | None, values: Mapping[str, Value]) -> str:
    found = values.get(spec.column) if isinstance(spec, m.Column) else spec
    return "" if found is None else str(found)


def _filled(spec: Mapping[str, m.Column | Value], values: Mapping[str, Value]) -> dict[str, Json]:
    """Return the properties that have a value."""
    found = {
        name: values.get(entry.column) if isinstance(entry, m.Column) else entry
        for name, entry in spec.items()
    }
    return {name: value for name, value in found.items() if value is not None and value != ""}


def _number(what: str, found: Value) -> float | None:
    if found is None or found == "":
        return None
    try:
        return float(found)
    except ValueError:
        raise RefusedRecordError("not_a_number", f"The {what} is “{found}”, no number.") from None


def _quantity(spec: int | m.Column, values: Mapping[str, Value]) -> int:
    return _whole("quantity", spec, values)


def _whole(what: str, spec: int | m.Column, values: Mapping[str, Value]) -> int:
    found = values.get(spec.column) if isinstance(spec, m.Column) else spec
    try:
        number = float(found) if found is not None else math.nan
        if number != int(number):
            raise ValueError
    except (ValueError, OverflowError):
        raise RefusedRecordError(
            "not_a_number", f"The {what} is “{found}”, no whole number."
        ) from None
    return int(number)


def _money(spec: float | m.Column | None, values: Mapping[str, Value]) -> Decimal | None:
    found = values.get(spec.column) if isinstance(spec, m.Column) else spec
    if found is None or found == "":
        return None
    try:
        amount = Decimal(str(found))
    except InvalidOperation:
        raise RefusedRecordError("not_a_number", f"The value is “{found}”, no number.") from None
    if not amount.is_finite():
        raise RefusedRecordError("not_a_number", f"The value is “{found}”, no number.")
    return amount


def _compiled(condition: m.Condition) -> tuple[str, str, object]:
    ((test, wanted),) = m.tests_of(condition).items()
    return condition.column, test, wanted


def _holds(column: str, test: str, wanted: object, values: Mapping[str, Value]) -> bool:
    found = values.get(column)
    if test == "filled":
        return (found is not None and found != "") is wanted
    if test == "equal":
        return found == wanted
    if test == "not_equal":
        return found != wanted
    if test == "one_of":
        return isinstance(wanted, tuple) and found in wanted
    number = _number(f"column {column}", found)
    if number is None or not isinstance(wanted, int | float):
        return False
    if test == "above":
        return number > wanted
    return number >= wanted if test == "at_least" else number < wanted
