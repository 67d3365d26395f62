"""History, gone through with the rules of today: asked for, done day by day, cancelled.

A day is one transaction under the workspace's lock: the rows that the rules decide anew, the sums
of the day, the day's figures marked stale, and how far the run is. So a day is done or it is not,
doing it again changes nothing, and what comes in meanwhile waits for one day at most.
"""

from __future__ import annotations

import logging
import time as clocks
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q
from msgspec.json import decode

from cxm.api.errors import DomainError
from cxm.common.clock import day_of, now
from cxm.kpis.services import mark_stale
from cxm.workspaces.models import Membership, Workspace
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions import sql
from touchpoints.interactions.models import Interaction, Reassignment
from touchpoints.interactions.recent import contact_of, source_names
from touchpoints.interactions.services.rollups import rebuild_days
from touchpoints.interactions.services.rulebook import Rulebook

logger = logging.getLogger(__name__)

FEED: Final = "interactions"
# Renewed while rows are read; a long one while a day is written, which is one transaction.
LEASE: Final = timedelta(seconds=60)
LEASE_TO_WRITE: Final = timedelta(minutes=5)
AT_A_TIME: Final = 10_000
MOST_ATTEMPTS: Final = 5
LONGEST_ERROR: Final = 500
OPEN: Final = (Reassignment.Status.QUEUED, Reassignment.Status.RUNNING)

_ROWS: Final = """
SELECT id, occurred_at, kind, event, url, source_id, touchpoint_id, properties,
    context -> 'campaign', coalesce(context ->> 'placement', '')
FROM interactions_interaction
WHERE workspace_id = %(workspace)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
    AND NOT named AND (occurred_at, id) > (%(after_at)s, %(after_id)s)
ORDER BY occurred_at, id LIMIT %(limit)s
"""
_FIRST: Final = UUID(int=0)

# Only rows that are still as they were read: what changed since was decided by the same rules.
_MOVE: Final = """
UPDATE interactions_interaction AS row SET touchpoint_id = new.touchpoint
FROM unnest(%(id)s::uuid[], %(at)s::timestamptz[], %(old)s::uuid[], %(new)s::uuid[])
    AS new (id, at, old, touchpoint)
WHERE row.workspace_id = %(workspace)s AND row.occurred_at >= %(start)s
    AND row.occurred_at < %(end)s AND row.occurred_at = new.at AND row.id = new.id
    AND row.touchpoint_id IS NOT DISTINCT FROM new.old
"""


@dataclass(slots=True)
class _Moves:
    """The rows of a day that belong elsewhere now, and how many were looked at."""

    seen: int = 0
    ids: list[UUID] = field(default_factory=list)
    at: list[datetime] = field(default_factory=list)
    old: list[UUID | None] = field(default_factory=list)
    new: list[UUID | None] = field(default_factory=list)


class _LeaseLostError(Exception):
    """Somebody else goes on with the run, or it was cancelled."""


@transaction.atomic
def start_reassignment(
    *,
    workspace: Workspace,
    days: int | None,
    by: Membership | None = None,
    kind: str = Reassignment.Kind.RULES,
) -> Reassignment:
    """Ask for a run over the last days, None for everything.

    A run of this kind that is not finished ends, since the rules or goals may have changed under
    it; the new one covers its days too.

    Raises:
        DomainError: the number of days is not positive (code "invalid_days").
    """
    if days is not None and days < 1:
        raise DomainError("Choose at least one day.", code="invalid_days")
    today = day_of(now(), workspace.timezone)
    # Clocks of senders run ahead by a day or two.
    last = today + timedelta(days=2)
    first = None if days is None else today - timedelta(days=days - 1)
    before = (
        Reassignment.objects.for_workspace(workspace)
        .select_for_update()
        .filter(status__in=OPEN, kind=kind)
        .first()
    )
    if before is not None:
        _end(before, Reassignment.Status.CANCELLED)
        if first is not None:
            first = None if before.from_day is None else min(first, before.from_day)
    return Reassignment.objects.create(
        workspace=workspace, kind=kind, asked_by=by, from_day=first, to_day=last
    )


@transaction.atomic
def cancel_reassignment(*, run: Reassignment) -> Reassignment:
    """Stop a run; the days that are done stay done."""
    found = Reassignment.objects.select_for_update().get(pk=run.pk)
    if found.is_open:
        _end(found, Reassignment.Status.CANCELLED)
    return found


def reassign_due(*, workspace: Workspace, seconds: float = 20.0) -> Reassignment | None:
    """Go on with the workspace's run for a while, unless somebody else does; return it."""
    run = _claim(workspace)
    if run is None:
        return None
    ends = clocks.monotonic() + seconds
    try:
        _count(run, workspace)
        while _one_day(run, workspace):
            if clocks.monotonic() >= ends:
                _release(run)
                break
    except _LeaseLostError:
        logger.info("Re-assignment %s goes on elsewhere or was cancelled", run.pk)
    except Exception as error:
        if not connection.is_usable():
            raise
        logger.exception("Re-assignment %s stopped", run.pk)
        _fail(run, error)
    run.refresh_from_db()
    return run


def _claim(workspace: Workspace) -> Reassignment | None:
    """Take the lease of the run that is due, None where there is none or somebody holds it."""
    moment, lease = now(), uuid4()
    due = Reassignment.objects.for_workspace(workspace).filter(
        Q(leased_until=None) | Q(leased_until__lt=moment), status__in=OPEN
    )
    # Runs of both kinds may wait: the one asked for first comes first.
    oldest = due.order_by("created_at", "pk").values_list("pk", flat=True).first()
    if oldest is None:
        return None
    taken = due.filter(pk=oldest).update(
        status=Reassignment.Status.RUNNING, lease=lease, leased_until=moment + LEASE
    )
    if not taken:
        return None
    run = Reassignment.objects.for_workspace(workspace).get(lease=lease)
    if run.started_at is None:
        run.started_at = moment
        run.save(update_fields=["started_at", "updated_at"])
    return run


def _count(run: Reassignment, workspace: Workspace) -> None:
    """Count what there is to look at, once, so that progress can be told."""
    if run.total is not None:
        return
    rows = Interaction.objects.for_workspace(workspace).filter(
        occurred_at__lt=_begin(workspace, run.to_day + timedelta(days=1))
    )
    if run.kind == Reassignment.Kind.RULES:
        rows = rows.filter(named=False)
    if run.from_day is not None:
        rows = rows.filter(occurred_at__gte=_begin(workspace, run.from_day))
    run.total = rows.count()
    _mine(run).update(total=run.total)
    _hold(run, LEASE)


def _one_day(run: Reassignment, workspace: Workspace) -> bool:
    """Do the newest day that is not done; say whether there may be another one.

    The rows are read and matched first, under no lock; what is left under the lock is short.
    """
    day = _next_day(run, workspace)
    if day is None:
        with transaction.atomic():
            _end(_locked(run), Reassignment.Status.DONE)
        return False
    bounds = {
        "workspace": workspace.pk,
        "start": _begin(workspace, day),
        "end": _begin(workspace, day + timedelta(days=1)),
    }
    by_rules = run.kind == Reassignment.Kind.RULES
    moves = _read(run, workspace, bounds) if by_rules else _only_count(run, bounds)
    with transaction.atomic():
        # Before any row: in the order in which ingestion takes its locks.
        with connection.cursor() as cursor:
            cursor.execute(sql.LOCK, {"workspace": str(workspace.pk)})
        held = _locked(run)
        changed = _write(moves, bounds)
        if changed or not by_rules:
            rebuild_days(workspace_id=workspace.pk, timezone=workspace.timezone, days=[day])
            mark_stale(FEED, [day])
        held.done += moves.seen
        held.changed += changed
        held.cursor = day - timedelta(days=1)
        held.leased_until = now() + LEASE
        held.attempts = 0
        held.error = ""
        held.save()
    run.cursor = held.cursor
    return True


def _next_day(run: Reassignment, workspace: Workspace) -> date | None:
    """Return the newest day with interactions that is not done."""
    rows = Interaction.objects.for_workspace(workspace).filter(
        occurred_at__lt=_begin(workspace, (run.cursor or run.to_day) + timedelta(days=1))
    )
    if run.from_day is not None:
        rows = rows.filter(occurred_at__gte=_begin(workspace, run.from_day))
    newest = rows.order_by("-occurred_at", "-id").values_list("occurred_at", flat=True).first()
    return None if newest is None else day_of(newest, workspace.timezone)


def _only_count(run: Reassignment, bounds: dict[str, Any]) -> _Moves:
    """Return a day on which nothing moves: its sums alone are worked out again."""
    rows = Interaction.objects.filter(
        workspace_id=bounds["workspace"],
        occurred_at__gte=bounds["start"],
        occurred_at__lt=bounds["end"],
    )
    _hold(run, LEASE_TO_WRITE)
    return _Moves(seen=rows.count())


def _read(run: Reassignment, workspace: Workspace, bounds: dict[str, Any]) -> _Moves:
    """Return what of a day belongs elsewhere by the rules of today."""
    rulebook = Rulebook(workspace.pk)
    names = source_names(workspace.pk)
    retired = set(
        Touchpoint.objects.for_workspace(workspace)
        .filter(status=Touchpoint.Status.RETIRED)
        .values_list("pk", flat=True)
    )
    moves = _Moves()
    after: tuple[datetime, UUID] = (bounds["start"], _FIRST)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                _ROWS,
                {**bounds, "after_at": after[0], "after_id": after[1], "limit": AT_A_TIME},
            )
            rows = cursor.fetchall()
        _match(rows, rulebook, names, retired, moves)
        is_last = len(rows) < AT_A_TIME
        _hold(run, LEASE_TO_WRITE if is_last else LEASE)
        if is_last:
            return moves
        after = rows[-1][1], rows[-1][0]


def _match(
    rows: Sequence[Sequence[Any]],
    rulebook: Rulebook,
    names: dict[UUID, str],
    retired: set[UUID],
    moves: _Moves,
) -> None:
    moves.seen += len(rows)
    needs_properties = rulebook.touchpoints.needs_properties
    for row_id, at, kind, event, url, source, before, properties, campaign, code in rows:
        place = rulebook.place_of_code(code) if code else None
        if place is None:
            place = rulebook.touchpoints.match(
                contact_of(
                    kind=kind,
                    event=event,
                    url=url,
                    source=names.get(source, ""),
                    properties=decode(properties) if needs_properties else {},
                    campaign=decode(campaign) if campaign else None,
                )
            )
        # What an archived touchpoint has stays with it unless another one claims it.
        if place == before or (place is None and before in retired):
            continue
        moves.ids.append(row_id)
        moves.at.append(at)
        moves.old.append(before)
        moves.new.append(place)


def _write(moves: _Moves, bounds: dict[str, Any]) -> int:
    changed = 0
    with connection.cursor() as cursor:
        for first in range(0, len(moves.ids), AT_A_TIME):
            part = slice(first, first + AT_A_TIME)
            cursor.execute(
                _MOVE,
                {
                    **bounds,
                    "id": moves.ids[part],
                    "at": moves.at[part],
                    "old": moves.old[part],
                    "new": moves.new[part],
                },
            )
            changed += cursor.rowcount
    return changed


def _begin(workspace: Workspace, day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(workspace.timezone))


def _mine(run: Reassignment) -> Any:
    return Reassignment.objects.filter(
        pk=run.pk, lease=run.lease, status=Reassignment.Status.RUNNING
    )


def _locked(run: Reassignment) -> Reassignment:
    """Return the run, locked, if it is still ours.

    Raises:
        _LeaseLostError: it is not.
    """
    found: Reassignment | None = _mine(run).select_for_update().first()
    if found is None:
        raise _LeaseLostError
    return found


def _hold(run: Reassignment, lease: timedelta) -> None:
    """Renew the lease.

    Raises:
        _LeaseLostError: it is not ours any more.
    """
    if not _mine(run).update(leased_until=now() + lease):
        raise _LeaseLostError


def _release(run: Reassignment) -> None:
    _mine(run).update(leased_until=None)


def _end(run: Reassignment, status: str) -> None:
    run.status = status
    run.finished_at = now()
    run.leased_until = None
    run.lease = None
    run.save()


def _fail(run: Reassignment, error: Exception) -> None:
    """Note what went wrong; after some attempts without a day done, the run ends."""
    with transaction.atomic():
        held = _mine(run).select_for_update().first()
        if held is None:
            return
        held.attempts += 1
        held.error = (str(error) or type(error).__name__)[:LONGEST_ERROR].replace("\x00", "")
        if held.attempts >= MOST_ATTEMPTS:
            _end(held, Reassignment.Status.FAILED)
        else:
            # Another try, a little later each time.
            held.leased_until = now() + timedelta(seconds=10 * held.attempts)
            held.save()
