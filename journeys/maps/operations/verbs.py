"""What an operation is: the four verbs, the rows they name, and how they are refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from cxm.api.errors import DomainError

KINDS: Final = ("stage", "step", "lane", "card")
# In which field a row names what it stands in.
PARENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "stage": (),
    "step": ("stage",),
    "lane": (),
    "card": ("lane", "step"),
}
# Of these a client says what it saw, so that nobody's words are lost.
GUARDED: Final = frozenset({"text", "name", "answer"})


class OperationRefused(DomainError):
    """An operation cannot be carried out; `code` says why."""


class BodyRefused(DomainError):
    """A request is none: nothing in it was carried out."""

    code = "malformed"


@dataclass(frozen=True, slots=True)
class Link:
    """A step that follows, and when."""

    to: UUID
    label: str


Value = str | int | bool | None | UUID | Decimal | tuple[Link, ...]
Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be; `at` is its index among its siblings, None for last."""

    kind: str
    id: UUID
    key: UUID
    at: int | None
    parents: Mapping[str, UUID]
    fields: Fields


@dataclass(frozen=True, slots=True)
class Insert:
    """Add rows, parents before children."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """Change fields of a row; `was` is what the sender saw in some of them."""

    kind: str
    id: UUID
    fields: Fields
    was: Fields


@dataclass(frozen=True, slots=True)
class Move:
    """Put a row elsewhere; `at` is its index after it was taken out of its old place."""

    kind: str
    id: UUID
    to: Mapping[str, UUID]
    at: int


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove rows with everything below them."""

    kind: str
    ids: tuple[UUID, ...]


Verb = Insert | Update | Move | Delete


@dataclass(frozen=True, slots=True)
class Sent:
    """An operation with its sender's id; `verb` is the refusal where it could not be read."""

    id: UUID
    verb: Verb | OperationRefused


@dataclass(frozen=True, slots=True)
class Sync:
    """What a window sends: its operations, where it is, and what it knows already."""

    version: UUID
    since: int
    client: str
    place: str
    ops: tuple[Sent, ...]
    leave: bool
