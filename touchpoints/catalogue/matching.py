"""Which touchpoint an interaction happened at: pure rules.

1. The touchpoint that the sender names, looked up by `by_key` before.
2. The first rule, in order, of which every condition holds.
3. The touchpoint that lists the event's name.
4. The one with the longest address prefix that the page begins with.

A touchpoint that is retired keeps what it has and is found by its key alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Protocol
from uuid import UUID

from touchpoints.catalogue.conditions import (
    IS,
    Contact,
    Facts,
    InvalidConditionError,
    Test,
    all_hold,
    compiled,
    normalise_event,
    page_of,
    read_conditions,
)

__all__ = ["Contact", "Matchable", "Matcher", "RuleLike", "normalise_event", "normalise_prefix"]

RETIRED: Final = "retired"


class Matchable(Protocol):
    """What a touchpoint must say about itself to be matched."""

    @property
    def pk(self) -> UUID:
        """Its id."""

    key: str
    status: str
    event_names: list[str]
    page_prefix: str


class RuleLike(Protocol):
    """What a rule must say about itself."""

    @property
    def pk(self) -> UUID:
        """Its id."""

    @property
    def touchpoint_id(self) -> UUID:
        """The touchpoint that it leads to."""

    position: int
    is_active: bool
    conditions: list[dict[str, str]]


class Matcher:
    """Finds touchpoints for many interactions; made once for each batch.

    The answer depends on nothing but the rows: rules are asked in order of position, then id;
    where two touchpoints claim the same event or prefix, the first in order of key gets it.
    """

    def __init__(self, touchpoints: Iterable[Matchable], rules: Iterable[RuleLike] = ()) -> None:
        self._keys: dict[str, UUID] = {}
        self._events: dict[str, UUID] = {}
        prefixes: dict[str, UUID] = {}
        living: set[UUID] = set()
        for touchpoint in sorted(touchpoints, key=lambda found: found.key):
            self._keys[touchpoint.key] = touchpoint.pk
            if touchpoint.status == RETIRED:
                continue
            living.add(touchpoint.pk)
            for name in touchpoint.event_names:
                self._events.setdefault(normalise_event(name), touchpoint.pk)
            if touchpoint.page_prefix:
                prefixes.setdefault(normalise_prefix(touchpoint.page_prefix), touchpoint.pk)
        self._prefixes: Sequence[tuple[str, UUID]] = sorted(
            prefixes.items(), key=lambda entry: (-len(entry[0]), entry[0])
        )
        self._rules = _Rules(rule for rule in rules if rule.touchpoint_id in living)

    @property
    def needs_properties(self) -> bool:
        """Whether any rule asks for properties; they need not be read otherwise."""
        return self._rules.needs_properties

    def by_key(self, key: str) -> UUID | None:
        """Return the touchpoint with this key, or None."""
        return self._keys.get(key)

    def rule_of(self, contact: Contact) -> UUID | None:
        """Return the first rule that holds for a contact, or None."""
        found = self._rules.first(contact)
        return found.pk if found is not None else None

    def match(
        self, contact: Contact | None = None, *, event: str = "", url: str = ""
    ) -> UUID | None:
        """Return the touchpoint for what is known of an interaction, or None."""
        contact = contact or Contact(event=event, url=url)
        rule = self._rules.first(contact)
        if rule is not None:
            return rule.touchpoint_id
        if contact.event:
            found = self._events.get(normalise_event(contact.event))
            if found is not None:
                return found
        if contact.url and self._prefixes:
            host_and_path, path = page_of(contact.url)
            for prefix, touchpoint in self._prefixes:
                if _begins(path if prefix.startswith("/") else host_and_path, prefix):
                    return touchpoint
        return None


class _Rules:
    """Rules in order. Those that ask for one exact value are found by it instead of one by one."""

    def __init__(self, rules: Iterable[RuleLike]) -> None:
        self._by_value: dict[str, dict[str, list[int]]] = {}
        self._others: list[int] = []
        self._all: list[tuple[RuleLike, tuple[Test, ...]]] = []
        for rule in sorted(rules, key=lambda found: (found.position, found.pk)):
            if not rule.is_active:
                continue
            try:
                tests = tuple(compiled(entry) for entry in read_conditions(rule.conditions))
            except InvalidConditionError:
                # Kept by an older version with a field that is no more: it holds for nothing.
                continue
            exact = next((test for test in tests if _is_exact(test)), None)
            place = len(self._all)
            self._all.append((rule, tests))
            if exact is None:
                self._others.append(place)
            else:
                values = self._by_value.setdefault(exact.subject, {})
                values.setdefault(exact.value, []).append(place)

    @property
    def needs_properties(self) -> bool:
        return any(t.subject.startswith("property:") for _rule, tests in self._all for t in tests)

    def first(self, contact: Contact) -> RuleLike | None:
        """Return the first rule that holds, or None."""
        if not self._all:
            return None
        facts = Facts(contact)
        places = list(self._others)
        for subject, by_value in self._by_value.items():
            for value in facts.values(subject):
                places += by_value.get(value, ())
        places.sort()
        for place in places:
            rule, tests = self._all[place]
            if all_hold(tests, facts):
                return rule
        return None


def _is_exact(test: Test) -> bool:
    # Addresses are compared without the slash at their end, which an index would not know.
    return test.operator == IS and not test.subject.startswith("address:")


def normalise_prefix(prefix: str) -> str:
    """Return a prefix as it is compared: "/checkout", or "shop.example/checkout" with a host."""
    cleaned = prefix.strip().casefold()
    if cleaned.startswith("/"):
        return cleaned.rstrip("/") or "/"
    return page_of(cleaned if "//" in cleaned else f"//{cleaned}")[0].rstrip("/")


def _begins(page: str, prefix: str) -> bool:
    # "/check" is not the beginning of "/checkout": prefixes end at a part of the path.
    if prefix == "/":
        return True
    return page == prefix or page.startswith(f"{prefix}/")
