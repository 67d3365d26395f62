"""The newest contacts, as the room that keeps them hands them over.

The catalogue does not know where contacts are kept. The room above registers a reader in its
`AppConfig.ready()`, and rules are tried on what it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from touchpoints.catalogue.conditions import Contact

# So many a rule is tried on: enough to see what it does, few enough to answer while one types.
MOST_TRIED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Recent:
    """A contact that was stored.

    Attributes:
        touchpoint: where it is counted now.
        named: its sender named the touchpoint, so that no rule is asked.
    """

    contact: Contact
    title: str
    at: datetime
    touchpoint: UUID | None = None
    named: bool = False


Reader = Callable[[int], Sequence[Recent]]
_readers: list[Reader] = []


def reads_recent(reader: Reader) -> Reader:
    """Enter the function that returns the newest contacts of the workspace, newest first.

    Raises:
        ValueError: another one is entered already.
    """
    if _readers and _readers[0] is not reader:
        raise ValueError("Recent contacts are read by another room already.")
    _readers[:] = [reader]
    return reader


def read_recent(limit: int = MOST_TRIED) -> Sequence[Recent]:
    """Return the newest contacts of the workspace, newest first; none without a reader."""
    return _readers[0](limit) if _readers else ()
