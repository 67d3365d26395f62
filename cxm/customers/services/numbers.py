"""The series of customer numbers, whose lock also orders new identities."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from cxm.common.clock import now
from cxm.common.ids import uuid7
from cxm.common.scope import current_workspace_id
from cxm.customers.models import FIRST_NUMBER

# Gives out numbers and, with none asked for, takes the lock that orders new identities.
_TAKE_NUMBERS = (
    "INSERT INTO customers_numberseries (id, workspace_id, last, created_at, updated_at) "
    "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (workspace_id) "
    "DO UPDATE SET last = customers_numberseries.last + %s RETURNING last"
)


def workspace_in_scope() -> UUID:
    """Return the workspace of the scope. Raises RuntimeError when none is open."""
    workspace = current_workspace_id()
    if workspace is None:
        raise RuntimeError("Open a workspace_scope before writing about customers.")
    return workspace


def take_numbers(workspace: UUID, count: int) -> int:
    """Return the last of ``count`` fresh numbers; the row stays locked."""
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_NUMBERS,
            [uuid7(), workspace, FIRST_NUMBER - 1 + count, moment, moment, count],
        )
        (last,) = cursor.fetchone()
    return int(last)


def next_number() -> str:
    """Return a number for a new customer; the series stays locked until the transaction ends."""
    return written(take_numbers(workspace_in_scope(), 1))


def written(value: int) -> str:
    """Return a number as customers see it."""
    return f"C-{value}"


def lock_identities() -> None:
    """Wait for, and then hold off until the transaction ends, whoever adds identities."""
    take_numbers(workspace_in_scope(), 0)
