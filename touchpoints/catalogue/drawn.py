"""Where touchpoints stand on journey maps, and what hurts there, as the room of maps tells it.

The floor of journeys knows touchpoints, never the other way round: the room that draws maps
enters itself in its `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from cxm.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a map on which a touchpoint stands."""

    journey: str
    step: str
    url: str


@dataclass(frozen=True, slots=True)
class Pain:
    """A pain point at one of those steps; `severity` 1…3, None when nobody has judged it."""

    title: str
    severity: int | None
    word: str
    url: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What maps say of a touchpoint; the worst pain stands first."""

    places: Sequence[Place] = ()
    pains: Sequence[Pain] = ()


Source = Callable[[Workspace, UUID], Drawn]
_sources: dict[str, Source] = {}


def draws(key: str, source: Source) -> None:
    """Enter a room that draws touchpoints.

    Raises:
        ValueError: another room is entered under this key.
    """
    if _sources.setdefault(key, source) is not source:
        raise ValueError(f"{key!r} draws touchpoints already.")


def drawn(workspace: Workspace, touchpoint_id: UUID) -> Drawn:
    """Return on which maps a touchpoint stands and what hurts there."""
    found = [source(workspace, touchpoint_id) for source in _sources.values()]
    return Drawn(
        places=[place for one in found for place in one.places],
        pains=[pain for one in found for pain in one.pains],
    )
