"""Writing measurements in sets: only what differs is touched, what is gone is removed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import connection

from cxm.common.ids import uuid7
from cxm.common.statistics import Figure
from cxm.kpis.models import Measurement
from cxm.kpis.registry import Key
from cxm.kpis.windows import Span

Slice = tuple[str, UUID, str, str]
_BATCH = 5000

_STORE = """
INSERT INTO kpis_measurement AS m (
    id, workspace_id, created_at, updated_at,
    metric, subject_kind, subject_id, dimension, dimension_value, "window", back, start, "end",
    value, n, low, high, se, successes, failures, total, target, floor, attainment, status,
    parts, missing)
SELECT r.id, %s, now(), now(),
    r.metric, r.subject_kind, r.subject_id, r.dimension, r.dimension_value, r.span, r.back,
    r.first_day, r.last_day, r.value, r.n, r.low, r.high, r.se, r.successes, r.failures, r.total,
    r.target, r.floor, r.attainment, r.status, r.parts,
    ARRAY(SELECT jsonb_array_elements_text(r.missing))
FROM jsonb_to_recordset(%s::jsonb) AS r (
    id uuid, metric text, subject_kind text, subject_id uuid, dimension text, dimension_value text,
    span text, back smallint, first_day date, last_day date, value float8, n bigint, low float8,
    high float8, se float8, successes bigint, failures bigint, total numeric, target float8,
    floor float8, attainment float8, status text, parts jsonb, missing jsonb)
ON CONFLICT (workspace_id, subject_kind, subject_id, metric, dimension, dimension_value, "window",
             back)
DO UPDATE SET updated_at = excluded.updated_at, start = excluded.start, "end" = excluded."end",
    value = excluded.value, n = excluded.n, low = excluded.low, high = excluded.high,
    se = excluded.se, successes = excluded.successes, failures = excluded.failures,
    total = excluded.total, target = excluded.target, floor = excluded.floor,
    attainment = excluded.attainment, status = excluded.status, parts = excluded.parts,
    missing = excluded.missing
WHERE (m.start, m."end", m.value, m.n, m.low, m.high, m.se, m.successes, m.failures, m.total,
       m.target, m.floor, m.attainment, m.status, m.parts, m.missing)
   IS DISTINCT FROM
      (excluded.start, excluded."end", excluded.value, excluded.n, excluded.low, excluded.high,
       excluded.se, excluded.successes, excluded.failures, excluded.total, excluded.target,
       excluded.floor, excluded.attainment, excluded.status, excluded.parts, excluded.missing)
"""


@dataclass(slots=True)
class Row:
    """A measurement on its way into the database."""

    key: Key
    span: Span
    figure: Figure
    successes: int = 0
    failures: int = 0
    total: Decimal = Decimal(0)
    target: float | None = None
    floor: float | None = None
    attainment: float | None = None
    status: str = ""
    parts: list[dict[str, str | float | int | bool]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def store(workspace_id: UUID, rows: Sequence[Row]) -> int:
    """Insert or update the measurements; return how many differed from what was stored."""
    changed = 0
    with connection.cursor() as cursor:
        for begin in range(0, len(rows), _BATCH):
            records = [_record(row) for row in rows[begin : begin + _BATCH]]
            cursor.execute(_STORE, [workspace_id, json.dumps(records, default=str)])
            changed += cursor.rowcount
    return changed


def addresses(workspace_id: UUID, slices: set[Slice] | None) -> dict[tuple[Key, str, int], UUID]:
    """Return the ids of the stored measurements of some subjects (None: of all), by address."""
    measurements = Measurement.objects.filter(workspace_id=workspace_id)
    if slices is not None:
        measurements = measurements.filter(subject_id__in={at[1] for at in slices})
    return {
        (Key(*record[1:6]), record[6], record[7]): record[0]
        for record in measurements.values_list(
            "id", "metric", "subject_kind", "subject_id", "dimension", "dimension_value",
            "window", "back",
        )
    }  # fmt: skip


def remove(ids: Sequence[UUID]) -> int:
    """Delete measurements; return how many."""
    return Measurement.objects.filter(id__in=ids).delete()[0] if ids else 0


def _record(row: Row) -> dict[str, object]:
    figure, key, span = row.figure, row.key, row.span
    return {
        "id": uuid7(),
        "metric": key.metric,
        "subject_kind": key.subject_kind,
        "subject_id": key.subject_id,
        "dimension": key.dimension,
        "dimension_value": key.dimension_value,
        "span": span.window,
        "back": span.back,
        "first_day": span.start,
        "last_day": span.end,
        "value": figure.value,
        "n": figure.n,
        "low": figure.low,
        "high": figure.high,
        "se": figure.se,
        "successes": row.successes,
        "failures": row.failures,
        "total": row.total,
        "target": row.target,
        "floor": row.floor,
        "attainment": row.attainment,
        "status": row.status,
        "parts": row.parts,
        "missing": row.missing,
    }
