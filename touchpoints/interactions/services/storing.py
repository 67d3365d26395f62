"""Stores records: finds out whose they are, where they happened, and to which visit they belong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import connection

from cxm.customers.keys import ANONYMOUS, anonymous_key
from cxm.customers.services import identify_many, resolve_many
from touchpoints.interactions import sql
from touchpoints.interactions.records import (
    CONTACTS,
    LONGEST_ANONYMOUS,
    LONGEST_NAME,
    LONGEST_URL,
    Record,
    Refused,
    id_at,
)
from touchpoints.interactions.segment import DAY_VISITOR
from touchpoints.interactions.services.adopting import adopt
from touchpoints.interactions.services.rollups import add_batch
from touchpoints.interactions.services.rulebook import Rulebook
from touchpoints.interactions.services.sources import Sender
from touchpoints.interactions.services.visiting import Placed, give_visits

_batch_numbers = count(1)
_encode: Final = msgspec.json.Encoder().encode
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that came together from one source."""

    sender: Sender
    records: Sequence[Record | Refused]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of records that were to be stored.

    Attributes:
        fresh: keys of those that are new; the others were here before.
        nowhere: keys of those whose sender names a touchpoint that there is not.
        days: on which something is new, in the workspace's time zone.
    """

    fresh: set[UUID]
    nowhere: list[UUID]
    days: set[date]


def store(entries: Sequence[tuple[UUID, Batch, Record]]) -> Stored:
    """Store records of one workspace, each with its hashed key, under the workspace's lock.

    1. Find the touchpoint of each.
    2. Claim the keys; what is claimed already was here before.
    3. Find or make the customers.
    4. Find or begin the visits, with channel and campaign.
    5. Copy the rows, reach the goals, and add everything to the sums of the days.
    """
    sender = entries[0][1].sender
    workspace_id = sender.workspace_id
    rulebook = Rulebook(workspace_id)
    places, nowhere = _places(entries, rulebook)
    fresh = _claim(workspace_id, [key for key, _, _ in entries if key in places])
    new = [entry for entry in entries if entry[0] in fresh]
    if not new:
        return Stored(fresh, nowhere, set())
    people, by_browser = _find_people([record for _, _, record in new], workspace_id)
    number = next(_batch_numbers) & 0x7FFFFFFF
    placed = {
        key: Placed(
            key,
            record,
            batch.sender.source_id,
            batch.received_at,
            places[key],
            customer=people.get(record.key),
            by_browser=record.key in by_browser,
        )
        for key, batch, record in new
    }
    give_visits(
        list(placed.values()),
        rulebook,
        workspace_id=workspace_id,
        batch=number,
    )
    zone = ZoneInfo(sender.timezone)
    days: set[date] = set()
    rows: list[Row] = []
    contacts: list[tuple[UUID, date, Placed]] = []
    # What a browser says in one moment keeps its order: identify, then what followed.
    said_then: Counter[datetime] = Counter()
    for key, batch, record in new:
        day = record.occurred_at.astimezone(zone).date()
        row_id = id_at(record.occurred_at, said_then[record.occurred_at])
        said_then[record.occurred_at] += 1
        if record.kind in CONTACTS:
            days.add(day)
            contacts.append((row_id, day, placed[key]))
        rows.append(make_row(number, row_id, batch, placed[key], day))
    _copy(workspace_id, number, rows)
    add_batch(workspace_id=workspace_id, batch=number, rulebook=rulebook, contacts=contacts)
    return Stored(fresh, nowhere, days)


def _places(
    entries: Sequence[tuple[UUID, Batch, Record]], rulebook: Rulebook
) -> tuple[dict[UUID, UUID | None], list[UUID]]:
    """Return the touchpoint of each record by key, and the keys that name one that is not there."""
    places: dict[UUID, UUID | None] = {}
    nowhere: list[UUID] = []
    for key, batch, record in entries:
        if not record.touchpoint:
            place = rulebook.place_of_code(record.code) if record.code else None
            places[key] = place or rulebook.place_of(record, batch.sender.name)
            continue
        named = rulebook.touchpoints.by_key(record.touchpoint)
        if named is None:
            nowhere.append(key)
        else:
            places[key] = named
    return places, nowhere


def _claim(workspace_id: UUID, keys: Sequence[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql.CLAIM, {"workspace": workspace_id, "key": list(keys)})
        return {key for (key,) in cursor.fetchall()}


def _find_people(records: Sequence[Record], workspace_id: UUID) -> tuple[dict[str, UUID], set[str]]:
    """Return the customer of each record, by its key, and which are known by the browser alone.

    Records with an id of the customer find or make them; the anonymous find the customer whose
    browser it is known to be, and make nobody.
    """
    named = [(record.key, record.customer) for record in records if record.customer is not None]
    found: dict[str, UUID] = {}
    adopted: dict[str, UUID] = {}
    people = identify_many([facts for _, facts in named]) if named else []
    for (key, facts), person in zip(named, people, strict=True):
        if person.customer is None:
            # Nothing but browsers that several people share: nobody.
            continue
        found[key] = person.customer
        if person.status != "unchanged":
            known_by = (*facts.keys, *facts.aliases)
            browsers = [known for known in known_by if known.kind == ANONYMOUS]
            adopted |= {b.value: person.customer for b in browsers if b not in person.conflicts}
    adopt(workspace_id=workspace_id, browsers=adopted)
    anonymous = [r for r in records if r.customer is None and _is_browser(r.anonymous_id)]
    by_browser: set[str] = set()
    owners = _owners({record.anonymous_id for record in anonymous})
    for record in anonymous if owners else ():
        owner = owners.get(record.anonymous_id)
        if owner is not None:
            found[record.key] = owner
            by_browser.add(record.key)
    return found, by_browser


def _is_browser(anonymous_id: str) -> bool:
    # The day's name of a visitor without consent leads to nobody.
    return bool(anonymous_id) and not anonymous_id.startswith(DAY_VISITOR)


def _owners(names: Iterable[str]) -> Mapping[str, UUID]:
    """Return the customers to whom browsers are known to belong, by the browsers' ids."""
    keys = {name: anonymous_key(name) for name in names}
    if not keys:
        return {}
    owners = resolve_many(set(keys.values()))
    return {name: owners[key] for name, key in keys.items() if key in owners}


def make_row(number: int, row_id: UUID, batch: Batch, placed: Placed, day: date) -> Row:
    """Return a record as COPY writes it."""
    record, arrival = placed.record, placed.arrival
    return (
        number,
        row_id,
        record.occurred_at,
        batch.received_at,
        batch.sender.source_id,
        record.kind,
        record.event[:LONGEST_NAME],
        record.name[:LONGEST_NAME],
        placed.place,
        bool(record.touchpoint),
        placed.customer,
        placed.by_browser,
        record.anonymous_id[:LONGEST_ANONYMOUS],
        placed.actor,
        placed.visit,
        arrival.channel,
        arrival.version,
        arrival.campaign,
        arrival.placement,
        record.quantity,
        record.dwell_seconds,
        record.dwell_method,
        record.value,
        record.currency[:3],
        record.url[:LONGEST_URL],
        _json(record.properties),
        _json(record.context),
        day,
    )


def _json(value: Mapping[str, object]) -> str:
    return _encode(value).decode() if value else "{}"


def _copy(workspace_id: UUID, number: int, rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.BATCH)
        # Django's cursor passes `copy` on to the driver's, whose errors it does not translate.
        with connection.wrap_database_errors, cursor.copy(sql.COPY) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.MOVE, {"workspace": workspace_id, "batch": number})
