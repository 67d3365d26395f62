"""The history of a map: its versions, with how much each of them changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from journeys.maps.models import Card, JourneyMap, Version

# What makes a card another card; keys say where it stands, since ids differ between versions.
_COMPARED = (
    "lane__key",
    "step__key",
    "text",
    "touchpoint_id",
    "valence",
    "severity",
    "status",
    "persona_id",
    "answer",
    "response_id",
    "linked_map_id",
    "picture",
    "span",
)

Contents = dict[UUID, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A version in the history.

    Attributes:
        cards: how many cards stand on it.
        changed: how many of them the version before did not have, had elsewhere or with other
            contents, and how many only that one had.
    """

    version: Version
    cards: int
    changed: int


def load_history(journey: JourneyMap, *, below: int | None = None, most: int = 50) -> list[Entry]:
    """Return versions of a map, newest first; 2 queries, however many there are.

    Args:
        journey: the map.
        below: only versions with a smaller number, to go on where a list ended.
        most: how many at most.
    """
    versions = Version.objects.filter(map=journey)
    if below is not None:
        versions = versions.filter(number__lt=below)
    # One more than is shown: what the last one changed, its predecessor says.
    found = list(versions.select_related("published_by__user").order_by("-number")[: most + 1])
    contents = _contents(found)
    nothing: Contents = {}
    entries = []
    for version, before in zip(found, [*found[1:], None], strict=True):
        old = contents[before.pk] if before is not None else nothing
        entries.append(
            Entry(version, len(contents[version.pk]), _differ(old, contents[version.pk]))
        )
    return entries[:most]


def _contents(versions: Sequence[Version]) -> defaultdict[UUID, Contents]:
    """Return what each card says, by version and the card's key; one query."""
    contents: defaultdict[UUID, Contents] = defaultdict(dict)
    for version, key, *values in (
        Card.objects.filter(lane__version__in=versions)
        .order_by()
        .values_list("lane__version_id", "key", *_COMPARED)
    ):
        contents[version][key] = tuple(values)
    return contents


def _differ(old: Contents, new: Contents) -> int:
    gone = len(old.keys() - new.keys())
    return gone + sum(old.get(key) != values for key, values in new.items())
