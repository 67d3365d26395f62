"""The inbox: where bodies wait, committed, until they are sorted in.

The collector copies them in; whoever in this program has events of its own puts them in by
`put_events`. The drain takes them out again in the order in which they came, workspace by
workspace, and each goes through the same door as everything else (`take`).
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction

from cxm.common.clock import day_of, now
from cxm.common.ids import uuid7
from cxm.common.scope import workspace_scope
from cxm.customers.matching import Json
from touchpoints.interactions import sql
from touchpoints.interactions.models import Source
from touchpoints.interactions.records import Record, Refused
from touchpoints.interactions.segment import BATCH, ORIGIN, BadCallError, Caller, read_call
from touchpoints.interactions.services.ingest import take
from touchpoints.interactions.services.sources import Sender
from touchpoints.interactions.services.storing import Batch

logger = logging.getLogger(__name__)

# Events sorted in by one transaction: enough for bulk to pay, few enough to be seen soon.
EVENTS_AT_A_TIME: Final = 5000
# Bodies that are read for it at most, since each may hold one event only.
BODIES_AT_A_TIME: Final = 5000


@dataclass(frozen=True, slots=True)
class Body:
    """A waiting body."""

    id: UUID
    source_id: UUID
    received_at: datetime
    call: str
    events: int
    declined: bool
    visitor: str
    agent: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Drained:
    """What a run took out of the inbox; `busy`: another run was at work on some workspace."""

    bodies: int = 0
    events: int = 0
    busy: bool = False


def put_events(
    *,
    source: Source,
    events: Sequence[Mapping[str, Json]],
    received_at: datetime,
    user_agent: str = "",
    visitor: str = "",
    declined: bool = False,
) -> None:
    """Put Segment-shaped events into the inbox, by one INSERT.

    Args:
        events: as in a batch of the Segment API, each with its `type`.
        user_agent: of the request that caused them; says whether it was a bot.
        visitor: names who has neither userId nor anonymousId, for this day.
        declined: the person does not want to be tracked: they are counted, and not kept.
    """
    body = b"" if declined else msgspec.json.encode({"batch": list(events)})
    with connection.cursor() as cursor:
        cursor.execute(
            sql.PUT,
            {
                "workspace": source.workspace_id,
                "id": uuid7(),
                "source": source.pk,
                "received_at": received_at,
                "call": BATCH,
                "events": len(events),
                "declined": declined,
                "visitor": visitor[:40],
                "agent": user_agent.replace("\x00", "")[:512],
                "body": body,
            },
        )


def waiting_events(workspace_id: UUID) -> int:
    """Return how many events of a workspace wait to be sorted in."""
    with connection.cursor() as cursor:
        cursor.execute(sql.WAITING, {"workspace": workspace_id})
        return int(cursor.fetchone()[0])


def drain(*, seconds: float = 20.0) -> Drained:
    """Sort in what waits until nothing does or the time is over; say what was done.

    Runs outside of any scope and transaction. A workspace on which another run is at work is
    left to that one.
    """
    deadline = time.monotonic() + seconds
    bodies = events = 0
    busy = False
    while True:
        workspaces = _workspaces()
        # No workspace is the first at each turn.
        random.shuffle(workspaces)
        moved = 0
        for workspace_id in workspaces:
            with workspace_scope(workspace_id):
                done = _drain_some(workspace_id)
            if done is None:
                busy = True
                continue
            moved += done[0]
            bodies += done[0]
            events += done[1]
            if time.monotonic() >= deadline:
                return Drained(bodies, events, busy)
        if not moved:
            return Drained(bodies, events, busy)


def _workspaces() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql.WAITING_WORKSPACES)
        return [workspace for (workspace,) in cursor.fetchall()]


def _drain_some(workspace_id: UUID) -> tuple[int, int] | None:
    """Sort in the oldest bodies of a workspace; None while somebody else does.

    When something unforeseen goes wrong, each body is tried alone, and of the one that fails each
    event: what fails then goes into the quarantine as it came. One bad event costs no other.
    """
    try:
        return _move(workspace_id, BODIES_AT_A_TIME, EVENTS_AT_A_TIME)
    except Exception:
        if not connection.is_usable():
            raise
        logger.exception("Bodies of workspace %s could not be sorted in", workspace_id)
        return _one_by_one(workspace_id)


def _one_by_one(workspace_id: UUID) -> tuple[int, int] | None:
    moved = events = 0
    for _ in range(BODIES_AT_A_TIME):
        try:
            done = _move(workspace_id, 1, 1)
        except Exception:
            if not connection.is_usable():
                raise
            done = _move(workspace_id, 1, 1, apart=True)
            if done is None or not done[0]:
                return done
            # That was the bad one: the next may go together again.
            return moved + 1, events + done[1]
        if done is None:
            return None if not moved else (moved, events)
        if not done[0]:
            break
        moved += done[0]
        events += done[1]
    return moved, events


@transaction.atomic
def _move(
    workspace_id: UUID, most_bodies: int, most_events: int, *, apart: bool = False
) -> tuple[int, int] | None:
    """Move bodies from the inbox to the interactions in one transaction.

    `apart`: each event for itself; one that fails goes into the quarantine.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.TRY_LOCK, {"workspace": str(workspace_id)})
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(
            sql.TAKE_OUT,
            {"workspace": workspace_id, "bodies": most_bodies, "events": most_events},
        )
        bodies = [Body(*row) for row in cursor.fetchall()]
    if not bodies:
        return 0, 0
    found = Source.objects.filter(pk__in={body.source_id for body in bodies})
    sources = list(found.select_related("workspace"))
    senders = {source.pk: Sender.of(source) for source in sources}
    public = {source.pk for source in sources if source.kind == Source.Kind.WEB}
    batches = [
        Batch(
            senders[body.source_id],
            _records(body, public=body.source_id in public),
            body.received_at,
        )
        for body in bodies
        if not body.declined and body.source_id in senders
    ]
    if apart:
        for batch in batches:
            for record in batch.records:
                _take_alone(replace(batch, records=[record]), record)
    else:
        take(batches)
    _note_declined([body for body in bodies if body.declined], senders)
    return len(bodies), sum(body.events for body in bodies)


def _take_alone(batch: Batch, record: Record | Refused) -> None:
    """Take the one record of a batch in, or refuse it with what went wrong."""
    try:
        with transaction.atomic():
            take([batch])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("An event could not be sorted in")
        detail = str(error) or type(error).__name__
        failed = Refused(record.key, "failed", detail, record.raw, record.origin)
        try:
            with transaction.atomic():
                take([replace(batch, records=[failed])])
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # Not even what came can be kept as it is.
            take([replace(batch, records=[replace(failed, raw={"text": ascii(failed.raw)})])])


def _records(body: Body, *, public: bool) -> Sequence[Record | Refused]:
    request = body.id.hex
    try:
        return read_call(
            body.content,
            body.call,
            body.received_at,
            caller=Caller(body.visitor, body.agent, public),
            request=request,
        )
    except BadCallError as error:
        return [_whole(body, error.code, error.message)]


def _whole(body: Body, reason: str, detail: str) -> Refused:
    """Return a body as one thing that is refused."""
    raw = {"body": body.content.decode("utf-8", "replace"), "call": body.call}
    return Refused(f"body:{body.id.hex}", reason, detail, raw, ORIGIN)


def _note_declined(bodies: Sequence[Body], senders: Mapping[UUID, Sender]) -> None:
    """Count who asked not to be tracked; nothing else of them is left."""
    counts: dict[tuple[UUID, date], int] = {}
    for body in bodies:
        sender = senders.get(body.source_id)
        if sender is not None:
            at = body.source_id, day_of(body.received_at, sender.timezone)
            counts[at] = counts.get(at, 0) + body.events
    with connection.cursor() as cursor:
        for (source_id, day), declined in sorted(counts.items()):
            cursor.execute(
                sql.COUNT_DAY,
                {
                    "id": uuid7(),
                    "workspace": senders[source_id].workspace_id,
                    "source": source_id,
                    "day": day,
                    "received": 0,
                    "stored": 0,
                    "duplicate": 0,
                    "quarantined": 0,
                    "bot": 0,
                    "declined": declined,
                    "now": now(),
                },
            )
