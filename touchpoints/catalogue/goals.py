"""Which goals an interaction reaches: pure rules.

A goal names an event, a pattern of addresses, a touchpoint, or several of these, which then must
all hold. Only what a customer does reaches a goal; an address alone is reached by seeing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final, Protocol
from uuid import UUID

from touchpoints.catalogue.conditions import (
    ADDRESS,
    IS,
    PATTERN,
    Condition,
    Contact,
    Facts,
    Test,
    compiled,
    normalise_event,
)

VIEWS: Final = frozenset({"page", "screen"})
CONTACTS: Final = VIEWS | {"track", "offline"}


class GoalLike(Protocol):
    """What a goal must say about itself to be reached."""

    @property
    def pk(self) -> UUID:
        """Its id."""

    @property
    def touchpoint_id(self) -> UUID | None:
        """The touchpoint where it is reached, None for anywhere."""

    key: str
    event_name: str
    page_pattern: str
    is_primary: bool
    once_per_visit: bool
    value: Decimal | None
    currency: str


class GoalMatcher:
    """Finds the goals of many interactions; made once for each batch."""

    def __init__(self, goals: Iterable[GoalLike]) -> None:
        ordered = sorted(goals, key=lambda goal: (not goal.is_primary, goal.key))
        self._by_event: dict[str, list[tuple[int, _Aim]]] = {}
        self._others: list[tuple[int, _Aim]] = []
        for place, goal in enumerate(ordered):
            aim = _Aim(goal)
            if aim.event:
                self._by_event.setdefault(aim.event, []).append((place, aim))
            elif aim.page is not None or aim.touchpoint is not None:
                self._others.append((place, aim))

    def match(
        self, *, kind: str, event: str, url: str, touchpoint: UUID | None
    ) -> tuple[GoalLike, ...]:
        """Return the goals that are reached, the primary one first, then by key."""
        if kind not in CONTACTS or not (self._by_event or self._others):
            return ()
        named = self._by_event.get(normalise_event(event), []) if event else []
        if not named and not self._others:
            return ()
        facts = Facts(Contact(url=url))
        reached = [
            (place, aim.goal)
            for place, aim in (*named, *self._others)
            if aim.is_reached(kind, facts, touchpoint)
        ]
        reached.sort(key=lambda entry: entry[0])
        return tuple(goal for _place, goal in reached)


class _Aim:
    """A goal made ready to be asked often."""

    __slots__ = ("event", "goal", "page", "touchpoint")

    def __init__(self, goal: GoalLike) -> None:
        self.goal = goal
        self.event = normalise_event(goal.event_name)
        self.page: Callable[[Facts], bool] | None = (
            page_test(goal.page_pattern) if goal.page_pattern.strip() else None
        )
        self.touchpoint = goal.touchpoint_id

    def is_reached(self, kind: str, facts: Facts, touchpoint: UUID | None) -> bool:
        if self.touchpoint is not None and touchpoint != self.touchpoint:
            return False
        if self.page is None:
            return True
        return (bool(self.event) or kind in VIEWS) and self.page(facts)


def page_test(pattern: str) -> Callable[[Facts], bool]:
    """Return what says whether an address is as a pattern with * describes it."""
    operator = PATTERN if "*" in pattern else IS
    test: Test = compiled(Condition(ADDRESS, operator, pattern))
    return test.holds
