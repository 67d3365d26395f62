"""Who is who: finds or makes the customers that rows of facts mean, thousands at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from cxm.common.clock import now
from cxm.common.deadlocks import again_after_deadlock
from cxm.common.ids import uuid7
from cxm.customers.keys import IdentityKey
from cxm.customers.matching import Assignment, CustomerFacts, Json, Known, assign, merged
from cxm.customers.models import Customer, Identity, Merge, Suggestion
from cxm.customers.services.merging import join_many
from cxm.customers.services.numbers import take_numbers, workspace_in_scope, written
from cxm.customers.services.suggestions import Conflict, note_conflicts

# Far above what callers bring at once: one statement for each table.
BATCH = 10_000
Status = Literal["created", "updated", "unchanged", "nobody"]


@dataclass(frozen=True, slots=True)
class Identified:
    """What became of one row.

    Attributes:
        customer: the id of the customer who has the row's identities; None for a row with
            nothing but identities that are shared.
        person: the id of the root of their family, who stands for the person.
        status: whether the row made the customer, changed them, or said nothing new; "nobody"
            without a customer.
        conflicts: keys of the row that stay with somebody else.
    """

    customer: UUID | None
    person: UUID | None
    status: Status
    conflicts: tuple[IdentityKey, ...]


NOBODY = Identified(None, None, "nobody", ())


@dataclass(slots=True)
class _Found:
    """What the database knows about keys."""

    known: Known
    # The row of each key, and the keys that mean nobody.
    identities: dict[IdentityKey, UUID]
    shared: set[IdentityKey]

    def __len__(self) -> int:
        return len(self.identities)


def identify(
    *,
    keys: Iterable[IdentityKey],
    traits: Mapping[str, Json] | None = None,
    name: str = "",
    language: str = "",
    aliases: Iterable[IdentityKey] = (),
) -> Customer:
    """Find the customer whom the keys mean, or create them; give them the keys that are new.

    The rule stands in ``cxm.customers.matching``.

    Raises:
        ValueError: there is no key, a text cannot be kept, or all keys are shared.
    """
    facts = CustomerFacts(tuple(keys), traits or {}, name, language, tuple(aliases))
    (result,) = identify_many([facts])
    if result.customer is None:
        raise ValueError("These identities are shared by several people and mean nobody.")
    return Customer.objects.get(pk=result.customer)


@again_after_deadlock
def identify_many(rows: Sequence[CustomerFacts]) -> list[Identified]:
    """Do for thousands of rows what ``identify`` does for one; the number of queries is constant.

    Returns one result for each row, in order, as if they had come one after the other.

    When keys are new or an alias comes, a lock of the workspace is held until the transaction
    ends: two transactions that bring the same new key make one customer. Call this before taking
    other locks, and keep such transactions short.
    """
    if not rows:
        return []
    with transaction.atomic():
        workspace = workspace_in_scope()
        keys = list(dict.fromkeys(key for row in rows for key in (*row.keys, *row.aliases)))
        aliased = any(row.aliases for row in rows)
        found = _Found(Known({}), {}, set()) if aliased else _find(keys)
        if len(found) < len(keys):
            # 1. Wait for whoever is adding identities. 2. See what they added.
            take_numbers(workspace, 0)
            found = _find(keys)
        if aliased or len(found) < len(keys):
            found.known.held = _held(found.known)
        if aliased:
            found.known.apart = _told_apart(found.known)
        meant = [_without(row, found.shared) for row in rows]
        named = [row for row in meant if row is not None]
        assignments = assign(named, found.known, uuid7)
        results = iter(_write(workspace, named, assignments, found))
        return [NOBODY if row is None else next(results) for row in meant]


def resolve_many(keys: Iterable[IdentityKey]) -> dict[IdentityKey, UUID]:
    """Return to whom each known key belongs, by one query.

    It is the customer with whom the key is stored, also when they were merged into somebody
    else. Unknown and shared keys are left out.
    """
    return _find(keys).known.owners


def people_with(keys: Iterable[IdentityKey]) -> dict[IdentityKey, UUID]:
    """Return which person has each known key, as the root of the family, by one query."""
    known = _find(keys).known
    return {key: known.person(owner) for key, owner in known.owners.items()}


def _find(keys: Iterable[IdentityKey]) -> _Found:
    wanted = {(key.kind, key.system, key.value): key for key in keys}
    found = _Found(Known({}), {}, set())
    if not wanted:
        return found
    rows = Identity.objects.with_keys(wanted.values()).order_by()
    for kind, system, value, pk, customer, root in rows.values_list(
        "kind", "system", "value", "pk", "customer_id", "customer__root"
    ):
        key = wanted.get((kind, system, value))
        if key is None:
            continue
        found.identities[key] = pk
        if customer is None:
            found.shared.add(key)
            continue
        found.known.owners[key] = customer
        if root != customer:
            found.known.merged[customer] = root
    return found


def _without(row: CustomerFacts, shared: Collection[IdentityKey]) -> CustomerFacts | None:
    """Return a row without the keys that mean nobody; None when no other is left."""
    if not shared:
        return row
    keys = tuple(key for key in row.keys if key not in shared)
    if not keys:
        return None
    return replace(row, keys=keys, aliases=tuple(key for key in row.aliases if key not in shared))


def _held(known: Known) -> dict[UUID, set[tuple[str, str]]]:
    """Return the places that the families of the owners fill."""
    held: dict[UUID, set[tuple[str, str]]] = {}
    if not known.owners:
        return held
    people = {known.person(owner) for owner in known.owners.values()}
    rows = Identity.objects.filter(customer__root__in=people).order_by()
    for person, kind, system in rows.values_list("customer__root", "kind", "system").distinct():
        held.setdefault(person, set()).add((kind, system))
    return held


def _told_apart(known: Known) -> set[frozenset[UUID]]:
    """Return the pairs among the owners' families of whom a person said that they are two."""
    people = {known.person(owner) for owner in known.owners.values()}
    if len(people) < 2:
        return set()
    pairs = Suggestion.objects.filter(
        dismissed_at__isnull=False, first__root__in=people, second__root__in=people
    )
    return {frozenset(pair) for pair in pairs.values_list("first__root", "second__root")}


def _write(
    workspace: UUID,
    rows: Sequence[CustomerFacts],
    assignments: Sequence[Assignment],
    found: _Found,
) -> list[Identified]:
    known = found.known
    fresh = [a.customer for a in assignments if a.created]
    last = take_numbers(workspace, len(fresh)) if fresh else 0
    customers = {
        pk: Customer(id=pk, workspace_id=workspace, number=written(last - len(fresh) + place))
        for place, pk in enumerate(fresh, start=1)
    }
    # All at once and in one order, or two transactions would wait for each other in a ring.
    customers |= _locked(
        (
            pk
            for row, a in zip(rows, assignments, strict=True)
            if a.customer not in customers
            and (a.attached or row.traits or row.name or row.language)
            # The person too, whose row tells others that something has changed.
            for pk in (a.customer, known.person(a.customer))
        ),
        families=(pk for a in assignments for pair in a.joined for pk in pair),
    )
    changed: dict[UUID, Customer] = {}
    results = []
    for row, assignment in zip(rows, assignments, strict=True):
        customer = customers.get(assignment.customer)
        new_facts = customer is not None and _apply(row, customer)
        if customer is not None and new_facts:
            changed[customer.pk] = customer
        status: Status = "unchanged"
        if assignment.created:
            status = "created"
        elif new_facts or assignment.attached or assignment.joined:
            status = "updated"
        person = known.person(assignment.customer)
        results.append(Identified(assignment.customer, person, status, assignment.conflicts))
    Customer.objects.bulk_create([customers[pk] for pk in fresh], batch_size=BATCH)
    made = set(fresh)
    _update([customer for pk, customer in changed.items() if pk not in made])
    identities = [
        Identity(
            workspace_id=workspace,
            customer_id=assignment.customer,
            kind=key.kind,
            system=key.system,
            value=key.value,
        )
        for assignment in assignments
        for key in assignment.attached
    ]
    Identity.objects.bulk_create(identities, batch_size=BATCH)
    join_many([pair for a in assignments for pair in a.joined], reason=Merge.Reason.ALIAS)
    _note(assignments, found, identities)
    _tell({r.person for r in results if r.person and r.status == "updated"} - set(changed))
    return results


def _note(assignments: Sequence[Assignment], found: _Found, identities: Iterable[Identity]) -> None:
    """Keep the conflicts as hints that two customers may be one person."""
    known = found.known
    rows = found.identities | {identity.key: identity.pk for identity in identities}
    note_conflicts(
        Conflict(known.person(a.customer), known.person(known.owners[key]), rows[key])
        for a in assignments
        for key in a.conflicts
    )


def _tell(people: Collection[UUID]) -> None:
    """Move people up in the list of changes whose family learned something."""
    if people:
        Customer.objects.filter(pk__in=people).update(updated_at=now())


def _locked(wanted: Iterable[UUID], *, families: Iterable[UUID]) -> dict[UUID, Customer]:
    """Return customers by id, and those of whole families, locked in the order of their ids."""
    ids, roots = set(wanted), set(families)
    if not ids and not roots:
        return {}
    rows = Customer.objects.not_erased().filter(Q(pk__in=ids) | Q(root__in=roots))
    return {customer.pk: customer for customer in rows.order_by("pk").select_for_update()}


def _apply(row: CustomerFacts, customer: Customer) -> bool:
    """Lay a row's facts over the customer; say whether anything is new."""
    traits = merged(customer.traits, row.traits)
    name = row.name or customer.name
    language = row.language or customer.language
    if (traits, name, language) == (customer.traits, customer.name, customer.language):
        return False
    customer.traits, customer.name, customer.language = traits, name, language
    return True


def _update(customers: Sequence[Customer]) -> None:
    """Write many customers by few statements; far cheaper than one CASE for each column."""
    if customers:
        Customer.objects.bulk_create(
            customers,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["traits", "name", "language", "updated_at"],
        )
