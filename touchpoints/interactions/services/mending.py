"""Mends what lies in the quarantine: one row by hand, a touchpoint, or all rows tried again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import F, Q

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.workspaces import audit
from cxm.workspaces.models import Membership, Workspace
from touchpoints.catalogue.models import Channel, Touchpoint
from touchpoints.interactions.models import OPEN_JOBS, JobStatus, Quarantined, Retry, Source
from touchpoints.interactions.records import Counts
from touchpoints.interactions.services.ingest import LONGEST_RAW
from touchpoints.interactions.services.quarantine import replay

# Tried again while somebody waits; more of them are work for later.
MOST_AT_ONCE: Final = 1000
AT_A_TIME: Final = 200
LEASE: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 5
LONGEST_NOTE: Final = 300


@transaction.atomic
def mend_row(*, workspace: Workspace, row: Quarantined, raw: str) -> Counts:
    """Change a row as it came and try it again at once; what came first is kept beside it.

    Raises:
        DomainError: the row does not wait any more ("not_waiting"), or the text is no JSON object
            ("not_json") or too long ("too_long").
    """
    try:
        content = json.loads(raw)
    except ValueError as error:
        raise DomainError(f"This is not valid JSON: {error}.", code="not_json") from error
    if not isinstance(content, dict):
        raise DomainError("Write one JSON object: { … }.", code="not_json")
    if len(raw.encode()) > LONGEST_RAW:
        raise DomainError("The row may have 64 KB.", code="too_long")
    found = _waiting(workspace).select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise DomainError("The row does not wait any more.", code="not_waiting")
    if json.loads(found.raw) != content:
        found.original = found.original or found.raw
        found.raw = json.dumps(content, ensure_ascii=False)
        found.save(update_fields=["raw", "original", "updated_at"])
        audit.record("mended", found, {"raw": ("", "")})
    return replay(workspace=workspace, ids=[found.pk])


@transaction.atomic
def make_missing_touchpoint(
    *, workspace: Workspace, key: str, name: str, channel: Channel
) -> Touchpoint:
    """Make the touchpoint that senders name and that there is not.

    Raises:
        DomainError: a touchpoint has the key already ("key_taken"), or the key cannot be one
            ("bad_key").
    """
    if Touchpoint.objects.for_workspace(workspace).filter(key=key).exists():
        raise DomainError(f"A touchpoint has the key “{key}” already.", code="key_taken")
    touchpoint = Touchpoint(workspace=workspace, key=key, name=name, channel=channel)
    try:
        touchpoint.clean_fields()
    except Exception as error:
        raise DomainError(
            f"“{key}” cannot be the key of a touchpoint; mend the rows or the sender.",
            code="bad_key",
        ) from error
    touchpoint.save()
    audit.record("added", touchpoint, {})
    return touchpoint


@transaction.atomic
def discard_rows(*, workspace: Workspace, ids: Iterable[UUID], note: str) -> int:
    """Put rows aside for good, with a note why, and say how many.

    They stay counted as quarantined: what was received still adds up.
    """
    return _discard(workspace, _waiting(workspace).filter(pk__in=list(ids)), note)


@transaction.atomic
def discard_reason(
    *, workspace: Workspace, reason: str, source: Source | None = None, note: str
) -> int:
    """Put all rows aside that wait for one reason."""
    return _discard(workspace, waiting_for(workspace, reason, source), note)


def _discard(workspace: Workspace, rows: models.QuerySet[Quarantined], note: str) -> int:
    text = " ".join(note.split())
    if not text:
        raise DomainError("Say why, so that somebody understands it later.", code="no_note")
    count = rows.update(
        outcome=Quarantined.Outcome.DISCARDED, note=text[:LONGEST_NOTE], updated_at=now()
    )
    if count:
        audit.record("discarded rows of", workspace, {"rows": (0, count)})
    return count


def waiting_for(
    workspace: Workspace, reason: str, source: Source | None = None
) -> models.QuerySet[Quarantined]:
    """Return the rows that wait for a reason, of one source or all."""
    rows: models.QuerySet[Quarantined] = _waiting(workspace).filter(reason=reason)
    return rows if source is None else rows.filter(source=source)


def _waiting(workspace: Workspace) -> Any:
    return Quarantined.objects.for_workspace(workspace).filter(outcome=Quarantined.Outcome.OPEN)


# --- all rows of a reason ---------------------------------------------------------------


@transaction.atomic
def retry_reason(
    *, workspace: Workspace, reason: str, source: Source | None, by: Membership | None
) -> Counts | Retry:
    """Try all rows again that wait for a reason: at once, or as work for later when many.

    Returns what became of them, or the work. One that is under way already is returned as it is.
    """
    rows = waiting_for(workspace, reason, source)
    total = rows.count()
    if total <= MOST_AT_ONCE:
        counts = replay(workspace=workspace, ids=rows.values_list("pk", flat=True))
        audit.record(
            "tried again rows of",
            workspace,
            {"stored": (0, counts.stored), "read": (0, counts.read)},
        )
        return counts
    running = (
        Retry.objects.for_workspace(workspace).filter(reason=reason, status__in=OPEN_JOBS).first()
    )
    if running is not None:
        return running
    return Retry.objects.create(
        workspace=workspace, reason=reason, source=source, asked_by=by, total=total
    )


def retry_due(*, workspace: Workspace, seconds: float = 20.0) -> int:
    """Go on with what is to be tried again, unless somebody else does; return how many rows."""
    ends = time.monotonic() + seconds
    tried = 0
    for job in list(Retry.objects.for_workspace(workspace).filter(status__in=OPEN_JOBS)):
        lease = _claim(job)
        if lease is None:
            continue
        try:
            while moved := _some(workspace, job, lease):
                tried += moved
                if time.monotonic() >= ends:
                    _update(job, lease, leased_until=None)
                    return tried
        except Exception as error:
            _fail(job, lease, error)
            raise
        _update(job, lease, status=JobStatus.DONE, finished_at=now(), leased_until=None)
    return tried


def _claim(job: Retry) -> UUID | None:
    """Take the work, unless somebody holds it; whoever died lets go after a minute."""
    lease = uuid4()
    free = Q(leased_until=None) | Q(leased_until__lt=now())
    taken = (
        Retry.objects.filter(pk=job.pk, status__in=OPEN_JOBS)
        .filter(free)
        .update(
            status=JobStatus.RUNNING,
            lease=lease,
            leased_until=now() + LEASE,
            attempts=F("attempts") + 1,
        )
    )
    return lease if taken else None


@transaction.atomic
def _some(workspace: Workspace, job: Retry, lease: UUID) -> int:
    """Try some rows and move on, in one transaction; 0 at the end or when the work was lost."""
    held = Retry.objects.select_for_update().filter(pk=job.pk, lease=lease).first()
    if held is None:
        return 0
    rows = waiting_for(workspace, held.reason, held.source).order_by("pk")
    if held.cursor is not None:
        rows = rows.filter(pk__gt=held.cursor)
    # Rows that come while this runs are not its own.
    rows = rows.filter(created_at__lte=held.created_at)
    ids = list(rows.values_list("pk", flat=True)[:AT_A_TIME])
    if not ids:
        return 0
    counts = replay(workspace=workspace, ids=ids)
    _update(
        held,
        lease,
        cursor=ids[-1],
        done=F("done") + len(ids),
        stored=F("stored") + counts.stored,
        duplicate=F("duplicate") + counts.duplicate,
        refused=F("refused") + counts.quarantined,
        leased_until=now() + LEASE,
        attempts=0,
    )
    return len(ids)


def _update(job: Retry, lease: UUID, **changes: Any) -> None:
    Retry.objects.filter(pk=job.pk, lease=lease).update(updated_at=now(), **changes)


def _fail(job: Retry, lease: UUID, error: Exception) -> None:
    """Let go; what failed too often ends with its error."""
    held = Retry.objects.filter(pk=job.pk, lease=lease).first()
    if held is None:
        return
    if held.attempts >= MOST_ATTEMPTS:
        _update(job, lease, status=JobStatus.FAILED, error=str(error)[:500], finished_at=now())
    else:
        _update(job, lease, leased_until=now() + LEASE, error=str(error)[:500])
