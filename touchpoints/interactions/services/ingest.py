"""The one door for interactions: collector, importer, replay and demo come through it.

All of a batch is one transaction: rows, keys that make a message count once, quarantine, stale
days of the figures and the source's counters are there together or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import DataError, connection, transaction

from cxm.common.clock import day_of
from cxm.common.clock import now as clock_now
from cxm.common.ids import uuid7
from cxm.kpis.services import mark_stale
from touchpoints.interactions import sql
from touchpoints.interactions.models import Source
from touchpoints.interactions.partitions import ensure_partitions, month_of
from touchpoints.interactions.records import LATEST_AHEAD, Counts, Record, Refused, hash_id
from touchpoints.interactions.services.sources import Sender
from touchpoints.interactions.services.storing import Batch, store

FEED: Final = "interactions"
LONGEST_RAW: Final = 64 * 1024
LONGEST_DETAIL: Final = 500
# No time zone lies further from UTC.
_ZONES: Final = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: keys of the new records, of those new in the quarantine, and
    everything that was refused, also when it lay in the quarantine already.
    """

    counts: Counts
    stored: frozenset[str] = frozenset()
    quarantined: frozenset[str] = frozenset()
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bad:
    """Something refused: what came, and why it cannot stay."""

    batch: Batch
    item: Record | Refused
    why: Refused


@dataclass(slots=True)
class _Work:
    """The records of one call on their way: by hash of the key, the first of each."""

    records: dict[UUID, tuple[Batch, Record]] = field(default_factory=dict)
    refused: dict[UUID, _Bad] = field(default_factory=dict)
    # The hashed keys of each batch, in its order.
    keys: list[list[UUID]] = field(default_factory=list)
    bots: set[UUID] = field(default_factory=set)
    stored: set[UUID] = field(default_factory=set)
    quarantined: set[UUID] = field(default_factory=set)


def ingest(*, source: Source, records: Sequence[Record | Refused], received_at: datetime) -> Counts:
    """Take records in, inside the scope of the source's workspace; count what became of them."""
    return take([Batch(Sender.of(source), records, received_at)])[0].counts


@transaction.atomic
def take(batches: Sequence[Batch], *, counted: bool = True) -> list[Taken]:
    """Take batches of one workspace in, inside its scope; one answer for each batch, in order.

    `counted=False` leaves the sources' counters alone: for what was counted when it came.

    1. Leave out bots; refuse what lies ahead of its time; of records with the same key keep the
       first.
    2. Wait for whoever else takes in something of the workspace: visits and sums are read and
       written back.
    3. Store the rest; where the database refuses a row, halve until that row is alone.
    4. Put what was refused into the quarantine, once.
    5. Note the stale days and count.
    """
    if not batches:
        return []
    work = _sort(batches)
    ensure_partitions(_months(work))
    workspace_id = batches[0].sender.workspace_id
    with connection.cursor() as cursor:
        cursor.execute(sql.LOCK, {"workspace": str(workspace_id)})
    days = _store(work, list(work.records)) if work.records else set()
    work.quarantined = _quarantine(work.refused)
    mark_stale(FEED, days)
    taken = [_count(work, *entry) for entry in zip(batches, work.keys, strict=True)]
    if counted:
        _note(batches, taken)
    return taken


def _months(work: _Work) -> set[date]:
    """Return the months whose tables are needed: of the moments, and of the workspace's days."""
    months: set[date] = set()
    for _batch, record in work.records.values():
        moment = record.occurred_at
        months.add(month_of(moment))
        # Near the turn of a month the day in some time zone lies in the other one.
        months.add(month_of(moment - _ZONES))
        months.add(month_of(moment + _ZONES))
    return months


def _sort(batches: Sequence[Batch]) -> _Work:
    work = _Work()
    for batch in batches:
        latest = batch.received_at + LATEST_AHEAD
        keys = [hash_id(record.key) for record in batch.records]
        work.keys.append(keys)
        for key, record in zip(keys, batch.records, strict=True):
            if isinstance(record, Record) and record.agent.is_bot:
                work.bots.add(key)
            elif isinstance(record, Refused):
                work.refused.setdefault(key, _Bad(batch, record, record))
            elif record.occurred_at > latest:
                detail = f"The time {record.occurred_at:%Y-%m-%d %H:%M} is yet to come."
                work.refused.setdefault(key, _refuse(batch, record, "time_ahead", detail))
            else:
                work.records.setdefault(key, (batch, record))
    return work


def _store(work: _Work, keys: Sequence[UUID]) -> set[date]:
    """Store records and return the days on which something is new."""
    if not keys:
        return set()
    try:
        with transaction.atomic():
            stored = store([(key, *work.records[key]) for key in keys])
    except DataError as error:
        if len(keys) == 1:
            batch, record = work.records[keys[0]]
            detail = str(error.__cause__ or error).partition("\n")[0]
            work.refused[keys[0]] = _refuse(batch, record, "refused_by_database", detail)
            return set()
    else:
        # Only now, when nothing can fail any more that would make us halve and come again.
        for key in stored.nowhere:
            batch, record = work.records[key]
            detail = f"No touchpoint has the key “{record.touchpoint}”."
            work.refused[key] = _refuse(batch, record, "unknown_touchpoint", detail)
        work.stored |= stored.fresh
        return stored.days
    half = len(keys) // 2
    return _store(work, keys[:half]) | _store(work, keys[half:])


def _refuse(batch: Batch, record: Record, reason: str, detail: str) -> _Bad:
    return _Bad(batch, record, Refused(record.key, reason, detail, record.raw, record.origin))


def _quarantine(refused: Mapping[UUID, _Bad]) -> set[UUID]:
    """Keep what was refused and return the keys of what was not here before."""
    if not refused:
        return set()
    keys = list(refused)
    rows = list(refused.values())
    with connection.cursor() as cursor:
        cursor.execute(
            sql.QUARANTINE,
            {
                "workspace": rows[0].batch.sender.workspace_id,
                "now": clock_now(),
                "id": [uuid7() for _ in rows],
                "source_id": [bad.batch.sender.source_id for bad in rows],
                "key": keys,
                "received_at": [bad.batch.received_at for bad in rows],
                "reason": [bad.why.reason for bad in rows],
                "detail": [_printable(bad.why.detail)[:LONGEST_DETAIL] for bad in rows],
                "raw": [_as_text(bad.why.raw) for bad in rows],
                "origin": [bad.why.origin[:140] for bad in rows],
            },
        )
        return {key for (key,) in cursor.fetchall()}


def _as_text(raw: object) -> str:
    try:
        return json.dumps(raw, default=str)[:LONGEST_RAW]
    except (ValueError, RecursionError):
        return _printable(repr(type(raw)))


def _printable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _count(work: _Work, batch: Batch, keys: Sequence[UUID]) -> Taken:
    """Count what became of one batch; of equal keys the first one counts as stored."""
    stored: set[str] = set()
    quarantined: set[str] = set()
    refused = tuple(bad.why for bad in work.refused.values() if bad.batch is batch)
    bots = 0
    for key, item in zip(keys, batch.records, strict=True):
        if key in work.bots and isinstance(item, Record) and item.agent.is_bot:
            bots += 1
        elif key in work.stored and work.records[key][1] is item:
            stored.add(item.key)
        elif key in work.quarantined and work.refused[key].item is item:
            quarantined.add(item.key)
    read = len(batch.records)
    duplicates = read - len(stored) - len(quarantined) - bots
    counts = Counts(read, len(stored), duplicates, len(quarantined), bots)
    return Taken(counts, frozenset(stored), frozenset(quarantined), refused)


def _note(batches: Sequence[Batch], taken: Sequence[Taken]) -> None:
    """Add to the counters of each source's day and note that it was seen."""
    totals: dict[tuple[Sender, date], Counts] = {}
    for batch, result in zip(batches, taken, strict=True):
        at = batch.sender, day_of(batch.received_at, batch.sender.timezone)
        totals[at] = totals.get(at, Counts()) + result.counts
    moment = clock_now()
    with connection.cursor() as cursor:
        # In one order in every process, so that nobody waits in a circle.
        for (sender, day), counts in sorted(
            totals.items(), key=lambda entry: (entry[0][0].source_id, entry[0][1])
        ):
            cursor.execute(
                sql.COUNT_DAY,
                {
                    "id": uuid7(),
                    "workspace": sender.workspace_id,
                    "source": sender.source_id,
                    "day": day,
                    "received": counts.read,
                    "stored": counts.stored,
                    "duplicate": counts.duplicate,
                    "quarantined": counts.quarantined,
                    "bot": counts.bot,
                    "declined": 0,
                    "now": moment,
                },
            )
        cursor.execute(
            sql.SEEN,
            {
                "at": max(batch.received_at for batch in batches),
                "sources": sorted({batch.sender.source_id for batch in batches}),
            },
        )
