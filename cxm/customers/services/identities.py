"""Who is who: finds, makes and connects customers and their identities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import transaction

from cxm.api.errors import DomainError
from cxm.common.ids import uuid7
from cxm.customers.keys import IdentityKey
from cxm.customers.matching import Assignment, CustomerFacts, Json, Slot, assign, merged
from cxm.customers.models import Customer, Identity
from cxm.customers.services.numbers import (
    lock_identities,
    next_number,
    take_numbers,
    workspace_in_scope,
    written,
)

# Far above what callers bring at once: one statement for each table.
BATCH = 10_000
ERASED = "The customer was erased and cannot be changed."
Status = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Identified:
    """What became of one row.

    Attributes:
        customer: the customer's id.
        status: whether the row made the customer, changed them, or said nothing new.
        conflicts: keys of the row that stay with another customer.
    """

    customer: UUID
    status: Status
    conflicts: tuple[IdentityKey, ...]


def identify(
    *,
    keys: Iterable[IdentityKey],
    traits: Mapping[str, Json] | None = None,
    name: str = "",
    language: str = "",
) -> Customer:
    """Find the customer whom the keys mean, or create them; give them the keys that are new.

    The rule stands in ``cxm.customers.matching``.

    Raises:
        ValueError: there is no key, or a text cannot be kept.
    """
    facts = CustomerFacts(tuple(keys), traits or {}, name, language)
    (result,) = identify_many([facts])
    return Customer.objects.get(pk=result.customer)


def identify_many(rows: Sequence[CustomerFacts]) -> list[Identified]:
    """Do for thousands of rows what ``identify`` does for one; the number of queries is constant.

    Returns one result for each row, in order, as if they had come one after the other.

    When keys are new, a lock of the workspace is held until the transaction ends: two
    transactions that bring the same new key make one customer. Call this before taking other
    locks, and keep such transactions short.
    """
    if not rows:
        return []
    with transaction.atomic():
        workspace = workspace_in_scope()
        keys = list(dict.fromkeys(key for row in rows for key in row.keys))
        owners = resolve_many(keys)
        if len(owners) < len(keys):
            # 1. Wait for whoever is adding identities. 2. See what they added.
            take_numbers(workspace, 0)
            owners = resolve_many(keys)
        assignments = assign(rows, owners, _held(owners, len(keys)), uuid7)
        return _write(workspace, rows, assignments)


def resolve_many(keys: Iterable[IdentityKey]) -> dict[IdentityKey, UUID]:
    """Return to whom each known key belongs, by one query; unknown keys are left out."""
    wanted = {(key.kind, key.system, key.value): key for key in keys}
    if not wanted:
        return {}
    rows = Identity.objects.with_keys(wanted.values()).order_by()
    return {
        wanted[kind, system, value]: customer
        for kind, system, value, customer in rows.values_list(
            "kind", "system", "value", "customer_id"
        )
        if (kind, system, value) in wanted
    }


def create_customer(
    *,
    keys: Iterable[IdentityKey] = (),
    traits: Mapping[str, Json] | None = None,
    name: str = "",
    language: str = "",
) -> Customer:
    """Create a customer whom nobody knows yet.

    Raises:
        DomainError: a key belongs to another customer (code "identity_taken").
    """
    with transaction.atomic():
        workspace = workspace_in_scope()
        customer = Customer(
            workspace_id=workspace,
            number=next_number(),
            name=name,
            language=language,
            traits=merged({}, traits or {}),
        )
        customer.save(force_insert=True)
        for key in dict.fromkeys(keys):
            add_identity(customer=customer, key=key)
        return customer


@transaction.atomic
def update_customer(
    *,
    customer: Customer,
    keys: Iterable[IdentityKey] | None = None,
    traits: Mapping[str, Json] | None = None,
    name: str | None = None,
    language: str | None = None,
) -> Customer:
    """Change what is known about a customer; None leaves it. Traits are replaced as a whole.

    Raises:
        DomainError: the customer was erased (code "customer_erased"), or a key belongs to
            another customer (code "identity_taken").
    """
    # The series before the row, as everywhere, so that nobody waits in a ring.
    lock_identities()
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    if locked.is_erased:
        raise DomainError(ERASED, code="customer_erased")
    given = {
        "traits": None if traits is None else merged({}, traits),
        "name": name,
        "language": language,
    }
    changed = {field: value for field, value in given.items() if value is not None}
    for field, value in changed.items():
        setattr(customer, field, value)
    # Only what was given: others may have written the rest since the row was read.
    customer.save(update_fields=[*changed, "updated_at"])
    if keys is not None:
        set_identities(customer=customer, keys=keys)
    return customer


@transaction.atomic
def add_identity(*, customer: Customer, key: IdentityKey) -> Identity:
    """Give a customer one more identity; one they have already is returned as it is.

    Raises:
        DomainError: it belongs to another customer (code "identity_taken"), or the customer
            was erased (code "customer_erased").
    """
    take_numbers(workspace_in_scope(), 0)
    if Customer.objects.filter(pk=customer.pk).exclude(erased_at=None).exists():
        raise DomainError(ERASED, code="customer_erased")
    found = Identity.objects.with_keys([key]).first()
    if found is None:
        return Identity.objects.create(
            workspace_id=customer.workspace_id,
            customer=customer,
            kind=key.kind,
            system=key.system,
            value=key.value,
        )
    if found.customer_id != customer.pk:
        raise DomainError(
            f"The identity “{key.value}” belongs to another customer.", code="identity_taken"
        )
    return found


@transaction.atomic
def set_identities(*, customer: Customer, keys: Iterable[IdentityKey]) -> None:
    """Make ``keys`` the identities of the customer: add what is new, remove what is missing.

    Raises:
        DomainError: as ``add_identity``.
    """
    wanted = set(keys)
    for identity in customer.identities.all():
        if identity.key in wanted:
            wanted.remove(identity.key)
        else:
            remove_identity(identity=identity)
    for key in sorted(wanted, key=lambda key: (key.kind, key.system, key.value)):
        add_identity(customer=customer, key=key)


def remove_identity(*, identity: Identity) -> None:
    """Take an identity away; whoever comes with it later is a new customer."""
    identity.delete()


def _held(owners: Mapping[IdentityKey, UUID], wanted: int) -> dict[UUID, set[Slot]]:
    """Return the places that each owner fills; needed only when some key is new."""
    held: dict[UUID, set[Slot]] = {}
    if not owners or len(owners) == wanted:
        return held
    rows = Identity.objects.filter(customer_id__in=set(owners.values())).order_by()
    for customer, kind, system in rows.values_list("customer_id", "kind", "system"):
        held.setdefault(customer, set()).add((kind, system))
    return held


def _write(
    workspace: UUID, rows: Sequence[CustomerFacts], assignments: Sequence[Assignment]
) -> list[Identified]:
    fresh = [a.customer for a in assignments if a.created]
    last = take_numbers(workspace, len(fresh)) if fresh else 0
    customers = {
        pk: Customer(id=pk, workspace_id=workspace, number=written(last - len(fresh) + place))
        for place, pk in enumerate(fresh, start=1)
    }
    customers |= _locked(
        a.customer
        for row, a in zip(rows, assignments, strict=True)
        if a.customer not in customers and (row.traits or row.name or row.language)
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
        elif new_facts or assignment.attached:
            status = "updated"
        results.append(Identified(assignment.customer, status, assignment.conflicts))
    Customer.objects.bulk_create([customers[pk] for pk in fresh], batch_size=BATCH)
    made = set(fresh)
    _update([customer for pk, customer in changed.items() if pk not in made])
    Identity.objects.bulk_create(
        [
            Identity(
                workspace_id=workspace,
                customer_id=assignment.customer,
                kind=key.kind,
                system=key.system,
                value=key.value,
            )
            for assignment in assignments
            for key in assignment.attached
        ],
        batch_size=BATCH,
    )
    return results


def _locked(wanted: Iterable[UUID]) -> dict[UUID, Customer]:
    """Return customers by id, locked in the order of their ids so that nobody waits in a ring."""
    ids = set(wanted)
    if not ids:
        return {}
    rows = Customer.objects.present().filter(pk__in=ids).order_by("pk").select_for_update()
    return {customer.pk: customer for customer in rows}


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
