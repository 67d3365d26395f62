"""Who stands at the door: the user or key behind the current request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxm.workspaces.models import ApiKey, Membership, User, Workspace


@dataclass(frozen=True)
class Access:
    """The workspace of a request and who acts in it; one of membership and key is set."""

    workspace: Workspace
    user: User | None = None
    membership: Membership | None = None
    api_key: ApiKey | None = None


_access: ContextVar[Access | None] = ContextVar("cxm_access", default=None)


def current_access() -> Access | None:
    """Return who acts now; None in workers, commands and on public pages."""
    return _access.get()


@contextmanager
def acting(access: Access) -> Iterator[None]:
    """Let ``access`` be who acts until the block ends."""
    before = _access.set(access)
    try:
        yield
    finally:
        _access.reset(before)
