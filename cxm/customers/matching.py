"""Who is who: assigns rows of facts to customers by their keys. Pure: no Django, no database.

The rule, row by row:

1. Keys are tried from the strongest kind to the weakest: crm, email, phone, anonymous.
2. The first key that belongs to a customer decides, with one exception: a weaker key does not
   lead to a customer who already holds another value in the place (kind and system) of a
   stronger new key of the row. Two people share a browser or a family address more often than
   one person has two numbers in one CRM.
3. No key decides: a new customer.
4. Keys that belong to nobody are given to that customer. Keys that belong to somebody else stay
   where they are and are reported as conflicts; they merge nobody.
5. An alias says that two keys are one person: whoever has it is merged with the customer. Two
   things hold it off and make it a conflict: a browser does not merge people who have different
   ids in one system, and what a person told apart stays apart.

Customers who were merged are one family: a key of any of them is no conflict with the others,
and their places count together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cxm.customers.families import join, root_of
from cxm.customers.keys import CRM, IdentityKey

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
Slot = tuple[str, str]

MOST_KEYS = 20
MOST_TRAITS = 200
LONGEST_TRAIT_NAME = 100
LONGEST_NAME = 200
LONGEST_LANGUAGE = 12


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What one row says about one person.

    Attributes:
        keys: at least one key.
        traits: facts by name; None takes a trait away.
        name, language: "" leaves what is known.
        aliases: keys of which the sender says that they are the same person. Whoever has one is
            merged with the customer of ``keys``; when nobody has any, the first is attached.

    Raises:
        ValueError: a sentence that says what is wrong with the row.
    """

    keys: tuple[IdentityKey, ...]
    traits: Mapping[str, Json] = field(default_factory=dict)
    name: str = ""
    language: str = ""
    aliases: tuple[IdentityKey, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < len(self.keys) <= MOST_KEYS:
            raise ValueError(f"Give 1 to {MOST_KEYS} identities.")
        if len(self.aliases) > MOST_KEYS:
            raise ValueError(f"Give at most {MOST_KEYS} aliases.")
        check_traits(self.traits)
        check_text(self.name, LONGEST_NAME, "name")
        check_text(self.language, LONGEST_LANGUAGE, "language")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where one row went.

    Attributes:
        customer: the customer's id.
        created: whether the row made the customer.
        attached: keys of the row that the customer got by it.
        conflicts: keys of the row that belong to somebody else.
        joined: merges that the row's aliases ask for, as roots: who stays, who is merged.
    """

    customer: UUID
    created: bool
    attached: tuple[IdentityKey, ...]
    conflicts: tuple[IdentityKey, ...]
    joined: tuple[tuple[UUID, UUID], ...] = ()


@dataclass(slots=True)
class Known:
    """What is known about the keys of the rows, and learned from row to row.

    Attributes:
        owners: to whom each known key belongs.
        held: the places that each family fills, by its root.
        merged: the root of each owner who was merged into somebody else.
        apart: pairs of roots of whom a person said that they are two.
    """

    owners: dict[IdentityKey, UUID]
    held: dict[UUID, set[Slot]] = field(default_factory=dict)
    merged: dict[UUID, UUID] = field(default_factory=dict)
    apart: Collection[frozenset[UUID]] = ()

    def person(self, customer: UUID) -> UUID:
        """Return the root of a customer's family."""
        return root_of(self.merged, customer)

    def person_with(self, key: IdentityKey) -> UUID | None:
        """Return the root of who has a key."""
        owner = self.owners.get(key)
        return None if owner is None else self.person(owner)

    def attach(self, key: IdentityKey, customer: UUID) -> None:
        """Give a customer a key."""
        self.owners[key] = customer
        self.held.setdefault(self.person(customer), set()).add(key.slot)

    def merge(self, winner: UUID, loser: UUID) -> list[tuple[UUID, UUID]]:
        """Make two people one; return the merge that it takes, if any."""
        taken = join(self.merged, [(winner, loser)])
        for above, beneath in taken:
            self.held.setdefault(above, set()).update(self.held.get(beneath, ()))
        return taken


def assign(
    rows: Sequence[CustomerFacts], known: Known, new_id: Callable[[], UUID]
) -> list[Assignment]:
    """Return one assignment for each row, as if the rows came one after the other.

    Args:
        known: what is known about the rows' keys; it learns from the rows.
        new_id: makes the id of a new customer.
    """
    assignments = []
    for row in rows:
        keys = by_strength(row.keys)
        customer = _decide(keys, known)
        created = customer is None
        if customer is None:
            customer = new_id()
        attached = [key for key in keys if key not in known.owners]
        aliases = [key for key in dict.fromkeys(row.aliases) if key not in attached]
        if aliases and not any(key in known.owners for key in aliases):
            attached.append(aliases[0])
        for key in attached:
            known.attach(key, customer)
        joined = [
            merge
            for key in aliases
            if _may_join(key, customer, known)
            for merge in known.merge(customer, known.owners[key])
        ]
        person = known.person(customer)
        conflicts = [
            key for key in [*keys, *aliases] if known.person_with(key) not in (None, person)
        ]
        assignments.append(
            Assignment(customer, created, tuple(attached), tuple(conflicts), tuple(joined))
        )
    return assignments


def by_strength(keys: Sequence[IdentityKey]) -> list[IdentityKey]:
    """Return each key once, the strongest kind first, in the order given within a kind."""
    return sorted(dict.fromkeys(keys), key=lambda key: -key.strength)


def merged(old: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, Json]:
    """Return traits with the new ones laid over the old; None takes one away."""
    return {name: value for name, value in {**old, **new}.items() if value is not None}


def check_traits(traits: Mapping[str, Json]) -> None:
    """Raise ValueError for traits that cannot be kept."""
    if len(traits) > MOST_TRAITS:
        raise ValueError(f"Give at most {MOST_TRAITS} traits.")
    for name, value in traits.items():
        if not name or len(name) > LONGEST_TRAIT_NAME:
            raise ValueError(f"Name a trait with 1 to {LONGEST_TRAIT_NAME} characters.")
        _check_json(name)
        _check_json(value)


def check_text(text: str, longest: int, what: str) -> None:
    """Raise ValueError for text that is too long or that the database cannot keep."""
    if len(text) > longest:
        raise ValueError(f"The {what} is longer than {longest} characters.")
    _check_json(text)


def _decide(keys: Sequence[IdentityKey], known: Known) -> UUID | None:
    for key in keys:
        owner = known.owners.get(key)
        if owner is None:
            continue
        taken = known.held.get(known.person(owner), set())
        stronger = (k for k in keys if k.strength > key.strength and k not in known.owners)
        if not any(k.slot in taken for k in stronger):
            return owner
    return None


def _may_join(alias: IdentityKey, customer: UUID, known: Known) -> bool:
    """Say whether an alias may merge its owner with the customer."""
    other, person = known.person_with(alias), known.person(customer)
    if other is None or frozenset((other, person)) in known.apart:
        return False
    if alias.kind == CRM:
        return True
    both = known.held.get(other, set()) & known.held.get(person, set())
    return not any(kind == CRM for kind, _system in both)


def _check_json(value: Json) -> None:
    """Refuse what JSONB refuses: NUL, halves of characters, numbers that are none."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("A trait or name holds a NUL character.")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("A trait or name holds half a character.") from None
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("A trait holds a number that is none.")
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_json(name)
            _check_json(part)
    elif isinstance(value, list):
        for part in value:
            _check_json(part)
