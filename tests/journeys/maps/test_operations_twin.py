"""Any sequence of operations leads to the same map as their rules written down once more."""

from __future__ import annotations

from itertools import count
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cxm.workspaces.models import Membership, User, Workspace
from journeys.maps.document import load_document
from journeys.maps.models import Card, Lane, Stage, Step, Version
from tests.journeys.make import draft_of, make_map
from tests.journeys.maps import ops
from tests.journeys.maps.twin import Twin, shown_of

pytestmark = pytest.mark.django_db

LANES = ("actions", "notes", "pain_points", "friction", "needs", "questions", "feelings", "scores")
STATUSES = ("", "", "met", "open", "answered", "idea")
TEXTS = ("", " ", "Waits", "Läuft 🏃", "x" * 400)

Json = dict[str, Any]


_numbers = count(1)


def next_id() -> str:
    """Return an id; later ones are larger, so that an example is the same when it runs again."""
    return str(UUID(int=(0xC0FFEE << 100) + next(_numbers)))


class Choices:
    """Draws of one example: which row, which place, which words."""

    def __init__(self, seed: int, twin: Twin) -> None:
        self.random = Random(seed)
        self.twin = twin

    def of(self, *options: Any) -> Any:
        return self.random.choice(options)

    def row(self, kind: str) -> str:
        """Return a row that is there, mostly."""
        known = sorted(self.twin.rows[kind])
        return str(self.of(*known, next_id())) if known else next_id()

    def place(self) -> int:
        return self.random.randint(0, 6)

    def change(self) -> Json:
        verb = self.of("insert", "insert", "insert", "update", "update", "move", "move", "delete")
        kind = self.of("stage", "step", "step", "lane", "card", "card", "card", "card")
        if verb == "insert":
            return ops.insert(*[self.new(kind) for _ in range(self.of(1, 1, 2, 5))])
        if verb == "update":
            return ops.update(kind, self.row(kind), **self.fields(kind))
        if verb == "move":
            to = {"step": ("stage",), "card": ("lane", "step")}.get(kind, ())
            aim = {name: self.row(name) for name in to}
            return ops.move(kind, self.row(kind), self.place(), **aim)
        return ops.delete(kind, *{self.row(kind) for _ in range(self.of(1, 1, 3))})

    def new(self, kind: str) -> Json:
        row: Json = {"kind": kind, "id": next_id()}
        if self.of(True, False):
            row["at"] = self.place()
        if kind == "stage":
            return {**row, "name": self.of("Before", "After")}
        if kind == "step":
            return {**row, "stage": self.row("stage"), "name": self.of("A", "B"), "metric": ""}
        if kind == "lane":
            return {**row, "lane_kind": self.of(*LANES), "name": self.of("", "Ours")}
        own = {"lane": self.row("lane"), "step": self.row("step")}
        return {**row, **own, "text": self.of(*TEXTS), **self.special()}

    def special(self) -> Json:
        found: Json = self.of(
            {}, {}, {"valence": 0.5}, {"valence": -2.0}, {"severity": 2}, {"status": "met"},
            {"status": "open", "answer": "We do"}, {"span": 2}, {"span": 9}, {"valence": None},
        )  # fmt: skip
        return found

    def fields(self, kind: str) -> Json:
        if kind in ("stage", "step"):
            return {"name": self.of("New", "Other")}
        if kind == "lane":
            found: Json = self.of({"name": "New"}, {"hidden": True}, {"kind": self.of(*LANES)})
        else:
            found = self.of({"text": self.of(*TEXTS)}, self.special() or {"text": "Again"})
        return found


@settings(
    max_examples=40,
    # No shrinking: each example writes a map, and the assertion names what differs.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_operations_do_what_their_rules_say(scope: Workspace, alice: User, seed: int) -> None:
    draft = draft_of(make_map(scope))
    twin = Twin()
    Lane.objects.filter(version=draft).delete()
    choices = Choices(seed, twin)
    changes = [ops.insert({"kind": "stage", "id": next_id(), "name": "First"})]
    stage = changes[0]["rows"][0]["id"]
    changes[0]["rows"] += [
        {"kind": "step", "id": next_id(), "stage": stage, "name": name} for name in "ABC"
    ]
    changes[0]["rows"] += [
        {"kind": "lane", "id": next_id(), "lane_kind": kind, "name": ""} for kind in LANES[:7]
    ]
    twin.apply(changes[0])
    expected = [True]
    for _number in range(choices.random.randint(1, 30)):
        changes.append(choices.change())
        expected.append(twin.apply(changes[-1]))
    outcome = ops.perform(draft, *changes)
    taken = [result.number is not None for result in outcome.results]
    assert taken == expected, [
        (change, result.as_json())
        for change, result, wanted in zip(changes, outcome.results, expected, strict=True)
        if (result.number is not None) != wanted
    ]
    may = {"edit": True, "comment": True, "share": True, "publish": True}
    document = load_document(outcome.version, member=Membership.objects.get(user=alice), may=may)
    assert shown_of(document) == twin.shown()
    assert_without_gaps(draft)
    assert_findings(draft)


def assert_without_gaps(draft: Version) -> None:
    places: dict[tuple[str, UUID | None, UUID | None], list[int]] = {}
    for position in Stage.objects.filter(version=draft).values_list("position", flat=True):
        places.setdefault(("stage", None, None), []).append(position)
    for position in Lane.objects.filter(version=draft).values_list("position", flat=True):
        places.setdefault(("lane", None, None), []).append(position)
    steps = Step.objects.filter(stage__version=draft)
    for stage, position in steps.values_list("stage", "position"):
        places.setdefault(("step", stage, None), []).append(position)
    cards = Card.objects.filter(lane__version=draft)
    for lane, step, position in cards.values_list("lane", "step", "position"):
        places.setdefault(("card", lane, step), []).append(position)
    for found in places.values():
        assert sorted(found) == list(range(len(found)))


def assert_findings(draft: Version) -> None:
    """Every pain point on the map has a row behind it that says the same."""
    for card in Card.objects.filter(lane__version=draft).select_related("lane", "pain_point"):
        if card.lane.kind in ("pain_points", "friction"):
            assert card.pain_point is not None
            assert (card.text, card.severity) == (card.pain_point.title, card.pain_point.severity)
        else:
            assert card.pain_point is None
