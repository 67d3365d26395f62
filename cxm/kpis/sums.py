"""Daily tallies added up over windows by PostgreSQL, and the figure of such a sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from cxm.common import statistics
from cxm.common.scope import current_workspace_id
from cxm.common.statistics import Figure
from cxm.kpis.registry import Key, Metric, Rules
from cxm.kpis.windows import ALL, Span

_SUMS = """
SELECT t.metric, t.subject_kind, t.subject_id, t.dimension, t.dimension_value, s.position,
       sum(t.n)::bigint, sum(t.successes)::bigint, sum(t.failures)::bigint,
       sum(t.total), sum(t.total_sq), sum(t.n::numeric * t.n), min(t.day)
FROM kpis_dailytally t
JOIN unnest(%s::date[], %s::date[], %s::boolean[]) WITH ORDINALITY
     AS s (first_day, last_day, for_slices, position)
  ON t.day BETWEEN s.first_day AND s.last_day AND (s.for_slices OR t.dimension = '')
WHERE t.workspace_id = %s
GROUP BY 1, 2, 3, 4, 5, 6
"""

_SUMS_OF_KEYS = """
SELECT t.metric, t.subject_kind, t.subject_id, t.dimension, t.dimension_value, s.position,
       sum(t.n)::bigint, sum(t.successes)::bigint, sum(t.failures)::bigint,
       sum(t.total), sum(t.total_sq), sum(t.n::numeric * t.n), min(t.day)
FROM unnest(%s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[])
     AS k (metric, subject_kind, subject_id, dimension, dimension_value)
JOIN kpis_dailytally t
  ON (t.metric, t.subject_kind, t.subject_id, t.dimension, t.dimension_value)
   = (k.metric, k.subject_kind, k.subject_id, k.dimension, k.dimension_value)
JOIN unnest(%s::date[], %s::date[], %s::boolean[]) WITH ORDINALITY
     AS s (first_day, last_day, for_slices, position)
  ON t.day BETWEEN s.first_day AND s.last_day AND (s.for_slices OR t.dimension = '')
WHERE t.workspace_id = %s
GROUP BY 1, 2, 3, 4, 5, 6
"""

# One step down the key's index for each, however many days there are.
_LAST_DAYS = """
SELECT k.metric, k.subject_kind, k.subject_id, k.dimension, k.dimension_value, newest.day
FROM unnest(%s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::date[], %s::date[])
     AS k (metric, subject_kind, subject_id, dimension, dimension_value, first_day, last_day)
CROSS JOIN LATERAL (
    SELECT t.day
    FROM kpis_dailytally t
    WHERE t.workspace_id = %s
      AND (t.metric, t.subject_kind, t.subject_id, t.dimension, t.dimension_value)
        = (k.metric, k.subject_kind, k.subject_id, k.dimension, k.dimension_value)
      AND t.day BETWEEN k.first_day AND k.last_day
      AND t.n > 0
    ORDER BY t.day DESC
    LIMIT 1
) AS newest
"""


@dataclass(frozen=True, slots=True)
class Sums:
    """Tallies of one key added up over one span."""

    n: int
    successes: int
    failures: int
    total: Decimal
    total_sq: Decimal
    daily_squares: int
    days: int


def figure_of(entry: Metric, sums: Sums, rules: Rules) -> Figure:
    """Turn sums into the figure of a base metric, in its unit."""
    z = statistics.z_for(rules.confidence)
    if entry.kind == "nps":
        passives = sums.n - sums.successes - sums.failures
        return statistics.nps(sums.successes, passives, sums.failures, z)
    if entry.kind == "proportion":
        share = statistics.proportion(sums.successes, sums.n, z)
        return statistics.rescale(share, 0, 1) if entry.unit == "percent" else share
    if entry.kind == "count":
        return statistics.count(sums.n, sums.daily_squares, sums.days)
    figure = statistics.mean(sums.n, sums.total, sums.total_sq, rules.confidence)
    if entry.scale is None or figure.low is None or figure.high is None:
        return figure
    low, high = (
        statistics.clip(figure.low, *entry.scale),
        statistics.clip(figure.high, *entry.scale),
    )
    return Figure(figure.value, figure.n, low, high, figure.se)


def added_up(
    workspace_id: UUID,
    spans: Sequence[Span],
    keys: set[Key] | None,
    *,
    slices_too: bool = False,
) -> Iterator[tuple[Key, Span, Sums]]:
    """Add up the tallies of some keys (None: of all) over each span that has any.

    Dimension values are added up over the spans for them, with `slices_too` over all spans.
    The span over all time comes back beginning with the first day that was tallied.
    """
    ranges: list[list[date] | list[bool]] = [
        [span.start for span in spans],
        [span.end for span in spans],
        [slices_too or span.for_slices for span in spans],
    ]
    with connection.cursor() as cursor:
        if keys is None:
            cursor.execute(_SUMS, [*ranges, workspace_id])
        else:
            columns = [list(column) for column in zip(*sorted(keys), strict=True)]
            cursor.execute(_SUMS_OF_KEYS, [*columns, *ranges, workspace_id])
        found = cursor.fetchall()
    for *key, position, n, successes, failures, total, total_sq, squares, first_day in found:
        span = spans[position - 1]
        if span.window == ALL:
            span = Span(ALL, 0, first_day, span.end)
        sums = Sums(n, successes, failures, total, total_sq, int(squares), span.days)
        yield Key(*key), span, sums


def last_days(wanted: Mapping[Key, tuple[date, date]]) -> dict[Key, date]:
    """Return the last day with facts of base metrics, each between a first and a last day.

    Runs inside `workspace_scope`.
    """
    if not wanted:
        return {}
    rows = [(*key, *between) for key, between in sorted(wanted.items())]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_LAST_DAYS, [*columns, current_workspace_id()])
        return {Key(*key): day for *key, day in cursor.fetchall()}
