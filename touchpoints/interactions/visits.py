"""Which contacts make one visit: pure, no Django, no database.

The rule:

1. Contacts that name their visit belong to it.
2. Otherwise the contacts of a browser (without one: of a customer) with no pause of more than
   30 minutes between them are one visit, in whatever order they arrive.
3. A contact that brings campaign words or a click id other than the visit's begins a new visit;
   so does the first after 24 hours, since nobody stays that long without a program.
4. What only says who somebody is (identify, group, alias), that a page was left, or that an
   advertisement was seen, begins no visit. It joins the one that it falls into.

A visit that was begun keeps its id and beginning: a contact that arrives late and closes the gap
between two visits joins the nearer one and does not merge them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from touchpoints.catalogue.classification import Origin

PAUSE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=24)
# A visit that is named may be a parcel on its way; it is looked for this far back.
LONGEST_NAMED: Final = timedelta(days=31)

NOWHERE: Final = Origin()


@dataclass(slots=True)
class Sight:
    """A contact that looks for its visit.

    Attributes:
        lane: whose visits follow each other; a named visit is a lane of its own.
        origin: where it came from; None where nothing is known of that, as for offline contacts.
        tagged: it brings campaign words or a click id.
        named: its visit was named.
        begins: may begin a visit.
    """

    id: UUID
    lane: UUID
    at: datetime
    origin: Origin | None = None
    tagged: bool = False
    named: bool = False
    begins: bool = True


@dataclass(slots=True)
class Stay:
    """A visit, as stored or as it begins here.

    Attributes:
        opener: the id of the contact with which it began here; None for a stored one.
        contacts: how many came to it now.
        origin: None while nothing is known.
    """

    id: UUID
    lane: UUID
    started_at: datetime
    last_at: datetime
    origin: Origin | None = None
    opener: UUID | None = None
    contacts: int = 0
    # Contacts that came now, for what else the visit learns from them.
    sights: list[Sight] = field(default_factory=list)


def assign(
    sights: Sequence[Sight], known: Mapping[UUID, Sequence[Stay]]
) -> tuple[dict[UUID, Stay], list[Stay]]:
    """Give each contact its visit, in the order in which they happened.

    Args:
        known: the stored visits of each lane around these contacts; they are changed.

    Returns:
        The visit of each contact by the contact's id (none for what begins no visit and finds
        none), and the visits that are new or changed.
    """
    stays = {lane: list(found) for lane, found in known.items()}
    chosen: dict[UUID, Stay] = {}
    touched: dict[int, Stay] = {}
    for sight in sorted(sights, key=_order):
        lane = stays.setdefault(sight.lane, [])
        stay = _find(sight, lane)
        if stay is None:
            if not sight.begins:
                continue
            stay = Stay(
                id=sight.lane if sight.named else sight.id,
                lane=sight.lane,
                started_at=sight.at,
                last_at=sight.at,
                origin=sight.origin,
                opener=sight.id,
            )
            lane.append(stay)
        elif stay.origin is None:
            stay.origin = sight.origin
        stay.last_at = max(stay.last_at, sight.at)
        if sight.begins:
            stay.contacts += 1
        stay.sights.append(sight)
        touched[id(stay)] = stay
        chosen[sight.id] = stay
    return chosen, list(touched.values())


def _order(sight: Sight) -> tuple[bool, datetime, UUID]:
    # Those that begin visits come first, so that the others find them.
    return not sight.begins, sight.at, sight.id


def _find(sight: Sight, lane: Sequence[Stay]) -> Stay | None:
    if sight.named:
        return lane[0] if lane else None
    best: Stay | None = None
    nearest = PAUSE
    for stay in lane:
        if sight.at - stay.started_at > LONGEST or stay.started_at - sight.at > PAUSE:
            continue
        if not _goes_on(sight, stay):
            continue
        away = _distance(sight.at, stay)
        if away < nearest or (away == nearest and best is None):
            best, nearest = stay, away
    return best


def _distance(at: datetime, stay: Stay) -> timedelta:
    if at < stay.started_at:
        return stay.started_at - at
    return max(at - stay.last_at, timedelta(0))


def _goes_on(sight: Sight, stay: Stay) -> bool:
    """Whether a contact brings nothing that begins a new visit."""
    return not sight.tagged or sight.origin == stay.origin
