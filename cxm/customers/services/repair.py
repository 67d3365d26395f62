"""Repair of a wrong connection: an identity goes to somebody else, or means nobody any more."""

from __future__ import annotations

from django.db import transaction

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.customers import attachments
from cxm.customers.keys import CRM
from cxm.customers.models import Customer, Identity
from cxm.customers.services.identities import ERASED, create_customer
from cxm.customers.services.numbers import lock_identities
from cxm.customers.services.suggestions import forget_reasons
from cxm.workspaces import audit


@transaction.atomic
def move_identity(*, identity: Identity, to: Customer) -> Identity:
    """Give an identity to another customer, with what came by it alone.

    An identity that the customer has already changes nothing.

    Raises:
        DomainError: the customer was erased ("customer_erased"), is of another workspace
            ("other_workspace"), or the identity is shared ("identity_shared").
    """
    row, owner = _locked(identity)
    target = Customer.objects.select_for_update().filter(pk=to.pk).first()
    if target is None or target.workspace_id != row.workspace_id:
        raise DomainError("The customer is of another workspace.", code="other_workspace")
    if target.is_erased:
        raise DomainError(ERASED, code="customer_erased")
    if target.pk != owner.pk:
        row.customer = target
        row.save(update_fields=["customer", "updated_at"])
        forget_reasons(row)
        _tell(owner, target)
        attachments.detached(owner, row)
        attachments.attached(target, row)
        audit.record("moved identity of", owner, {"to": (None, target)})
    identity.refresh_from_db()
    return identity


@transaction.atomic
def split_identity(*, identity: Identity) -> Customer:
    """Make a customer of their own out of an identity, with what came by it alone.

    Raises:
        DomainError: the identity is shared ("identity_shared").
    """
    _locked(identity)
    customer = create_customer()
    move_identity(identity=identity, to=customer)
    return customer


@transaction.atomic
def share_identity(*, identity: Identity) -> Identity:
    """Mark an identity as used by several people: from now on it means nobody.

    Its customer gives back what came by it alone. Marking it twice changes nothing.

    Raises:
        DomainError: it is the id of another system, which means one record ("not_shareable").
    """
    lock_identities()
    rows = Identity.objects.select_for_update(of=("self",)).select_related("customer")
    row = rows.get(pk=identity.pk)
    owner = row.customer
    if owner is not None:
        if row.kind == CRM:
            raise DomainError(
                "An id of another system means one record and cannot be shared.",
                code="not_shareable",
            )
        row.customer, row.shared_at = None, now()
        row.save(update_fields=["customer", "shared_at", "updated_at"])
        # That it came with two people says no longer that they are one.
        forget_reasons(row)
        _tell(owner)
        attachments.detached(owner, row)
        audit.record("took shared identity from", owner, {})
    identity.refresh_from_db()
    return identity


@transaction.atomic
def unshare_identity(*, identity: Identity) -> None:
    """Forget that an identity was shared: whoever comes with it next is known by it."""
    lock_identities()
    if Identity.objects.filter(pk=identity.pk, shared_at__isnull=False).delete()[0]:
        audit.record("unmarked shared", identity, {})


def _locked(identity: Identity) -> tuple[Identity, Customer]:
    """Return the row and whose it is, held until the transaction ends."""
    lock_identities()
    row = Identity.objects.select_for_update(of=("self",)).get(pk=identity.pk)
    if row.customer_id is None:
        raise DomainError(
            "This identity is shared by several people and means nobody.", code="identity_shared"
        )
    return row, Customer.objects.get(pk=row.customer_id)


def _tell(*customers: Customer) -> None:
    """Move the people up in the list of changes."""
    Customer.objects.filter(pk__in=[customer.root for customer in customers]).update(
        updated_at=now()
    )
