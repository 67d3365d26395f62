"""A comparison of two versions as JSON, for the editor's colours and the summary of changes."""

from __future__ import annotations

from typing import TypedDict
from uuid import UUID

from journeys.maps.diffing import HOWS, Change, Diff, How, Kind, Plain, Snapshot, Tally, Thing


class Counts(TypedDict):
    """How many things differ, in each way."""

    added: int
    changed: int
    removed: int
    moved: int


class CountsOf(Counts):
    """The counts of one lane or step."""

    key: str
    title: str


class Field(TypedDict):
    """A field, old and new."""

    field: str
    was: Plain
    now: Plain


class Place(TypedDict, total=False):
    """Where something stands: of a step its stage, of a card its lane and step, all by key."""

    stage: str
    lane: str
    step: str


class Difference(TypedDict):
    """One thing that differs: `was_*` is null where nothing was before or nothing has changed."""

    key: str
    title: str
    was_title: str | None
    place: Place
    was_place: Place | None
    fields: list[Field]


class CardDifference(TypedDict):
    """One card of a cell that differs, in words."""

    key: str
    how: list[How]
    text: str
    was: str | None


class Cell(Counts):
    """What differs in one cell."""

    lane: str
    step: str
    lane_title: str
    step_title: str
    cards: list[CardDifference]


class Differences(TypedDict):
    """The things of one kind that differ, by how; one that is changed and moved is in both."""

    added: list[Difference]
    changed: list[Difference]
    removed: list[Difference]
    moved: list[Difference]


class Comparison(TypedDict):
    """All that differs between two versions; `names` says what ids among fields are called."""

    totals: Counts
    counts: dict[str, Counts]
    stages: Differences
    steps: Differences
    lanes: Differences
    cards: Differences
    by_lane: list[CountsOf]
    by_step: list[CountsOf]
    cells: list[Cell]
    names: dict[str, str]


def comparison(diff: Diff, before: Snapshot, after: Snapshot) -> Comparison:
    """Return a comparison as JSON."""
    return Comparison(
        totals=counts(diff.totals),
        counts={f"{kind}s": counts(tally) for kind, tally in diff.of_kind.items()},
        stages=_differences(diff, "stage"),
        steps=_differences(diff, "step"),
        lanes=_differences(diff, "lane"),
        cards=_differences(diff, "card"),
        by_lane=_counts_of(diff.by_lane, "lane", before, after),
        by_step=_counts_of(diff.by_step, "step", before, after),
        cells=cells(diff, before, after),
        names={**before.names, **after.names},
    )


def counts(tally: Tally) -> Counts:
    """Return counts as JSON."""
    return Counts(
        added=tally.added, changed=tally.changed, removed=tally.removed, moved=tally.moved
    )


def cells(diff: Diff, before: Snapshot, after: Snapshot) -> list[Cell]:
    """Return the cells in which cards differ, with what differs in them, in reading order."""
    found = []
    for (lane, step), changes in diff.by_cell.items():
        tally = Tally()
        for change in changes:
            tally.count(change)
        found.append(
            Cell(
                **counts(tally),
                lane=str(lane),
                step=str(step),
                lane_title=_title("lane", lane, before, after),
                step_title=_title("step", step, before, after),
                cards=[
                    CardDifference(
                        key=str(change.thing.key),
                        how=list(change.hows),
                        text=change.thing.title,
                        was=_was_title(change),
                    )
                    for change in changes
                ],
            )
        )
    return found


def _differences(diff: Diff, kind: Kind) -> Differences:
    found: dict[How, list[Difference]] = {
        how: [_difference(change) for change in diff.of(kind, how)] for how in HOWS
    }
    return Differences(
        added=found["added"],
        changed=found["changed"],
        removed=found["removed"],
        moved=found["moved"],
    )


def _difference(change: Change) -> Difference:
    thing = change.thing
    was_place = _place(change.before) if change.before and change.after and change.moved else None
    return Difference(
        key=str(thing.key),
        title=thing.title,
        was_title=_was_title(change),
        place=_place(thing),
        was_place=was_place,
        fields=[Field(field=f.name, was=f.was, now=f.now) for f in change.fields],
    )


def _was_title(change: Change) -> str | None:
    if change.before is None or change.after is None or change.before.title == change.after.title:
        return None
    return change.before.title


def _place(thing: Thing) -> Place:
    if thing.kind == "step":
        return Place(stage=str(thing.parents[0]))
    if thing.kind == "card":
        return Place(lane=str(thing.parents[0]), step=str(thing.parents[1]))
    return Place()


def _counts_of(
    tallies: dict[UUID, Tally], kind: Kind, before: Snapshot, after: Snapshot
) -> list[CountsOf]:
    return [
        CountsOf(**counts(tally), key=str(key), title=_title(kind, key, before, after))
        for key, tally in tallies.items()
    ]


def _title(kind: Kind, key: UUID, before: Snapshot, after: Snapshot) -> str:
    found = after.things[kind].get(key) or before.things[kind].get(key)
    return found.title if found else ""
