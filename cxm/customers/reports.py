"""Reads about customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from cxm.customers.models import Consent, Customer, Identity, Segment, Suppression
from cxm.customers.vocabulary import ADDRESS_KIND, CHANNEL_EMAIL, CHANNEL_SMS, PERSONAL_REASONS
from cxm.customers.words import REASON_WORDS, consent_words

Refusal = Literal["erased", "no_address", "suppressed", "no_consent"]


class Contacts(NamedTuple):
    """Whom we may write to.

    Attributes:
        allowed: the address to use for each customer who may be contacted.
        refused: why each other customer may not.
    """

    allowed: dict[UUID, str]
    refused: dict[UUID, Refusal]


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One event of consent in words."""

    words: str
    granted: bool
    withdrawn: bool
    at: datetime
    source: str
    wording: str


@dataclass(frozen=True, slots=True)
class Consents:
    """What holds now, in the order of its words, and the whole history, newest first."""

    current: list[ConsentLine]
    history: list[ConsentLine]


@dataclass(frozen=True, slots=True)
class IdentityLine:
    """One identity and, if its address is suppressed, why."""

    identity: Identity
    stopped: str


def contactable(customers: QuerySet[Customer], purpose: str, channel: str) -> Contacts:
    """Say for each of ``customers`` whether they may be contacted, and at which address.

    The oldest address that is not suppressed is taken. Whoever unsubscribed or complained with
    one address is not written to at another; a bounce only rules out the address that bounced.
    Two queries, however many customers.

    Args:
        purpose: what consent is needed for, such as "survey".
        channel: "email", "sms" or "phone"; other channels have no addresses.
    """
    granted = (
        Consent.objects.current()
        .filter(customer_id=OuterRef("pk"), purpose=purpose, channel=channel, granted=True)
        .order_by()
    )
    people = list(
        customers.order_by("pk")
        .annotate(has_consent=Exists(granted))
        .values_list("pk", "erased_at", "has_consent")
    )
    addresses = _addresses(customers, channel)
    allowed: dict[UUID, str] = {}
    refused: dict[UUID, Refusal] = {}
    for customer, erased_at, has_consent in people:
        known = addresses.get(customer, [])
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
    """Return the addresses of each customer with the reason for which each is suppressed."""
    suppressions = Suppression.objects.filter(
        workspace_id=OuterRef("workspace_id"),
        channel=channel,
        address_hash=OuterRef("address_hash"),
    ).order_by()
    found: defaultdict[UUID, list[tuple[str, str | None]]] = defaultdict(list)
    rows = (
        Identity.objects.filter(
            customer__in=customers.order_by().values("pk"), kind=ADDRESS_KIND.get(channel, "")
        )
        .with_address_hash()
        .annotate(reason=Subquery(suppressions.values("reason")[:1]))
        .order_by("created_at", "id")
        .values_list("customer_id", "value", "reason")
    )
    for customer, value, reason in rows:
        found[customer].append((value, reason))
    return found


def consents_of(customer: Customer) -> Consents:
    """Return what a customer agreed to, by one query."""
    current: dict[tuple[str, str], ConsentLine] = {}
    history = []
    given: set[tuple[str, str]] = set()
    events = customer.consents.order_by("at", "created_at", "id")
    for event in events:
        subject = (event.purpose, event.channel)
        line = ConsentLine(
            words=consent_words(*subject),
            granted=event.granted,
            withdrawn=not event.granted and subject in given,
            at=event.at,
            source=event.source,
            wording=event.wording,
        )
        if event.granted:
            given.add(subject)
        current[subject] = line
        history.append(line)
    return Consents(sorted(current.values(), key=lambda line: line.words), history[::-1])


def identities_of(customer: Customer) -> list[IdentityLine]:
    """Return a customer's identities, oldest first, by one query."""
    suppressions = Suppression.objects.filter(
        workspace_id=OuterRef("workspace_id"),
        channel__in=(CHANNEL_EMAIL, CHANNEL_SMS),
        address_hash=OuterRef("address_hash"),
    ).order_by("channel")
    rows = (
        Identity.objects.filter(customer=customer)
        .with_address_hash()
        .annotate(reason=Subquery(suppressions.values("reason")[:1]))
        .order_by("created_at", "id")
    )
    lines = []
    for row in rows:
        reason: str | None = getattr(row, "reason", None)
        lines.append(IdentityLine(row, str(REASON_WORDS.get(reason, reason)) if reason else ""))
    return lines


def segments_of(customer: Customer) -> list[Segment]:
    """Return the segments in which a customer is now: three queries for any number of them."""
    segments = list(Segment.objects.select_related("workspace").prefetch_related("conditions"))
    if not segments or customer.is_erased:
        return []
    inside = {
        f"s{place}": Exists(segment.customers().filter(pk=OuterRef("pk")).order_by())
        for place, segment in enumerate(segments)
    }
    row = Customer.objects.filter(pk=customer.pk).annotate(**inside).values(*inside).get()
    return [segment for place, segment in enumerate(segments) if row[f"s{place}"]]


def sizes_of(segments: Iterable[Segment]) -> dict[UUID, int]:
    """Return how many customers each segment has now, by one query over the customers.

    The segments' conditions are prefetched by the caller.
    """
    tests = {f"s{place}": (segment.pk, segment.test()) for place, segment in enumerate(segments)}
    if not tests:
        return {}
    counts = (
        Customer.objects.present()
        .order_by()
        .aggregate(**{name: Count("pk", filter=test) for name, (_, test) in tests.items()})
    )
    return {pk: counts[name] for name, (pk, _) in tests.items()}
