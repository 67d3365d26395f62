"""What two versions of a map differ in. Pure: two plain snapshots in, a list of changes out.

Things are the same thing when they have the same `key`. A step that moves takes its cards along:
they have not moved, since their step and lane are still the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

Kind = Literal["stage", "step", "lane", "card"]
How = Literal["added", "changed", "removed", "moved"]
Plain = str | int | float | bool | None | tuple[tuple[str, str], ...]

KINDS: Final[tuple[Kind, ...]] = ("stage", "step", "lane", "card")
HOWS: Final[tuple[How, ...]] = ("added", "changed", "removed", "moved")


@dataclass(frozen=True, slots=True)
class Thing:
    """A stage, step, lane or card of a version.

    Attributes:
        parents: keys of what it stands in: a step's stage, a card's lane and step.
        place: orders it among its siblings.
        title: what a person calls it.
        fields: what is compared.
    """

    kind: Kind
    key: UUID
    parents: tuple[UUID, ...]
    place: tuple[int, ...]
    title: str
    fields: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All things of a version by kind and key; `names` says what ids in fields are called."""

    things: Mapping[Kind, Mapping[UUID, Thing]]
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, things: Iterable[Thing], names: Mapping[str, str] | None = None) -> Snapshot:
        """Sort things by kind and key."""
        sorted_things: dict[Kind, dict[UUID, Thing]] = {kind: {} for kind in KINDS}
        for thing in things:
            sorted_things[thing.kind][thing.key] = thing
        return cls(sorted_things, names or {})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with what it was and is."""

    name: str
    was: Plain
    now: Plain


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: `before` is None when it was added, `after` when it was removed."""

    before: Thing | None
    after: Thing | None
    fields: tuple[FieldChange, ...] = ()
    moved: bool = False

    @property
    def thing(self) -> Thing:
        """Return it as it is, or as it was before it was removed."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of them is always there
        return found

    @property
    def hows(self) -> tuple[How, ...]:
        """Return in which ways it differs: a card may be changed and moved at once."""
        if self.before is None:
            return ("added",)
        if self.after is None:
            return ("removed",)
        return (*(("changed",) if self.fields else ()), *(("moved",) if self.moved else ()))


@dataclass(slots=True)
class Tally:
    """How many things differ, in each way."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    moved: int = 0

    def count(self, change: Change) -> None:
        """Count a change."""
        for how in change.hows:
            setattr(self, how, getattr(self, how) + 1)

    @property
    def total(self) -> int:
        """Return the sum."""
        return self.added + self.changed + self.removed + self.moved


@dataclass(frozen=True, slots=True)
class Diff:
    """All changes from one version to another, in reading order."""

    changes: tuple[Change, ...]

    def of(self, kind: Kind, how: How | None = None) -> list[Change]:
        """Return the changes of one kind of thing, in one way or in any."""
        return [c for c in self.changes if c.thing.kind == kind and (how is None or how in c.hows)]

    @property
    def totals(self) -> Tally:
        """Count all changes."""
        return _tally(self.changes)

    @property
    def of_kind(self) -> dict[Kind, Tally]:
        """Count the changes of each kind of thing."""
        return {kind: _tally(self.of(kind)) for kind in KINDS}

    @property
    def by_lane(self) -> dict[UUID, Tally]:
        """Count the changed cards of each lane, by the lane's key."""
        return self._by_parent(slice(0, 1))

    @property
    def by_step(self) -> dict[UUID, Tally]:
        """Count the changed cards of each step, by the step's key."""
        return self._by_parent(slice(1, 2))

    @property
    def by_cell(self) -> dict[tuple[UUID, UUID], list[Change]]:
        """Return the changed cards of each cell, by the keys of its lane and step."""
        cells: dict[tuple[UUID, UUID], list[Change]] = defaultdict(list)
        for change in self.of("card"):
            lane, step = change.thing.parents
            cells[lane, step].append(change)
        return cells

    def _by_parent(self, which: slice) -> dict[UUID, Tally]:
        tallies: dict[UUID, Tally] = defaultdict(Tally)
        for change in self.of("card"):
            for parent in change.thing.parents[which]:
                tallies[parent].count(change)
        return tallies


def compare(before: Snapshot, after: Snapshot) -> Diff:
    """Return what has to be done to `before` to get `after`."""
    changes: list[Change] = []
    for kind in KINDS:
        old, new = before.things[kind], after.things[kind]
        moved = _moved(old, new)
        for key in [*new, *(key for key in old if key not in new)]:
            change = _change(old.get(key), new.get(key), key in moved)
            if change is not None:
                changes.append(change)
    return Diff(tuple(changes))


def _change(before: Thing | None, after: Thing | None, moved: bool) -> Change | None:
    if before is None or after is None:
        return Change(before, after)
    fields = tuple(
        FieldChange(name, before.fields.get(name), after.fields.get(name))
        for name in {**before.fields, **after.fields}
        if before.fields.get(name) != after.fields.get(name)
    )
    return Change(before, after, fields, moved) if fields or moved else None


def _moved(old: Mapping[UUID, Thing], new: Mapping[UUID, Thing]) -> set[UUID]:
    """Return what stands elsewhere: in another parent, or in another order among those that stay.

    Of several that changed their order, as few as possible count as moved: one that is taken from
    the front to the end has moved, the others have only made room.
    """
    stayed: dict[tuple[UUID, ...], list[Thing]] = defaultdict(list)
    moved: set[UUID] = set()
    for key in old.keys() & new.keys():
        if old[key].parents != new[key].parents:
            moved.add(key)
        else:
            stayed[new[key].parents].append(new[key])
    for siblings in stayed.values():
        siblings.sort(key=lambda thing: thing.place)
        in_order = _longest_rise([old[thing.key].place for thing in siblings])
        moved |= {t.key for index, t in enumerate(siblings) if index not in in_order}
    return moved


def _longest_rise(places: Sequence[tuple[int, ...]]) -> set[int]:
    """Return the indices of a longest rising subsequence; O(n log n)."""
    tails: list[tuple[int, ...]] = []
    ends: list[int] = []
    before: list[int] = []
    for index, place in enumerate(places):
        at = bisect_left(tails, place)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[at] = place
            ends[at] = index
    found: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        found.add(index)
        index = before[index]
    return found


def _tally(changes: Iterable[Change]) -> Tally:
    tally = Tally()
    for change in changes:
        tally.count(change)
    return tally
