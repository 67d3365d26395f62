"""Figures in the head of a customer's page: a registry that the rooms above fill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise

if TYPE_CHECKING:
    from cxm.customers.models import Customer

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with the words that stand small beside it."""

    value: Text
    note: Text = ""


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact with its title."""

    title: Text
    fact: Fact | None


Source = Callable[["Customer", Sequence[UUID]], Fact | None]

_sources: dict[str, tuple[int, Text, Source]] = {}


def fact(key: str, title: Text, *, order: int) -> Callable[[Source], Source]:
    """Enter a function (customer, ids of the family) that returns a fact, or None without one.

    It runs inside the customer's workspace scope and takes one query or two.

    Raises:
        ValueError: the key is entered already.
    """

    def enter(function: Source) -> Source:
        if key in _sources:
            raise ValueError(f"The fact {key!r} is entered twice.")
        _sources[key] = (order, title, function)
        return function

    return enter


def facts_of(customer: Customer, family: Sequence[UUID]) -> list[ShownFact]:
    """Return all facts about a person in their order."""
    found = sorted(_sources.items(), key=lambda entry: (entry[1][0], entry[0]))
    return [
        ShownFact(title, function(customer, family)) for _key, (_order, title, function) in found
    ]
