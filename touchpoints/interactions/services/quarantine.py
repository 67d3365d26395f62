"""Tries refused rows again, once their cause is mended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cxm.common.clock import day_of, now
from cxm.workspaces.models import Workspace
from touchpoints.interactions import segment
from touchpoints.interactions.mapping import InvalidMappingError, convert_mapping
from touchpoints.interactions.models import ImportMapping, Quarantined, Source, SourceDay
from touchpoints.interactions.records import Counts, Record, Refused
from touchpoints.interactions.rows import RawRow, RowReader
from touchpoints.interactions.services.ingest import take
from touchpoints.interactions.services.sources import Sender
from touchpoints.interactions.services.storing import Batch

IMPORT_PREFIX = "import:"


class _Readers:
    """The readers of the mappings that rows came by, each made once; None where it is gone."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._readers: dict[str, RowReader | None] = {}

    def of(self, name: str) -> RowReader | None:
        """Return the reader of the mapping as it is kept now."""
        if name not in self._readers:
            self._readers[name] = self._make(name)
        return self._readers[name]

    def _make(self, name: str) -> RowReader | None:
        kept = ImportMapping.objects.for_workspace(self._workspace).filter(name=name).first()
        if kept is None:
            return None
        try:
            return RowReader(convert_mapping(kept.content), timezone=self._workspace.timezone)
        except InvalidMappingError:
            return None


@transaction.atomic
def replay(*, workspace: Workspace, ids: Iterable[UUID]) -> Counts:
    """Try rows of the quarantine again, each for itself, inside the workspace's scope.

    A row that can be stored now moves from "quarantined" to "stored" in the counters of the day
    on which it came. A row that is refused again stays, with the new reason. Rows that do not
    wait any more are left out.
    """
    readers = _Readers(workspace)
    waiting = (
        Quarantined.objects.for_workspace(workspace)
        .filter(pk__in=list(ids), outcome=Quarantined.Outcome.OPEN)
        .select_related("source")
        .select_for_update(of=("self",))
        .order_by("key")
    )
    total = Counts()
    for row in waiting:
        row.source.workspace = workspace
        total += _replay_one(workspace, row, readers)
    return total


def _replay_one(workspace: Workspace, row: Quarantined, readers: _Readers) -> Counts:
    items = _read(row, readers)
    refused = next((item for item in items if isinstance(item, Refused)), None)
    stored = False
    if refused is None:
        batch = Batch(Sender.of(row.source), items, row.received_at)
        # A savepoint: of a row that yields several interactions either all are stored or none.
        with transaction.atomic():
            taken = take([batch], counted=False)[0]
            refused = taken.refused[0] if taken.refused else None
            stored = bool(taken.stored)
            transaction.set_rollback(refused is not None)
    row.replayed_at = now()
    if refused is not None:
        row.reason, row.detail = refused.reason, refused.detail[:500]
        outcome = Counts(read=1, quarantined=1)
    elif stored:
        row.outcome = Quarantined.Outcome.STORED
        outcome = Counts(read=1, stored=1)
    else:
        row.outcome = Quarantined.Outcome.DUPLICATE
        outcome = Counts(read=1, duplicate=1)
    row.save(update_fields=["reason", "detail", "outcome", "replayed_at", "updated_at"])
    if refused is None:
        SourceDay.objects.for_workspace(workspace).filter(
            source_id=row.source_id, day=day_of(row.received_at, workspace.timezone)
        ).update(
            quarantined=F("quarantined") - 1,
            stored=F("stored") + outcome.stored,
            duplicate=F("duplicate") + outcome.duplicate,
        )
    return outcome


def _read(row: Quarantined, readers: _Readers) -> Sequence[Record | Refused]:
    """Read a row as its door would have read it today."""
    try:
        raw = json.loads(row.raw)
    except ValueError:
        raw = None
    if not isinstance(raw, dict):
        return [Refused(str(row.key), row.reason, row.detail, row.raw, row.origin)]
    if row.origin == segment.ORIGIN:
        return _read_segment(row, raw)
    name = row.origin.removeprefix(IMPORT_PREFIX)
    reader = readers.of(name)
    if reader is None:
        detail = f"The mapping “{name}” is not kept here or does not work; import with it first."
        return [Refused(str(row.key), "no_mapping", detail, raw, row.origin)]
    values, number = raw.get("row") or {}, raw.get("number") or 0
    # What could not be read as a row at all says so again: its fields have no names.
    problem = row.detail if row.reason == "unreadable_row" else ""
    return reader.read(RawRow(number, values, problem), occurrence=raw.get("occurrence") or 1).items


def _read_segment(row: Quarantined, raw: dict[str, Any]) -> Sequence[Record | Refused]:
    """Read an event again, or all events of a body that could not be taken as a whole."""
    public = row.source.kind == Source.Kind.WEB
    caller = segment.Caller(visitor=raw.get("visitor") or "", public=public)
    if "body" not in raw:
        item, outer = raw.get("item"), raw.get("outer") or {}
        name = row.key.hex
        return [segment.read_item(item, outer, row.received_at, fallback=name, caller=caller)]
    try:
        return segment.read_call(
            raw["body"].encode(), raw["call"], row.received_at, caller=caller, request=row.key.hex
        )
    except segment.BadCallError as error:
        return [Refused(str(row.key), error.code, error.message, raw, row.origin)]
