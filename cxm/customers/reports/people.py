"""Who a person is: the customers who are one family, what they are known by and agreed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from cxm.customers.keys import CRM, EMAIL
from cxm.customers.matching import Json
from cxm.customers.models import Consent, Customer, Identity, Merge, Suppression
from cxm.customers.vocabulary import CHANNEL_EMAIL, CHANNEL_SMS
from cxm.customers.words import REASON_WORDS, consent_words


@dataclass(frozen=True, slots=True)
class Person:
    """A family of customers as one person.

    The root's facts stand first; what it lacks is taken from the others, the oldest first.

    Attributes:
        customer: the root of the family.
        absorbed: who was merged into it, the oldest first.
    """

    customer: Customer
    absorbed: tuple[Customer, ...]

    @property
    def name(self) -> str:
        """The first name that is known; "" when none is."""
        return next((row.name for row in (self.customer, *self.absorbed) if row.name), "")

    @property
    def language(self) -> str:
        """The first language that is known; "" when none is."""
        return next((row.language for row in (self.customer, *self.absorbed) if row.language), "")

    @property
    def traits(self) -> Mapping[str, Json]:
        """All traits."""
        found: dict[str, Json] = {}
        for row in (self.customer, *self.absorbed):
            found = {**row.traits, **found}
        return found

    @property
    def since(self) -> datetime:
        """When the first customer of the family was made."""
        return min(row.created_at for row in (self.customer, *self.absorbed))

    @property
    def identities(self) -> list[Identity]:
        """All identities, the root's first; prefetch them."""
        return [one for row in (self.customer, *self.absorbed) for one in row.identities.all()]

    @property
    def initials(self) -> str:
        """Return up to two letters for the avatar."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"

    @property
    def ids(self) -> list[UUID]:
        """The ids of the family, the root's first."""
        return [self.customer.pk, *(row.pk for row in self.absorbed)]


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
    """One identity of a person.

    Attributes:
        stopped: why its address is suppressed, if it is.
        certain: whether it surely means this person: a record of another system does, and an
            e-mail address does; a phone may be a family's, and a browser anybody's.
        through: the customer who was merged and brought it; None for the root's own.
    """

    identity: Identity
    stopped: str
    certain: bool
    through: Customer | None


def family_ids(customer: Customer) -> list[UUID]:
    """Return the ids of everybody who is one person with a customer, the root's first.

    The way from a person to rows that are stored with a customer: ``customer_id__in``.
    """
    rows = Customer.objects.filter(root=customer.root).order_by("created_at", "pk")
    ids = list(rows.values_list("pk", flat=True))
    return sorted(ids, key=lambda pk: pk != customer.root)


def families_of(customers: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Return for each of many customers what ``family_ids`` returns for one; one query."""
    wanted = set(customers)
    mine = Customer.objects.filter(pk__in=wanted).order_by().values("root")
    family: dict[UUID, list[UUID]] = {}
    person_of: dict[UUID, UUID] = {}
    rows = Customer.objects.filter(root__in=mine).order_by("created_at", "pk")
    for pk, root in rows.values_list("pk", "root"):
        person_of[pk] = root
        known = family.setdefault(root, [])
        known.insert(0 if pk == root else len(known), pk)
    return {pk: list(family[person_of[pk]]) for pk in wanted if pk in person_of}


def person_of(customer: Customer) -> Person:
    """Return the person whom a customer is or is a part of, by one query."""
    rows = list(Customer.objects.filter(root=customer.root).order_by("created_at", "pk"))
    root = next(row for row in rows if row.pk == customer.root)
    return Person(root, tuple(row for row in rows if row is not root))


def people_of(roots: Sequence[UUID]) -> list[Person]:
    """Return people by the roots of their families, in order, with all identities; two queries."""
    families: dict[UUID, list[Customer]] = {root: [] for root in roots}
    rows = Customer.objects.filter(root__in=roots).prefetch_related("identities")
    for row in rows.order_by("created_at", "pk"):
        families[row.root].append(row)
    return [
        Person(
            next(row for row in family if row.pk == root),
            tuple(row for row in family if row.pk != root),
        )
        for root, family in families.items()
        if family
    ]


def consents_of(customer: Customer) -> Consents:
    """Return what a person agreed to, by one query."""
    current: dict[tuple[str, str], ConsentLine] = {}
    history = []
    given: set[tuple[str, str]] = set()
    events = Consent.objects.filter(customer__root=customer.root).order_by("at", "created_at", "id")
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
    """Return a person's identities, the root's first, then oldest first, by one query."""
    suppressions = Suppression.objects.filter(
        workspace_id=OuterRef("workspace_id"),
        channel__in=(CHANNEL_EMAIL, CHANNEL_SMS),
        address_hash=OuterRef("address_hash"),
    ).order_by("channel")
    rows = (
        Identity.objects.filter(customer__root=customer.root)
        .select_related("customer")
        .with_address_hash()
        .annotate(reason=Subquery(suppressions.values("reason")[:1]))
        .order_by("created_at", "id")
    )
    lines = []
    for row in rows:
        reason: str | None = getattr(row, "reason", None)
        lines.append(
            IdentityLine(
                identity=row,
                stopped=str(REASON_WORDS.get(reason, reason)) if reason else "",
                certain=row.kind in (CRM, EMAIL),
                through=row.customer if row.customer and row.customer.is_merged else None,
            )
        )
    return sorted(lines, key=lambda line: line.through is not None)


def merges_of(customer: Customer) -> QuerySet[Merge]:
    """Return the merges that hold a person's family together, newest first."""
    return (
        Merge.objects.active()
        .filter(loser__root=customer.root)
        .select_related("winner", "loser", "by")
        .order_by("-created_at", "-id")
    )
