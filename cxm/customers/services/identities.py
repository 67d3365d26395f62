"""Customers and their identities, changed one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import transaction

from cxm.api.errors import DomainError
from cxm.customers.attachments import detached
from cxm.customers.keys import IdentityKey
from cxm.customers.matching import Json, merged
from cxm.customers.models import Customer, Identity
from cxm.customers.services.numbers import lock_identities, next_number, workspace_in_scope

ERASED: Final = "The customer was erased and cannot be changed."
MERGED: Final = "The customer was merged into another one, and is changed there."


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
        DomainError: the customer was erased (code "customer_erased") or merged into another
            one ("customer_merged"), or a key belongs to another customer ("identity_taken").
    """
    # The series before the row, as everywhere, so that nobody waits in a ring.
    lock_identities()
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    if locked.is_erased:
        raise DomainError(ERASED, code="customer_erased")
    if locked.is_merged:
        raise DomainError(MERGED, code="customer_merged")
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
    """Give a customer one more identity; one that the person has already is returned as it is.

    Raises:
        DomainError: it belongs to somebody else (code "identity_taken"), it is shared by several
            people ("identity_shared"), or the customer was erased ("customer_erased").
    """
    lock_identities()
    row = Customer.objects.only("root", "erased_at").get(pk=customer.pk)
    if row.is_erased:
        raise DomainError(ERASED, code="customer_erased")
    found = Identity.objects.with_keys([key]).select_related("customer").first()
    if found is None:
        return Identity.objects.create(
            workspace_id=customer.workspace_id,
            customer=customer,
            kind=key.kind,
            system=key.system,
            value=key.value,
        )
    if found.customer is None:
        raise DomainError(
            f"The identity “{key.value}” is shared by several people.", code="identity_shared"
        )
    if found.customer.root != row.root:
        raise DomainError(
            f"The identity “{key.value}” belongs to another customer.", code="identity_taken"
        )
    return found


@transaction.atomic
def set_identities(*, customer: Customer, keys: Iterable[IdentityKey]) -> None:
    """Make ``keys`` the identities of the person: add what is new, remove what is missing.

    Raises:
        DomainError: as ``add_identity``.
    """
    wanted = set(keys)
    for identity in Identity.objects.filter(customer__root=customer.root):
        if identity.key in wanted:
            wanted.remove(identity.key)
        else:
            remove_identity(identity=identity)
    for key in sorted(wanted, key=lambda key: (key.kind, key.system, key.value)):
        add_identity(customer=customer, key=key)


@transaction.atomic
def remove_identity(*, identity: Identity) -> None:
    """Take an identity away, and with it what the customer has by it alone.

    Whoever comes with it later is a new customer.
    """
    owner = identity.customer
    if owner is not None:
        detached(owner, identity)
    identity.delete()
