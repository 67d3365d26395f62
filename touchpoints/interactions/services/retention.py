"""Forgets interactions whose time is over.

Each workspace says for how many months it keeps them. Months that lie before the limits of all
workspaces go as whole tables; what is older than a workspace's own, shorter limit goes in small
batches, each its own transaction, so that nobody waits. Sums by day hold nobody and stay.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import OperationalError, connection, transaction
from psycopg import sql as compose

from cxm.common.clock import day_of
from cxm.workspaces.models import Workspace
from touchpoints.interactions import retention_sql
from touchpoints.interactions.partitions import PARENTS, month_after, table_of

logger = logging.getLogger(__name__)

AT_A_TIME: Final = 5000
# Whoever reads the table of a month that goes is waited for so long, and again tomorrow.
PATIENCE: Final = "3s"


def limit_of(workspace: Workspace, now: datetime) -> date:
    """Return the first day that a workspace keeps: whole months, as its clock has them."""
    today = day_of(now, workspace.timezone)
    months = today.year * 12 + today.month - 1 - workspace.interaction_retention_months
    return date(months // 12, months % 12 + 1, 1)


def forget_expired(
    *,
    workspace: Workspace,
    now: datetime,
    at_a_time: int = AT_A_TIME,
    after_each: Callable[[int], None] = lambda count: None,
) -> int:
    """Delete what a workspace keeps no longer, inside its scope; return how many rows."""
    limit = limit_of(workspace, now)
    parameters: dict[str, Any] = {
        "workspace": workspace.pk,
        "day": limit,
        "moment": datetime.combine(limit, time.min, ZoneInfo(workspace.timezone)),
        "most": at_a_time,
    }
    total = 0
    for statement in retention_sql.BATCHES:
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                count = cursor.rowcount
            total += count
            after_each(count)
            if count < at_a_time:
                break
    return total


def drop_expired_months(limits: Iterable[date]) -> list[str]:
    """Drop the tables of months that no workspace keeps; runs outside of transactions.

    Args:
        limits: the first day that each workspace keeps.
    """
    oldest = min(limits, default=None)
    if oldest is None:
        return []
    dropped = []
    for parent in PARENTS:
        for name in _tables(parent):
            year, month = map(int, name.removeprefix(f"{parent}_").split("_"))
            first = date(year, month, 1)
            # One month more: the month's end in UTC lies in the next one elsewhere.
            if month_after(month_after(first)) > oldest or name != table_of(first, parent):
                continue
            if _drop(parent, name):
                dropped.append(name)
    return dropped


def _tables(parent: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(retention_sql.TABLES, {"parent": parent})
        return [name for (name,) in cursor.fetchall()]


def _drop(parent: str, name: str) -> bool:
    """Detach a month's table while others read and write its neighbours, and drop it."""
    detach = compose.SQL("ALTER TABLE {} DETACH PARTITION {} CONCURRENTLY")
    finish = compose.SQL("ALTER TABLE {} DETACH PARTITION {} FINALIZE")
    names = compose.Identifier(parent), compose.Identifier(name)
    with connection.cursor() as cursor:
        cursor.execute(compose.SQL("SET lock_timeout = {}").format(PATIENCE))
        try:
            cursor.execute(retention_sql.HALF_DETACHED, {"name": name})
            is_half = cursor.fetchone() is not None
            cursor.execute((finish if is_half else detach).format(*names))
            cursor.execute(compose.SQL("DROP TABLE {}").format(names[1]))
        except OperationalError as busy:
            logger.warning("%s could not be dropped yet: %s", name, busy)
            return False
        finally:
            cursor.execute("SET lock_timeout = 0")
    return True
