"""Who is asking, told to PostgreSQL.

Row-level security (see ``cxm.common.rls``) compares each row with settings of the database
session. This module keeps the scope in a context variable and mirrors it into the session
of the connection in use, also when the connection is made later, lost and made again, or
taken from a pool. Without a scope the settings are empty and no row is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID

import psycopg
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus


@dataclass(frozen=True)
class Scope:
    """What the database session may see; everything empty means nothing."""

    workspace: UUID | None = None
    user: UUID | None = None
    token: str = ""
    directory: bool = False


_NOTHING = Scope()
_scope: ContextVar[Scope] = ContextVar("cxm_scope", default=_NOTHING)

_APPLY = (
    "SELECT set_config('cxm.workspace', %s, false), set_config('cxm.user', %s, false), "
    "set_config('cxm.token', %s, false), set_config('cxm.directory', %s, false)"
)


def current_workspace_id() -> UUID | None:
    """Return the id of the workspace whose rows are visible now, or None."""
    return _scope.get().workspace


@contextmanager
def workspace_scope(workspace_id: UUID) -> Iterator[None]:
    """Show the rows of one workspace, and let rows be written to it alone."""
    with _entered(replace(_scope.get(), workspace=workspace_id)):
        yield


@contextmanager
def user_scope(user_id: UUID) -> Iterator[None]:
    """Show a user's memberships and the workspaces they lead to, before one is chosen."""
    with _entered(replace(_scope.get(), user=user_id)):
        yield


@contextmanager
def token_scope(token_hash: str) -> Iterator[None]:
    """Show the one row that is kept under this token's hash, before its workspace is known."""
    with _entered(replace(_scope.get(), token=token_hash)):
        yield


@contextmanager
def directory_scope() -> Iterator[None]:
    """Show the list of workspaces, and nothing in them, to work that walks all of them."""
    with _entered(replace(_scope.get(), directory=True)):
        yield


def apply_scope(wrapper: BaseDatabaseWrapper) -> None:
    """Tell the database session of ``wrapper`` the current scope.

    Runs on the driver's connection, so that it is no query of Django's. A transaction that
    has failed takes no statement; its rollback restores the settings as they were before.
    """
    raw = wrapper.connection
    if raw is None or raw.closed or raw.info.transaction_status == TransactionStatus.INERROR:
        return
    scope = _scope.get()
    values = (
        str(scope.workspace or ""),
        str(scope.user or ""),
        scope.token,
        "on" if scope.directory else "",
    )
    raw.execute(_APPLY, values)


@contextmanager
def _entered(scope: Scope) -> Iterator[None]:
    before = _scope.set(scope)
    try:
        _apply_or_drop()
        yield
    finally:
        _scope.reset(before)
        _apply_or_drop()


def _apply_or_drop() -> None:
    """Apply the scope; drop a dead connection, whose successor gets the scope when it is made."""
    try:
        apply_scope(connection)
    except psycopg.OperationalError:
        if connection.in_atomic_block:
            connection.needs_rollback = True
        else:
            connection.close()
