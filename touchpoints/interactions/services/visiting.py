"""Finds, begins and prolongs the visits of a batch; the rule stands in ``interactions.visits``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from touchpoints.catalogue.classification import CLICK_IDS, Origin, origin_of
from touchpoints.catalogue.sites import host_of
from touchpoints.interactions import visit_sql
from touchpoints.interactions.models import ZERO
from touchpoints.interactions.records import (
    CONTACTS,
    LONGEST_URL,
    PAGE_LEFT,
    PLACEMENT_VIEWED,
    WITHOUT_VISIT,
    Record,
    hash_id,
)
from touchpoints.interactions.services.adopting import lane_of
from touchpoints.interactions.services.rulebook import Arrival, Rulebook
from touchpoints.interactions.visits import LONGEST, LONGEST_NAMED, PAUSE, Sight, Stay, assign

_TAGS: Final = ("utm_", *(f"{name}=" for name in CLICK_IDS))
UNKNOWN: Final = Arrival()
Row = tuple[object, ...]


@dataclass(slots=True)
class Placed:
    """A record on its way in: what was found out about it so far.

    `actor` and `visit` are ZERO until they are known.
    """

    key: UUID
    record: Record
    source: UUID
    received_at: datetime
    place: UUID | None
    customer: UUID | None = None
    by_browser: bool = False
    actor: UUID = ZERO
    visit: UUID = ZERO
    arrival: Arrival = UNKNOWN


def give_visits(
    placed: Sequence[Placed],
    rulebook: Rulebook,
    *,
    workspace_id: UUID,
    batch: int,
) -> None:
    """Give each record its visit and how that came, and write what the visits learned.

    Call it under the workspace's lock. Three queries and one COPY, whatever the number. `batch`
    tells the rows of this call from others in the same transaction.
    """
    by_key = {entry.key: entry for entry in placed}
    sights = [_sight(entry) for entry in placed]
    known, arrivals = _known(workspace_id, sights)
    chosen, touched = assign(sights, known)
    fresh: list[tuple[Stay, Arrival]] = []
    for stay in touched:
        if stay.id in arrivals and stay.opener is None:
            arrival = arrivals[stay.id]
            if arrival.channel is None:
                arrival = _first_known(stay, by_key, rulebook, arrival)
        else:
            arrival = _first_known(stay, by_key, rulebook, UNKNOWN)
        fresh.append((stay, arrival))
        for sight in stay.sights:
            entry = by_key[sight.id]
            entry.visit, entry.arrival = stay.id, arrival
    for entry in placed:
        if entry.key not in chosen:
            entry.visit = entry.key
        if entry.record.event == PLACEMENT_VIEWED:
            # What was seen is this placement, whatever brought the visit around it.
            entry.arrival = rulebook.arrival(entry.record, entry.place, _origin(entry.record))
    direct = [stay for stay, how in fresh if stay.opener and rulebook.is_direct(how.channel)]
    returning = _seen_before(workspace_id, direct) | _seen_here(direct, touched)
    _write(
        workspace_id,
        batch,
        [
            _row(batch, stay, arrival, by_key, returning=stay.id in returning)
            for stay, arrival in fresh
        ],
    )


def _first_known(
    stay: Stay, by_key: Mapping[UUID, Placed], rulebook: Rulebook, fallback: Arrival
) -> Arrival:
    """Return how a visit came by the first of its contacts that says so."""
    for sight in stay.sights:
        entry = by_key[sight.id]
        arrival = rulebook.arrival(entry.record, entry.place, sight.origin)
        if arrival.channel is not None or arrival.campaign is not None:
            return arrival
    return fallback


def _sight(entry: Placed) -> Sight:
    record = entry.record
    begins = record.kind in CONTACTS and record.event not in WITHOUT_VISIT
    at = record.occurred_at
    if record.event == PAGE_LEFT and record.dwell_seconds:
        # It belongs to the visit in which the page was opened, however long it stayed open.
        at -= timedelta(seconds=record.dwell_seconds)
    named = bool(record.visit)
    if named:
        lane = hash_id("visit", record.visit)
    elif record.anonymous_id:
        lane = lane_of(record.anonymous_id)
    else:
        lane = entry.customer or entry.key
    entry.actor = entry.customer or lane
    origin = _origin(record) if begins else None
    tagged = origin is not None and (
        bool(record.campaign) or any(tag in record.url for tag in _TAGS)
    )
    return Sight(entry.key, lane, at, origin, tagged, named, begins)


def _origin(record: Record) -> Origin | None:
    """Return where a contact came from; None where nothing is known of that."""
    if not (record.url or record.referrer or record.campaign):
        return None
    return origin_of(url=record.url, referrer=record.referrer, campaign=record.campaign)


def _known(
    workspace_id: UUID, sights: Sequence[Sight]
) -> tuple[dict[UUID, list[Stay]], dict[UUID, Arrival]]:
    """Return the stored visits around the contacts by lane, and how each came."""
    spans: dict[UUID, tuple[datetime, datetime]] = {}
    for sight in sights:
        since = sight.at - (LONGEST_NAMED if sight.named else LONGEST)
        until = sight.at + PAUSE
        known = spans.get(sight.lane)
        spans[sight.lane] = (
            (min(known[0], since), max(known[1], until)) if known else (since, until)
        )
    if not spans:
        return {}, {}
    stays: dict[UUID, list[Stay]] = {}
    arrivals: dict[UUID, Arrival] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            visit_sql.KNOWN,
            {
                "workspace": workspace_id,
                "lane": list(spans),
                "since": [since for since, _ in spans.values()],
                "until": [until for _, until in spans.values()],
                # Bounds for the whole statement leave out the tables of other months.
                "first": min(since for since, _ in spans.values()),
                "last": max(until for _, until in spans.values()),
            },
        )
        for row in cursor.fetchall():
            stay_id, lane, started_at, last_at, has_origin, *words = row[:12]
            stays.setdefault(lane, []).append(
                Stay(
                    id=stay_id,
                    lane=lane,
                    started_at=started_at,
                    last_at=last_at,
                    origin=Origin(*words) if has_origin else None,
                )
            )
            arrivals[stay_id] = Arrival(*row[12:])
    return stays, arrivals


def _seen_before(workspace_id: UUID, stays: Sequence[Stay]) -> set[UUID]:
    """Return the visits whose visitor was here before."""
    if not stays:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            visit_sql.SEEN_BEFORE,
            {
                "workspace": workspace_id,
                "id": [stay.id for stay in stays],
                "lane": [stay.lane for stay in stays],
                "started_at": [stay.started_at for stay in stays],
            },
        )
        return {found for (found,) in cursor.fetchall()}


def _seen_here(stays: Sequence[Stay], touched: Sequence[Stay]) -> set[UUID]:
    """Return the visits before which this batch itself has one of the same visitor."""
    first: dict[UUID, datetime] = {}
    for stay in touched:
        first[stay.lane] = min(stay.started_at, first.get(stay.lane, stay.started_at))
    return {stay.id for stay in stays if first[stay.lane] < stay.started_at}


def _row(
    batch: int,
    stay: Stay,
    arrival: Arrival,
    by_key: Mapping[UUID, Placed],
    *,
    returning: bool,
) -> Row:
    """Return a visit as COPY writes it."""
    entries = [by_key[sight.id] for sight in stay.sights]
    agent = next((e.record.agent for e in entries if e.record.agent.browser), None)
    first = next((e.record for e in entries if e.record.url), None)
    origin = stay.origin or Origin()
    customer = next((e.customer for e in entries if e.customer is not None), None)
    return (
        batch,
        stay.started_at,
        stay.id,
        stay.last_at,
        stay.lane,
        customer or stay.lane,
        customer,
        entries[0].source,
        arrival.channel,
        arrival.version,
        stay.origin is not None,
        origin.source,
        origin.medium,
        origin.campaign,
        origin.term,
        origin.content,
        origin.campaign_id,
        origin.click_id,
        host_of(first.referrer)[:253] if first is not None else "",
        first.url[:LONGEST_URL] if first is not None else "",
        arrival.campaign,
        arrival.placement,
        returning,
        agent.browser[:40] if agent else "",
        agent.os[:40] if agent else "",
        agent.device if agent else "",
        stay.contacts,
    )


def _write(workspace_id: UUID, batch: int, rows: Sequence[Row]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(visit_sql.BATCH)
        with connection.wrap_database_errors, cursor.copy(visit_sql.COPY) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(visit_sql.UPSERT, {"workspace": workspace_id, "batch": batch})
