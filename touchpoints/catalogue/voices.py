"""What customers say at touchpoints, as the rooms that ask them hand it over.

The wing of journeys shows answers beside its steps, and the wing of surveys keeps them; the two
never import each other. A room that asks enters itself in its `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cxm.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Voice:
    """What a customer wrote, with what one must know to read it.

    Attributes:
        id: of the answer, in the room that keeps it; gone when the customer is erased.
        score: what the customer chose beside the words, as written: `measure` says of what.
        group: "promoter", "passive", "detractor", or "" without a score.
    """

    id: UUID
    touchpoint_id: UUID | None
    text: str
    score: int | None
    at: datetime
    survey: str
    group: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey that is asked at a touchpoint.

    Attributes:
        answers: all that came in.
        invited: whom it was sent to; `answered` of them did.
        state: what it is when customers cannot answer it now ("Draft"), else "".
        new_url: where another one is made for the same touchpoint.
    """

    id: UUID
    touchpoint_id: UUID
    survey: str
    url: str
    answers: int
    invited: int
    answered: int
    new_url: str
    state: str = ""

    @property
    def share(self) -> float | None:
        """Return how many of those invited answered, in per cent; None when nobody was."""
        return 100 * self.answered / self.invited if self.invited else None


class Asking(Protocol):
    """A room that asks customers. Every method reads in the workspace's scope."""

    def voices(
        self,
        workspace: Workspace,
        touchpoint_ids: Sequence[UUID] | None,
        *,
        q: str,
        limit: int,
        since: datetime | None,
    ) -> list[Voice]:
        """Return the newest words, at these touchpoints or (None) anywhere, that contain `q`."""

    def by_ids(self, ids: Sequence[UUID]) -> dict[UUID, Voice]:
        """Return the words of these answers, as far as they are still there."""

    def asked(
        self, workspace: Workspace, touchpoint_ids: Sequence[UUID], *, since: datetime | None
    ) -> list[Asked]:
        """Return the surveys asked at these touchpoints, with what came in."""

    def new_url(self, touchpoint_id: UUID) -> str:
        """Return where a survey for this touchpoint is made."""


_asking: dict[str, Asking] = {}


def asks(key: str, room: Asking) -> None:
    """Enter a room that asks customers.

    Raises:
        ValueError: another room is entered under this key.
    """
    if _asking.setdefault(key, room) is not room:
        raise ValueError(f"{key!r} asks customers already.")


def voices(
    workspace: Workspace,
    touchpoint_ids: Sequence[UUID] | None,
    *,
    q: str = "",
    limit: int = 20,
    since: datetime | None = None,
) -> list[Voice]:
    """Return what customers wrote, newest first; a query for each room that asks.

    Args:
        touchpoint_ids: where; None is anywhere.
        q: words that must be in it.
        since: only what was written from then on.
    """
    found = [
        voice
        for room in _asking.values()
        for voice in room.voices(workspace, touchpoint_ids, q=q, limit=limit, since=since)
    ]
    return sorted(found, key=lambda voice: voice.at, reverse=True)[:limit]


def by_ids(ids: Iterable[UUID]) -> dict[UUID, Voice]:
    """Return what these answers say; those that are gone are missing."""
    wanted = list(dict.fromkeys(ids))
    found: dict[UUID, Voice] = {}
    if wanted:
        for room in _asking.values():
            found.update(room.by_ids(wanted))
    return found


def asked(
    workspace: Workspace, touchpoint_ids: Sequence[UUID], *, since: datetime | None = None
) -> list[Asked]:
    """Return the surveys that are asked at these touchpoints."""
    return [
        entry
        for room in _asking.values()
        for entry in room.asked(workspace, touchpoint_ids, since=since)
    ]


def ask_url(touchpoint_id: UUID) -> str:
    """Return where a survey for this touchpoint is made; "" when no room asks customers."""
    return next((room.new_url(touchpoint_id) for room in _asking.values()), "")
