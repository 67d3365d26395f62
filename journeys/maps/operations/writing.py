"""Operations as they are kept and sent: plain JSON again. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from journeys.maps.operations.verbs import (
    Delete,
    Fields,
    Insert,
    Link,
    Move,
    Row,
    Update,
    Value,
    Verb,
)

Json = dict[str, Any]


def as_json(verb: Verb) -> Json:
    """Return an operation as it was sent, with every value in its one form."""
    if isinstance(verb, Insert):
        return {"op": "insert", "rows": [_row(row) for row in verb.rows]}
    if isinstance(verb, Update):
        written = {"op": "update", "kind": verb.kind, "id": str(verb.id)}
        return {**written, "fields": fields_json(verb.fields)}
    if isinstance(verb, Move):
        to = {name: str(found) for name, found in verb.to.items()}
        return {"op": "move", "kind": verb.kind, "id": str(verb.id), "to": to, "at": verb.at}
    assert isinstance(verb, Delete)  # noqa: S101 - there are four verbs
    return {"op": "delete", "kind": verb.kind, "ids": [str(one) for one in verb.ids]}


def fields_json(fields: Fields) -> Json:
    """Return fields as JSON."""
    return {name: value_json(value) for name, value in fields.items()}


def value_json(value: Value) -> Any:
    """Return one value as JSON."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return [link_json(link) for link in value]
    return value


def link_json(link: Link) -> Json:
    """Return a link to a next step as JSON."""
    return {"to": str(link.to), "label": link.label}


def _row(row: Row) -> Json:
    fields = fields_json(row.fields)
    if row.kind == "lane":
        fields["lane_kind"] = fields.pop("kind")
    parents = {name: str(found) for name, found in row.parents.items()}
    written: Json = {"kind": row.kind, "id": str(row.id), **parents, **fields}
    if row.key != row.id:
        written["key"] = str(row.key)
    if row.at is not None:
        written["at"] = row.at
    return written
