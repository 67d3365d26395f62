"""The one door for interactions: collector, importer, replay and demo come through it.

All of a batch is one transaction: rows, keys that make a message count once, quarantine, stale
days of the figures and the source's counters are there together or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import DataError, connection, transaction

from cxm.common.clock import day_of
from cxm.common.clock import now as clock_now
from cxm.common.ids import uuid7
from cxm.customers.keys import ANONYMOUS, anonymous_key
from cxm.customers.services import identify_many, resolve_many
from cxm.kpis.services import mark_stale
from touchpoints.catalogue.matching import Matcher
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions import sql
from touchpoints.interactions.models import Source
from touchpoints.interactions.partitions import ensure_partitions, month_of
from touchpoints.interactions.records import (
    CONTACTS,
    LATEST_AHEAD,
    LONGEST_ANONYMOUS,
    LONGEST_NAME,
    LONGEST_URL,
    Counts,
    Record,
    Refused,
    hash_id,
    id_at,
)

FEED: Final = "interactions"
LONGEST_RAW: Final = 64 * 1024
LONGEST_DETAIL: Final = 500

_batch_numbers = count(1)
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Sender:
    """What must be known of a source to take its records: ids and the days' time zone."""

    source_id: UUID
    workspace_id: UUID
    timezone: str

    @classmethod
    def of(cls, source: Source) -> Sender:
        """Return the sender that a source is; reads its workspace."""
        return cls(source.pk, source.workspace_id, source.workspace.timezone)


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that came together from one source."""

    sender: Sender
    records: Sequence[Record | Refused]
    received_at: datetime


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
    stored: set[UUID] = field(default_factory=set)
    quarantined: set[UUID] = field(default_factory=set)


def ingest(*, source: Source, records: Sequence[Record | Refused], received_at: datetime) -> Counts:
    """Take records in, inside the scope of the source's workspace; count what became of them."""
    return take([Batch(Sender.of(source), records, received_at)])[0].counts


@transaction.atomic
def take(batches: Sequence[Batch], *, counted: bool = True) -> list[Taken]:
    """Take batches of one workspace in, inside its scope; one answer for each batch, in order.

    `counted=False` leaves the sources' counters alone: for what was counted when it came.

    1. Refuse what lies ahead of its time; of records with the same key keep the first.
    2. Store the rest; where the database refuses a row, halve until that row is alone.
    3. Put what was refused into the quarantine, once.
    4. Note the stale days and count, last, since many processes count on the same rows.
    """
    work = _sort(batches)
    ensure_partitions({month_of(record.occurred_at) for _, record in work.records.values()})
    days = _store(work, list(work.records))
    work.quarantined = _quarantine(work.refused)
    mark_stale(FEED, days)
    taken = [_count(work, *entry) for entry in zip(batches, work.keys, strict=True)]
    if counted:
        _note(batches, taken)
    return taken


def _sort(batches: Sequence[Batch]) -> _Work:
    work = _Work()
    for batch in batches:
        latest = batch.received_at + LATEST_AHEAD
        keys = [hash_id(record.key) for record in batch.records]
        work.keys.append(keys)
        for key, record in zip(keys, batch.records, strict=True):
            if isinstance(record, Refused):
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
            return _store_all(work, keys)
    except DataError as error:
        if len(keys) == 1:
            batch, record = work.records[keys[0]]
            detail = str(error.__cause__ or error).partition("\n")[0]
            work.refused[keys[0]] = _refuse(batch, record, "refused_by_database", detail)
            return set()
    half = len(keys) // 2
    return _store(work, keys[:half]) | _store(work, keys[half:])


def _store_all(work: _Work, keys: Sequence[UUID]) -> set[date]:
    sender = work.records[keys[0]][0].sender
    matcher = Matcher(Touchpoint.objects.filter(workspace_id=sender.workspace_id))
    known: list[tuple[UUID, Batch, Record, UUID | None]] = []
    refused: dict[UUID, _Bad] = {}
    for key in keys:
        batch, record = work.records[key]
        if record.touchpoint:
            place = matcher.by_key(record.touchpoint)
            if place is None:
                detail = f"No touchpoint has the key “{record.touchpoint}”."
                refused[key] = _refuse(batch, record, "unknown_touchpoint", detail)
                continue
        else:
            place = matcher.match(event=record.event, url=record.url)
        known.append((key, batch, record, place))
    fresh = _claim(sender.workspace_id, [entry[0] for entry in known])
    new = [entry for entry in known if entry[0] in fresh]
    people = _find_people([entry[2] for entry in new], sender.workspace_id)
    zone = ZoneInfo(sender.timezone)
    days: set[date] = set()
    rows: list[Row] = []
    number = next(_batch_numbers) & 0x7FFFFFFF
    for key, batch, record, place in new:
        day = record.occurred_at.astimezone(zone).date()
        if record.kind in CONTACTS:
            days.add(day)
        who = people.get(record.key)
        row = make_row(number, key, batch, record, touchpoint=place, customer=who, day=day)
        rows.append(row)
    _copy(sender.workspace_id, number, rows)
    # Only now, when nothing can fail any more that would make us halve and come again.
    work.refused.update(refused)
    work.stored |= fresh
    return days


def _claim(workspace_id: UUID, keys: Sequence[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql.CLAIM, {"workspace": workspace_id, "key": list(keys)})
        return {key for (key,) in cursor.fetchall()}


def _find_people(records: Sequence[Record], workspace_id: UUID) -> dict[str, UUID]:
    """Return the customer of each record, by its key, where there is one.

    Records with an id of the customer find or make them; the anonymous find the customer whose
    browser it is known to be, and make nobody.
    """
    named = [(record.key, record.customer) for record in records if record.customer is not None]
    found: dict[str, UUID] = {}
    adopted: dict[str, UUID] = {}
    people = identify_many([facts for _, facts in named]) if named else []
    for (key, facts), person in zip(named, people, strict=True):
        found[key] = person.customer
        if person.status != "unchanged":
            browsers = [known for known in facts.keys if known.kind == ANONYMOUS]
            adopted |= {b.value: person.customer for b in browsers if b not in person.conflicts}
    if adopted:
        with connection.cursor() as cursor:
            cursor.execute(
                sql.ADOPT,
                {
                    "workspace": workspace_id,
                    "anonymous": list(adopted),
                    "customer": list(adopted.values()),
                },
            )
    anonymous = [record for record in records if record.customer is None and record.anonymous_id]
    if anonymous:
        names = {record.anonymous_id for record in anonymous}
        keys = {name: anonymous_key(name) for name in names}
        owners = resolve_many(set(keys.values()))
        if owners:
            for record in anonymous:
                owner = owners.get(keys[record.anonymous_id])
                if owner is not None:
                    found[record.key] = owner
    return found


def make_row(
    number: int,
    key: UUID,
    batch: Batch,
    record: Record,
    *,
    touchpoint: UUID | None,
    customer: UUID | None,
    day: date,
) -> Row:
    """Return a record as COPY writes it."""
    return (
        number,
        id_at(record.occurred_at),
        record.occurred_at,
        batch.received_at,
        batch.sender.source_id,
        record.kind,
        record.event[:LONGEST_NAME],
        record.name[:LONGEST_NAME],
        touchpoint,
        customer,
        record.anonymous_id[:LONGEST_ANONYMOUS],
        _visit(record, key, customer, day),
        record.quantity,
        record.dwell_seconds,
        record.dwell_method,
        record.value,
        record.currency[:3],
        record.url[:LONGEST_URL],
        _json(record.properties),
        _json(record.context),
    )


def _visit(record: Record, key: UUID, customer: UUID | None, day: date) -> UUID:
    """Return what the records of one visit share: its id, else the actor's day, else nothing."""
    if record.visit:
        return hash_id("visit", record.visit)
    if record.anonymous_id:
        return hash_id("anonymous", record.anonymous_id, day.isoformat())
    if customer is not None:
        return hash_id("customer", customer.hex, day.isoformat())
    return key


def _json(value: Mapping[str, object]) -> str:
    return msgspec.json.encode(value).decode() if value else "{}"


def _copy(workspace_id: UUID, number: int, rows: Sequence[Row]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.INBOX)
        # Django's cursor passes `copy` on to the driver's, whose errors it does not translate.
        with connection.wrap_database_errors, cursor.copy(sql.COPY) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.MOVE, {"workspace": workspace_id, "batch": number})


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
    for key, item in zip(keys, batch.records, strict=True):
        if key in work.stored and work.records[key][1] is item:
            stored.add(item.key)
        elif key in work.quarantined and work.refused[key].item is item:
            quarantined.add(item.key)
    read = len(batch.records)
    counts = Counts(read, len(stored), read - len(stored) - len(quarantined), len(quarantined))
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
