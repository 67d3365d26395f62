"""Operations as they come: JSON is parsed and judged by itself. Pure.

Whether the rows that an operation names are there is judged where it is carried out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeGuard
from uuid import UUID

from django.utils.translation import gettext as _

from journeys.maps.lanes import LANE_KINDS, SEVERITIES, STATES
from journeys.maps.operations.verbs import (
    GUARDED,
    KINDS,
    PARENTS,
    BodyRefused,
    Delete,
    Insert,
    Link,
    Move,
    OperationRefused,
    Row,
    Sent,
    Sync,
    Update,
    Value,
    Verb,
)

MOST_OPERATIONS: Final = 100
MOST_ROWS: Final = 2_000
MOST_LINKS: Final = 20
LONGEST_CLIENT: Final = 40
LONGEST_PLACE: Final = 80
LARGEST_NUMBER: Final = 32_000

# --- the request -------------------------------------------------------------------------


def read_sync(body: bytes) -> Sync:
    """Parse the body of a synchronisation.

    Raises:
        BodyRefused: it is no JSON object of that shape ("malformed"), or holds more than 100
            operations ("too_many_operations").
    """
    given = read_object(body)
    since = given.get("since", 0)
    if not _is_int(since) or not 0 <= since < 2**62:
        raise BodyRefused(_("“since” is the number of the last operation that you know."))
    return Sync(
        version=_needed_id(given, "version"),
        since=since,
        client=_short(given, "client", LONGEST_CLIENT),
        place=_short(given, "place", LONGEST_PLACE),
        ops=read_operations(given.get("ops", [])),
        leave=given.get("leave") is True,
    )


def read_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object; raises BodyRefused."""
    try:
        given = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BodyRefused(_("The body is no JSON.")) from None
    if not isinstance(given, dict):
        raise BodyRefused(_("The body is no JSON object."))
    return given


def read_operations(given: object) -> tuple[Sent, ...]:
    """Read a list of operations; one that cannot be read does not stop the others.

    Raises:
        BodyRefused: it is no list of objects, an operation has no id, or there are too many.
    """
    if not isinstance(given, list):
        raise BodyRefused(_("“ops” is a list of operations."))
    if len(given) > MOST_OPERATIONS:
        raise BodyRefused(
            _("Send at most %s operations at once.") % MOST_OPERATIONS, code="too_many_operations"
        )
    return tuple(_sent(one) for one in given)


def _sent(given: object) -> Sent:
    if not isinstance(given, dict):
        raise BodyRefused(_("An operation is an object."))
    sent_id = _needed_id(given, "id")
    change = given.get("change")
    if not isinstance(change, dict):
        raise BodyRefused(_("“change” says what an operation does."))
    try:
        return Sent(sent_id, read_verb(change))
    except OperationRefused as refused:
        return Sent(sent_id, refused)


# --- one operation -----------------------------------------------------------------------


def read_verb(given: Mapping[str, Any]) -> Verb:
    """Read what is to be done; raises OperationRefused."""
    reader = _VERBS.get(given["op"]) if isinstance(given.get("op"), str) else None
    if reader is None:
        raise OperationRefused(
            _("“op” is insert, update, move or delete."), code="unknown_operation"
        )
    return reader(given)


def _read_insert(given: Mapping[str, Any]) -> Insert:
    rows = given.get("rows")
    if not isinstance(rows, list) or not rows:
        raise OperationRefused(_("“rows” is a list of rows."), code="invalid_value")
    if len(rows) > MOST_ROWS:
        raise OperationRefused(_("Insert at most %s rows at once.") % MOST_ROWS, code="too_many")
    read = tuple(_row(one) for one in rows)
    if len({row.id for row in read}) < len(read):
        raise OperationRefused(_("Two rows have the same id."), code="id_taken")
    return Insert(read)


def _row(given: object) -> Row:
    if not isinstance(given, dict):
        raise OperationRefused(_("A row is an object."), code="invalid_value")
    kind = _kind(given)
    row_id = _id(given.get("id"), "id")
    at = given.get("at")
    known = {"kind", "id", "key", "at", *PARENTS[kind]}
    fields = {name: value for name, value in given.items() if name not in known}
    if kind == "lane":
        # `kind` says that the row is a lane; which kind of lane is said by `lane_kind`.
        fields["kind"] = fields.pop("lane_kind", None)
    return Row(
        kind=kind,
        id=row_id,
        key=row_id if given.get("key") is None else _id(given["key"], "key"),
        at=None if at is None else _index(at),
        parents={name: _id(given.get(name), name) for name in PARENTS[kind]},
        fields=_fields(kind, fields, new=True),
    )


def _read_update(given: Mapping[str, Any]) -> Update:
    kind = _kind(given)
    fields = given.get("fields")
    was = given.get("was") or {}
    if not isinstance(fields, dict) or not fields:
        raise OperationRefused(_("“fields” says what is to change."), code="invalid_value")
    if not isinstance(was, dict):
        raise OperationRefused(_("“was” says what it was before."), code="invalid_value")
    return Update(
        kind=kind,
        id=_id(given.get("id"), "id"),
        fields=_fields(kind, fields),
        was=_fields(kind, {name: v for name, v in was.items() if name in GUARDED}),
    )


def _read_move(given: Mapping[str, Any]) -> Move:
    kind = _kind(given)
    to = given.get("to")
    if to is None:
        to = {}
    if not isinstance(to, dict):
        raise OperationRefused(_("“to” says where it goes."), code="invalid_value")
    return Move(
        kind=kind,
        id=_id(given.get("id"), "id"),
        to={name: _id(to.get(name), name) for name in PARENTS[kind]},
        at=_index(given.get("at")),
    )


def _read_delete(given: Mapping[str, Any]) -> Delete:
    kind = _kind(given)
    ids = given.get("ids")
    if not isinstance(ids, list) or not ids:
        raise OperationRefused(_("“ids” is a list of ids."), code="invalid_value")
    if len(ids) > MOST_ROWS:
        raise OperationRefused(_("Delete at most %s rows at once.") % MOST_ROWS, code="too_many")
    return Delete(kind, tuple(dict.fromkeys(_id(one, "ids") for one in ids)))


_VERBS: Final[Mapping[str, Callable[[Mapping[str, Any]], Verb]]] = {
    "insert": _read_insert,
    "update": _read_update,
    "move": _read_move,
    "delete": _read_delete,
}


# --- fields ------------------------------------------------------------------------------


def _fields(kind: str, given: Mapping[str, Any], *, new: bool = False) -> dict[str, Value]:
    readers = FIELD_READERS[kind]
    read: dict[str, Value] = {}
    for name, value in given.items():
        if name in PARENTS[kind]:
            raise OperationRefused(
                _("“%s” changes by moving the row.") % name, code="unknown_field"
            )
        if name not in readers:
            raise OperationRefused(_("There is no field “%s”.") % name[:40], code="unknown_field")
        read[name] = readers[name](value, name)
    for name in NEEDED[kind]:
        if (new or name in read) and not str(read.get(name, "")).strip():
            raise OperationRefused(_("Write something."), code="text_needed")
    return read


def _text(longest: int) -> Callable[[object, str], Value]:
    def read(value: object, name: str) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            raise _invalid(name)
        if len(value) > longest:
            raise OperationRefused(
                _("“%(field)s” holds at most %(most)s characters.")
                % {"field": name, "most": longest},
                code="text_too_long",
            )
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise OperationRefused(
                _("“%s” holds a character that is none.") % name, code="invalid_text"
            )
        return value

    return read


def _optional_id(value: object, name: str) -> Value:
    return None if value is None or value == "" else _id(value, name)


def _flag(value: object, name: str) -> Value:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise _invalid(name)
    return value


def _span(value: object, name: str) -> Value:
    if value is None:
        return 1
    if not _is_int(value) or not 1 <= value <= LARGEST_NUMBER:
        raise OperationRefused(_("A card covers at least one step."), code="invalid_span")
    return int(value)


def _valence(value: object, name: str) -> Value:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _invalid(name)
    if not math.isfinite(value) or not -2 <= value <= 2:
        raise OperationRefused(_("A feeling lies between −2 and +2."), code="valence_range")
    return Decimal(str(round(float(value), 1) + 0.0))


def _severity(value: object, name: str) -> Value:
    if value is None:
        return None
    if not _is_int(value) or value not in SEVERITIES:
        raise OperationRefused(_("There is no such severity."), code="unknown_severity")
    return int(value)


def _status(value: object, name: str) -> Value:
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or not any(value in states for states in STATES.values()):
        raise OperationRefused(_("There is no such status."), code="unknown_status")
    return value


def _lane_kind(value: object, name: str) -> Value:
    if not isinstance(value, str) or value not in LANE_KINDS:
        raise OperationRefused(_("There is no such kind of lane."), code="unknown_lane_kind")
    return value


def _links(value: object, name: str) -> Value:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _invalid(name)
    if len(value) > MOST_LINKS:
        raise OperationRefused(
            _("A step leads to at most %s others.") % MOST_LINKS, code="too_many"
        )
    found: dict[UUID, Link] = {}
    for one in value:
        if not isinstance(one, dict):
            raise _invalid(name)
        label = _text(60)(one.get("label"), "label")
        to = _id(one.get("to"), "to")
        found.setdefault(to, Link(to, str(label)))
    return tuple(found.values())


FieldReader = Callable[[object, str], Value]
FIELD_READERS: Final[Mapping[str, Mapping[str, FieldReader]]] = {
    "stage": {"name": _text(80), "phase": _optional_id},
    "step": {"name": _text(80), "metric": _text(60), "next": _links},
    "lane": {"kind": _lane_kind, "name": _text(60), "hidden": _flag, "collapsed": _flag},
    "card": {
        "text": _text(400),
        "span": _span,
        "touchpoint": _optional_id,
        "valence": _valence,
        "severity": _severity,
        "status": _status,
        "persona": _optional_id,
        "pain_point": _optional_id,
        "opportunity": _optional_id,
        "answer": _text(240),
        "response_id": _optional_id,
        "linked_map": _optional_id,
        "picture": _text(200),
    },
}
# What a row cannot be without.
NEEDED: Final[Mapping[str, Sequence[str]]] = {
    "stage": ("name",),
    "step": ("name",),
    "lane": ("kind",),
    "card": (),
}


# --- values ------------------------------------------------------------------------------


def _kind(given: Mapping[str, Any]) -> str:
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise OperationRefused(_("“kind” is stage, step, lane or card."), code="unknown_kind")
    return kind


def _id(value: object, name: str) -> UUID:
    found = _uuid(value)
    if found is None:
        raise OperationRefused(_("“%s” is an id.") % name, code="invalid_id")
    return found


def _index(value: object) -> int:
    if not _is_int(value) or value < 0:
        raise OperationRefused(_("“at” is a place, counted from 0."), code="invalid_value")
    return min(int(value), LARGEST_NUMBER)


def _needed_id(given: Mapping[str, Any], name: str) -> UUID:
    found = _uuid(given.get(name))
    if found is None:
        raise BodyRefused(_("“%s” is an id.") % name)
    return found


def _short(given: Mapping[str, Any], name: str, longest: int) -> str:
    value = given.get(name) or ""
    try:
        return str(_text(longest)(value, name))
    except OperationRefused as refused:
        raise BodyRefused(refused.detail) from None


def _uuid(value: object) -> UUID | None:
    # As PostgreSQL and JavaScript write it: no braces, no "urn:uuid:".
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _invalid(name: str) -> OperationRefused:
    return OperationRefused(_("“%s” cannot be that.") % name, code="invalid_value")


def _no_constant(name: str) -> None:
    raise ValueError(name)
