"""Daily tallies: made by the registered metrics, compared with what is stored, replaced in sets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from uuid import UUID

from django.db import connection

from cxm.kpis.models import DailyTally
from cxm.kpis.registry import Key, Metric, Tally

# Days worked out at a time: bounds what is held in memory, whatever the length of an import.
_CHUNK_DAYS = 62
_MICRO = Decimal("0.000001")
_WIDE = Context(prec=60)

Sums = tuple[int, int, int, Decimal, Decimal]

# Rows travel as one JSON text: quoting the elements of arrays takes longer than the insert.
_STORE = """
INSERT INTO kpis_dailytally (workspace_id, metric, subject_kind, subject_id, dimension,
                             dimension_value, day, n, successes, failures, total, total_sq)
SELECT %s, r->>0, r->>1, (r->>2)::uuid, r->>3, r->>4, (r->>5)::date, (r->>6)::bigint,
       (r->>7)::bigint, (r->>8)::bigint, (r->>9)::numeric, (r->>10)::numeric
FROM jsonb_array_elements(%s::jsonb) AS r
ON CONFLICT (workspace_id, metric, subject_kind, subject_id, dimension, dimension_value, day)
DO UPDATE SET n = excluded.n, successes = excluded.successes, failures = excluded.failures,
              total = excluded.total, total_sq = excluded.total_sq
"""

_REMOVE = """
DELETE FROM kpis_dailytally t
USING jsonb_array_elements(%s::jsonb) AS r
WHERE t.workspace_id = %s AND t.metric = r->>0 AND t.subject_kind = r->>1
  AND t.subject_id = (r->>2)::uuid AND t.dimension = r->>3 AND t.dimension_value = r->>4
  AND t.day = (r->>5)::date
"""


class BadTallyError(ValueError):
    """A metric returned a tally that cannot be true; names the metric."""


@dataclass(slots=True)
class Refreshed:
    """What a refresh changed: the keys with other tallies than before, and how many rows."""

    keys: set[Key] = field(default_factory=set)
    rows: int = 0


def refresh(*, workspace_id: UUID, entries: Sequence[Metric], days: set[date]) -> Refreshed:
    """Work out the tallies of some days again and make the stored ones equal to them.

    Runs inside the caller's transaction and workspace scope. Raises BadTallyError.
    """
    done = Refreshed()
    for chunk in _chunks(sorted(days)):
        fresh = _worked_out(entries, chunk)
        stored = _stored(workspace_id, entries, chunk)
        changed = {at: sums for at, sums in fresh.items() if stored.get(at) != sums}
        gone = [at for at in stored if at not in fresh]
        _store(workspace_id, changed)
        _remove(workspace_id, gone)
        done.keys.update(key for key, _ in changed)
        done.keys.update(key for key, _ in gone)
        done.rows += len(changed) + len(gone)
    return done


def _chunks(days: list[date]) -> Iterator[set[date]]:
    for begin in range(0, len(days), _CHUNK_DAYS):
        yield set(days[begin : begin + _CHUNK_DAYS])


def _worked_out(entries: Iterable[Metric], days: set[date]) -> dict[tuple[Key, date], Sums]:
    found: dict[tuple[Key, date], Sums] = {}
    for entry in entries:
        if entry.compute is None:
            continue
        for tally in entry.compute(set(days)):
            if tally.n == 0:
                continue
            _check(entry, tally, days)
            key = Key(
                entry.key,
                tally.subject_kind,
                tally.subject_id,
                tally.dimension,
                tally.dimension_value,
            )
            if (key, tally.day) in found:
                raise BadTallyError(f"{entry.key}: two tallies for {key} on {tally.day}.")
            found[key, tally.day] = (
                tally.n,
                tally.successes,
                tally.failures,
                _exact(tally.total),
                _exact(tally.total_sq),
            )
    return found


def _check(entry: Metric, tally: Tally, days: set[date]) -> None:
    if tally.day not in days:
        raise BadTallyError(f"{entry.key}: {tally.day} was not asked for.")
    if tally.subject_kind not in entry.subjects:
        raise BadTallyError(f"{entry.key}: {tally.subject_kind!r} is not among its subjects.")
    if min(tally.n, tally.successes, tally.failures) < 0:
        raise BadTallyError(f"{entry.key}: a negative number on {tally.day}.")
    if tally.successes + tally.failures > tally.n:
        raise BadTallyError(f"{entry.key}: more successes and failures than n on {tally.day}.")
    if tally.dimension_value and not tally.dimension:
        raise BadTallyError(f"{entry.key}: a dimension value without a dimension on {tally.day}.")


def _exact(value: float | Decimal) -> Decimal:
    """Return the number in millionths, so that sums are exact and read back as they were."""
    return Decimal(value).quantize(_MICRO, context=_WIDE)


def _stored(
    workspace_id: UUID, entries: Iterable[Metric], days: set[date]
) -> dict[tuple[Key, date], Sums]:
    rows = DailyTally.objects.filter(
        workspace_id=workspace_id, metric__in=[entry.key for entry in entries], day__in=days
    ).values_list(
        "metric",
        "subject_kind",
        "subject_id",
        "dimension",
        "dimension_value",
        "day",
        "n",
        "successes",
        "failures",
        "total",
        "total_sq",
    )
    return {(Key(*row[:5]), row[5]): (row[6], row[7], row[8], row[9], row[10]) for row in rows}


def _store(workspace_id: UUID, changed: dict[tuple[Key, date], Sums]) -> None:
    if not changed:
        return
    rows = [(*key, day, *sums) for (key, day), sums in changed.items()]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [workspace_id, json.dumps(rows, default=str)])


def _remove(workspace_id: UUID, gone: list[tuple[Key, date]]) -> None:
    if not gone:
        return
    rows = [(*key, day) for key, day in gone]
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, [json.dumps(rows, default=str), workspace_id])
