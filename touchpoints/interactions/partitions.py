"""The monthly parts of the tables that grow, made when the first row of a month comes.

Months are those of UTC: a partition's bounds are moments, and one bound must serve workspaces
in every time zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from django.db import connection, transaction
from psycopg import sql

from cxm.common.rls import protect_statements

PARENT: Final = "interactions_interaction"
# The tables that have a part for each month: by a moment, or by a day of the workspace.
PARENTS: Final = (PARENT, "interactions_visit", "interactions_touch")
_BY_DAY: Final = frozenset({"interactions_touch"})
# Any number that nothing else locks: it lets one process at a time add months.
_LOCK: Final = 0x63786D_696E74

# Reads the catalogue as a table: to_regclass may answer from a cache that is older than the lock.
_MISSING: Final = """
SELECT parent, month
FROM unnest(%(months)s::text[]) AS month CROSS JOIN unnest(%(parents)s::text[]) AS parent
WHERE NOT EXISTS (
    SELECT 1 FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
    WHERE inhparent = parent::regclass AND relname = parent || '_' || month
)
ORDER BY month, parent
"""


def month_of(moment: datetime) -> date:
    """Return the first day of the UTC month in which a moment lies."""
    found = moment.astimezone(UTC)
    return date(found.year, found.month, 1)


def month_after(month: date) -> date:
    """Return the first day of the month that follows."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_of_day(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def table_of(month: date, parent: str = PARENT) -> str:
    """Return the name of a month's table."""
    return f"{parent}_{month:%Y_%m}"


def ensure_partitions(months: Iterable[date]) -> list[date]:
    """Make the tables of these months that are missing, and return the months that lacked one.

    Call it first in a transaction that writes: attaching a table locks the parent against other
    months being attached, and whoever holds rows already could wait for that in a circle.
    """
    wanted = {f"{month:%Y_%m}": month for month in months}
    missing = _missing(wanted)
    if not missing:
        return []
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Whoever comes second waits here until the first has committed, and looks again.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        missing = _missing(wanted)
        for parent, month in missing:
            _make(parent, month)
    return sorted({month for _, month in missing})


def _missing(wanted: dict[str, date]) -> list[tuple[str, date]]:
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"months": sorted(wanted), "parents": list(PARENTS)})
        return [(parent, wanted[name]) for parent, name in cursor.fetchall()]


def _make(parent: str, month: date) -> None:
    """Make one month's table, protect it like its parent, and attach it.

    It is made on its own first: attaching takes a lighter lock on the parent than PARTITION OF.
    Its policies count when somebody reads it directly; through the parent, the parent's do.
    """
    name = table_of(month, parent)
    bound = "%Y-%m-%d" if parent in _BY_DAY else "%Y-%m-%d 00:00:00+00"
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)").format(
                sql.Identifier(name), sql.Identifier(parent)
            )
        )
        for statement in protect_statements(name):
            cursor.execute(statement)
        cursor.execute(
            sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
                sql.Identifier(parent),
                sql.Identifier(name),
                sql.Literal(f"{month:{bound}}"),
                sql.Literal(f"{month_after(month):{bound}}"),
            )
        )
