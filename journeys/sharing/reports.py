"""Reads of share links: the one behind a token, those of a map, and what a link may show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from cxm.common.clock import now
from cxm.common.scope import token_scope
from cxm.common.tokens import hash_token
from journeys.maps.lanes import UnknownLaneKindError
from journeys.maps.models import JourneyMap, Lane, ShareLink, Version
from journeys.maps.reports import version_to_show

State = Literal["open", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A link in the list of its map."""

    link: ShareLink
    state: State

    @property
    def last_moment(self) -> datetime | None:
        """Return the last minute in which it works: 23:59 of the day that was chosen."""
        expires_at = self.link.expires_at
        return None if expires_at is None else expires_at - timedelta(minutes=1)


def find_link(token: str) -> ShareLink | None:
    """Return the link behind a token, or None when it is unknown, expired or revoked.

    Runs without a scope: the token itself is what lets the row be seen.
    """
    digest = hash_token(token)
    with token_scope(digest):
        found = ShareLink.objects.filter(token_hash=digest).first()
    return found if found is not None and found.is_open(now()) else None


def version_of(link: ShareLink) -> Version | None:
    """Return what the link shows: the version it is pinned to, else what is published.

    None while nothing is published. Runs in the workspace's scope; one query.
    """
    versions = Version.objects.select_related("map").filter(map=link.map_id)
    if link.version_id is not None:
        return versions.filter(pk=link.version_id).first()
    return versions.published().first()


def links_of(journey: JourneyMap) -> list[Listed]:
    """Return the links of a map, newest first; one query."""
    at = now()
    rows = (
        ShareLink.objects.filter(map=journey)
        .select_related("version__map", "created_by__user")
        .order_by("-created_at", "-id")
    )
    return [Listed(link, state_of(link, at)) for link in rows]


def state_of(link: ShareLink, at: datetime) -> State:
    """Return whether a link leads somewhere at a moment."""
    if link.revoked_at is not None:
        return "revoked"
    return "open" if link.is_open(at) else "expired"


def lanes_to_choose(journey: JourneyMap) -> list[Lane]:
    """Return the lanes that a link may show, as the newest state of the map has them.

    Hidden ones are not among them, nor those of a kind that is no more; two queries.
    """
    version = version_to_show(journey, editor=True)
    lanes = Lane.objects.filter(version=version, hidden=False).order_by("position")
    return [lane for lane in lanes if _is_known(lane)]


def lanes_known(journey: JourneyMap, keys: Iterable[UUID]) -> set[UUID]:
    """Return which of these keys are lanes of the map, in any of its versions; one query."""
    wanted = Lane.objects.filter(version__map=journey, key__in=list(keys), hidden=False)
    return set(wanted.values_list("key", flat=True))


def _is_known(lane: Lane) -> bool:
    try:
        return bool(lane.entry)
    except UnknownLaneKindError:
        return False
