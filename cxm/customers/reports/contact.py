"""Whom we may write to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from cxm.customers.models import Consent, Customer, Identity, Suppression
from cxm.customers.vocabulary import ADDRESS_KIND, PERSONAL_REASONS

Refusal = Literal["erased", "no_address", "suppressed", "no_consent"]


class Contacts(NamedTuple):
    """Whom we may write to.

    Attributes:
        allowed: the address to use for each customer who may be contacted.
        refused: why each other customer may not.
    """

    allowed: dict[UUID, str]
    refused: dict[UUID, Refusal]


def contactable(customers: QuerySet[Customer], purpose: str, channel: str) -> Contacts:
    """Say for each of ``customers`` whether they may be contacted, and at which address.

    Customers who were merged are one person: what any of them agreed to last holds, and the
    addresses of all of them count. The oldest address that is not suppressed is taken. Whoever
    unsubscribed or complained with one address is not written to at another; a bounce only rules
    out the address that bounced. Two queries, however many customers.

    Args:
        purpose: what consent is needed for, such as "survey".
        channel: "email", "sms" or "phone"; other channels have no addresses.
    """
    granted = (
        Consent.objects.current()
        .filter(customer__root=OuterRef("root"), purpose=purpose, channel=channel, granted=True)
        .order_by()
    )
    people = list(
        customers.order_by("pk")
        .annotate(has_consent=Exists(granted))
        .values_list("pk", "root", "erased_at", "has_consent")
    )
    addresses = _addresses(customers, channel)
    allowed: dict[UUID, str] = {}
    refused: dict[UUID, Refusal] = {}
    for customer, person, erased_at, has_consent in people:
        known = addresses.get(person, [])
        usable = [address for address, reason in known if reason is None]
        if erased_at is not None:
            refused[customer] = "erased"
        elif not known:
            refused[customer] = "no_address"
        elif not usable or any(reason in PERSONAL_REASONS for _, reason in known):
            refused[customer] = "suppressed"
        elif not has_consent:
            refused[customer] = "no_consent"
        else:
            allowed[customer] = usable[0]
    return Contacts(allowed, refused)


def _addresses(
    customers: QuerySet[Customer], channel: str
) -> Mapping[UUID, list[tuple[str, str | None]]]:
    """Return each person's addresses with the reason for which each is suppressed."""
    suppressions = Suppression.objects.filter(
        workspace_id=OuterRef("workspace_id"),
        channel=channel,
        address_hash=OuterRef("address_hash"),
    ).order_by()
    found: defaultdict[UUID, list[tuple[str, str | None]]] = defaultdict(list)
    rows = (
        Identity.objects.filter(
            customer__root__in=customers.order_by().values("root"),
            kind=ADDRESS_KIND.get(channel, ""),
        )
        .with_address_hash()
        .annotate(reason=Subquery(suppressions.values("reason")[:1]))
        .order_by("created_at", "id")
        .values_list("customer__root", "value", "reason")
    )
    for person, value, reason in rows:
        found[person].append((value, reason))
    return found
