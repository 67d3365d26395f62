"""Operations as a window sends them, for tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from cxm.workspaces.models import Membership
from journeys.maps.models import Version
from journeys.maps.operations.applying import Outcome, carry_out
from journeys.maps.operations.reading import read_operations

Json = dict[str, Any]


def insert(*rows: Mapping[str, Any]) -> Json:
    return {"op": "insert", "rows": [{"id": new_id(), **row} for row in rows]}


def update(kind: str, pk: object, was: Mapping[str, Any] | None = None, /, **fields: Any) -> Json:
    change = {"op": "update", "kind": kind, "id": str(pk), "fields": fields}
    return {**change, "was": was} if was else change


def move(kind: str, pk: object, at: int, **to: Any) -> Json:
    aim = {name: str(found) for name, found in to.items()}
    return {"op": "move", "kind": kind, "id": str(pk), "to": aim, "at": at}


def delete(kind: str, *ids: object) -> Json:
    return {"op": "delete", "kind": kind, "ids": [str(one) for one in ids]}


def card(lane: object, step: object, text: str = "", **fields: Any) -> Json:
    return {"kind": "card", "lane": str(lane), "step": str(step), "text": text, **fields}


def sent(*changes: Json) -> list[Json]:
    return [{"id": new_id(), "change": change} for change in changes]


def perform(version: Version, *changes: Json, by: Membership | None = None) -> Outcome:
    """Carry out operations by the service; what is refused stands in the results."""
    return carry_out(version_id=version.pk, sent=read_operations(sent(*changes)), by=by)


def done(version: Version, *changes: Json) -> Outcome:
    """Carry out operations, all of which must be taken."""
    outcome = perform(version, *changes)
    refused = [one.as_json() for one in outcome.results if one.number is None]
    assert not refused, refused
    return outcome


def code(version: Version, change: Json) -> str:
    """Return the code with which an operation is refused, "" where it is taken."""
    (result,) = perform(version, change).results
    return result.error.code if result.error else ""


def sync(
    browser: Client,
    version: Version,
    /,
    *changes: Json,
    ops: Sequence[Json] = (),
    status: int = 200,
    **fields: Any,
) -> Json:
    """Send operations as the editor does and return the answer."""
    body = {
        "version": str(version.pk),
        "since": 0,
        "client": "window",
        "place": "",
        "ops": [*ops, *sent(*changes)],
        **fields,
    }
    answer = browser.post(
        f"/app/journeys/{version.map_id}/sync/", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == status, answer.content
    found: Json = answer.json()
    return found


def new_id() -> str:
    return str(uuid4())


def ids(rows: Iterable[Any]) -> list[UUID]:
    return [row.pk for row in rows]
