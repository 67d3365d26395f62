"""Who is who: assigns rows of facts to customers by their keys. Pure: no Django, no database.

The rule, row by row:

1. Keys are tried from the strongest kind to the weakest: crm, email, phone, anonymous.
2. The first key that belongs to a customer decides, with one exception: a weaker key does not
   lead to a customer who already holds another value in the place (kind and system) of a
   stronger new key of the row. Two people share a browser or a family address more often than
   one person has two numbers in one CRM.
3. No key decides: a new customer.
4. Keys that belong to nobody are given to that customer. Keys that belong to somebody else stay
   where they are and are reported as conflicts; nobody is merged here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cxm.customers.keys import IdentityKey

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

    Raises:
        ValueError: a sentence that says what is wrong with the row.
    """

    keys: tuple[IdentityKey, ...]
    traits: Mapping[str, Json] = field(default_factory=dict)
    name: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.keys) <= MOST_KEYS:
            raise ValueError(f"Give 1 to {MOST_KEYS} identities.")
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
        conflicts: keys of the row that belong to another customer.
    """

    customer: UUID
    created: bool
    attached: tuple[IdentityKey, ...]
    conflicts: tuple[IdentityKey, ...]


def assign(
    rows: Sequence[CustomerFacts],
    owners: Mapping[IdentityKey, UUID],
    held: Mapping[UUID, set[Slot]],
    new_id: Callable[[], UUID],
) -> list[Assignment]:
    """Return one assignment for each row, as if the rows came one after the other.

    Args:
        owners: to whom each known key of the rows belongs.
        held: the places that each of those customers already fills.
        new_id: makes the id of a new customer.
    """
    owner_of = dict(owners)
    slots = {customer: set(taken) for customer, taken in held.items()}
    assignments = []
    for row in rows:
        keys = by_strength(row.keys)
        customer = _decide(keys, owner_of, slots)
        created = customer is None
        if customer is None:
            customer = new_id()
        attached = tuple(key for key in keys if key not in owner_of)
        for key in attached:
            owner_of[key] = customer
            slots.setdefault(customer, set()).add(key.slot)
        conflicts = tuple(key for key in keys if owner_of[key] != customer)
        assignments.append(Assignment(customer, created, attached, conflicts))
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


def _decide(
    keys: Sequence[IdentityKey],
    owner_of: Mapping[IdentityKey, UUID],
    slots: Mapping[UUID, set[Slot]],
) -> UUID | None:
    for key in keys:
        owner = owner_of.get(key)
        if owner is None:
            continue
        taken = slots.get(owner, set())
        stronger = (k for k in keys if k.strength > key.strength and k not in owner_of)
        if not any(k.slot in taken for k in stronger):
            return owner
    return None


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
