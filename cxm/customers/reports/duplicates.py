"""Pairs of customers who may be one person, with what speaks for and against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from cxm.customers.keys import ANONYMOUS, CRM
from cxm.customers.models import Customer, Identity, Suggestion, SuggestionReason
from cxm.customers.querysets import SuggestionQuerySet
from cxm.customers.reports.people import Person, people_of


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one.

    Attributes:
        reasons: the identities that came with both, latest first.
        against: systems in which each has an id of their own.
    """

    suggestion: Suggestion
    first: Person
    second: Person
    reasons: tuple[SuggestionReason, ...]
    against: tuple[str, ...]

    @property
    def two(self) -> tuple[Person, Person]:
        """Both people."""
        return self.first, self.second

    @property
    def device(self) -> Identity | None:
        """The browser that came with both, where nothing surer did."""
        kinds = {reason.identity.kind for reason in self.reasons}
        return self.reasons[0].identity if kinds == {ANONYMOUS} else None

    def other_than(self, person: UUID) -> Person:
        """Return the one who is not the given person."""
        return self.second if self.first.customer.pk == person else self.first


def waiting(customer: Customer | None = None) -> SuggestionQuerySet:
    """Return the suggestions that wait for somebody, of one person or of all, latest first."""
    rows = Suggestion.objects.waiting()
    if customer is not None:
        rows = rows.about(customer.root)
    return rows.order_by("-last_at", "-id")


def pairs(suggestions: Sequence[Suggestion]) -> list[Pair]:
    """Return suggestions with the people whom they are about; a constant number of queries."""
    if not suggestions:
        return []
    rows = list(
        Suggestion.objects.filter(pk__in=[row.pk for row in suggestions])
        .select_related("first", "second")
        .prefetch_related(
            Prefetch(
                "reasons",
                SuggestionReason.objects.select_related("identity").order_by("-last_at", "-id"),
            )
        )
    )
    roots = {customer.root for row in rows for customer in (row.first, row.second)}
    people = {person.customer.pk: person for person in people_of(sorted(roots))}
    systems = _systems(roots)
    by_id = {row.pk: row for row in rows}
    found = []
    for suggestion in suggestions:
        row = by_id[suggestion.pk]
        first, second = row.first.root, row.second.root
        found.append(
            Pair(
                suggestion=row,
                first=people[first],
                second=people[second],
                reasons=tuple(row.reasons.all()),
                against=tuple(sorted(systems.get(first, set()) & systems.get(second, set()))),
            )
        )
    return found


def _systems(roots: set[UUID]) -> dict[UUID, set[str]]:
    """Return the systems in which each person has an id."""
    found: dict[UUID, set[str]] = {}
    rows = Identity.objects.filter(customer__root__in=roots, kind=CRM).order_by()
    for root, system in rows.values_list("customer__root", "system").distinct():
        found.setdefault(root, set()).add(system)
    return found
