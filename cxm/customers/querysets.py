"""Reads over customers, identities and consents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf
from django.db.models.lookups import Exact, GreaterThan, IContains, IExact, IsNull, LessThan

from cxm.common.clock import now
from cxm.customers import conditions as c
from cxm.customers.conditions import Condition
from cxm.customers.keys import IdentityKey, normal_value
from cxm.workspaces.querysets import WorkspaceQuerySet

if TYPE_CHECKING:
    from cxm.customers.models import (  # noqa: F401 - named in the bases below
        Consent,
        Customer,
        Identity,
        Merge,
        Suggestion,
        Suppression,
    )


class Sha256(Func):
    """SHA-256 of a text in hexadecimal, by PostgreSQL itself; no extension needed."""

    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = models.CharField()


class TraitJson(Func):
    """A trait as JSON. Unlike a key lookup it takes names that look like numbers as names."""

    function = "jsonb_extract_path"
    output_field = models.JSONField()

    def __init__(self, name: str, **extra: Any) -> None:
        super().__init__(F("traits"), Value(name), **extra)


class AsText(Func):
    """JSON as text: a string without its quotes."""

    template = "(%(expressions)s #>> '{}')"
    output_field = models.TextField()

    def __init__(self, json: Combinable, **extra: Any) -> None:
        super().__init__(json, **extra)


class AsNumber(Case):
    """JSON as a number, or NULL where it is none."""

    def __init__(self, json: Combinable, **extra: Any) -> None:
        kind = Func(json, function="jsonb_typeof", output_field=models.TextField())
        number = Cast(AsText(json), models.FloatField())
        super().__init__(
            When(Exact(kind, Value("number")), then=number),
            output_field=models.FloatField(),
            **extra,
        )


class IdentityQuerySet(WorkspaceQuerySet["Identity"]):
    """Identities."""

    def with_keys(self, keys: Iterable[IdentityKey]) -> Self:
        """Keep the identities that have one of ``keys``."""
        values: dict[tuple[str, str], list[str]] = {}
        for key in keys:
            values.setdefault(key.slot, []).append(key.value)
        if not values:
            return self.none()
        return self.filter(
            reduce(
                or_,
                (
                    Q(kind=kind, system=system, value__in=found)
                    for (kind, system), found in values.items()
                ),
            )
        )

    def with_address_hash(self) -> Self:
        """Annotate ``address_hash``, by which suppressions know an address."""
        return self.annotate(address_hash=Sha256(F("value")))


class ConsentQuerySet(WorkspaceQuerySet["Consent"]):
    """Events of consent given and withdrawn."""

    def current(self) -> Self:
        """Keep what holds now: the latest event of each person, purpose and channel.

        Of two at the same moment, the one that was written later counts. Customers who were
        merged are one person.

        Asks for "no later event" rather than DISTINCT ON, so that filters may stand before or
        after it without changing what "latest" means.
        """
        later = self.model._base_manager.filter(
            customer__root=OuterRef("customer__root"),
            purpose=OuterRef("purpose"),
            channel=OuterRef("channel"),
        ).filter(
            Q(at__gt=OuterRef("at"))
            | Q(at=OuterRef("at"), created_at__gt=OuterRef("created_at"))
            | Q(at=OuterRef("at"), created_at=OuterRef("created_at"), id__gt=OuterRef("id"))
        )
        return self.filter(~Exists(later))


class SuppressionQuerySet(WorkspaceQuerySet["Suppression"]):
    """Addresses that must not be written to."""


class MergeQuerySet(WorkspaceQuerySet["Merge"]):
    """Merges of customers."""

    def active(self) -> Self:
        """Leave out those that were undone."""
        return self.filter(undone_at=None)


class SuggestionQuerySet(WorkspaceQuerySet["Suggestion"]):
    """Pairs of customers who may be one person."""

    def waiting(self) -> Self:
        """Keep those that somebody should look at: two present people, not told apart yet."""
        return self.filter(
            dismissed_at=None, first__erased_at=None, second__erased_at=None
        ).exclude(first__root=F("second__root"))

    def about(self, person: UUID) -> Self:
        """Keep those about a person, given by the root of the family."""
        return self.filter(Q(first__root=person) | Q(second__root=person))


class CustomerQuerySet(WorkspaceQuerySet["Customer"]):
    """Customers."""

    def present(self) -> Self:
        """Keep the people: leave out who was erased and who was merged into somebody else."""
        return self.filter(erased_at=None, merged_into=None)

    def people(self) -> Self:
        """Leave out who was merged into somebody else; who was erased stays."""
        return self.filter(merged_into=None)

    def not_erased(self) -> Self:
        """Leave out who was erased; who was merged stays."""
        return self.filter(erased_at=None)

    def family_of(self, person: UUID) -> Self:
        """Keep the customers who are one person, given by the root of the family."""
        return self.filter(root=person)

    def search(self, term: str) -> Self:
        """Keep the people whose number, name or identity matches what a colleague typed.

        Numbers and identities match as a whole, names in part; those of a customer who was
        merged find the person.
        """
        text = term.strip()
        values = {text, text.lower()}
        for kind in ("email", "phone"):
            try:
                values.add(normal_value(kind, text))
            except ValueError:
                continue
        own = self._related("identities").filter(customer_id=OuterRef("pk"), value__in=values)
        members = self.model._base_manager.filter(
            Q(number__iexact=text) | Q(name__icontains=text) | Exists(own)
        )
        return self.filter(pk__in=members.values("root"))

    def matching(
        self, conditions: Iterable[Condition], *, match: str = c.ALL, zone: str = "UTC"
    ) -> Self:
        """Keep those who meet all conditions, or any when ``match`` is "any".

        No conditions keep everybody. Dates are days in the time zone ``zone``.
        """
        return self.filter(self.test_of(conditions, match=match, zone=zone))

    def test_of(
        self, conditions: Iterable[Condition], *, match: str = c.ALL, zone: str = "UTC"
    ) -> Q:
        """Return what ``matching`` filters by, to be used in an annotation or a count."""
        tests = [self._test(condition, zone) for condition in conditions]
        return reduce(or_ if match == c.ANY else and_, tests, Q()) if tests else Q()

    def _related(self, relation: str) -> models.QuerySet[Any]:
        related: Any = self.model._meta.get_field(relation).related_model
        rows: models.QuerySet[Any] = related._default_manager.all()
        return rows

    def _of(self, relation: str) -> models.QuerySet[Any]:
        """Return the related rows of the person in the query around."""
        return self._related(relation).filter(customer__root=OuterRef("pk"))

    def _absorbed(self) -> models.QuerySet[Any]:
        """Return who was merged into the person in the query around, the oldest first."""
        rows = self.model._base_manager.filter(merged_into=OuterRef("pk"))
        return rows.order_by("created_at", "pk")

    def _trait(self, name: str) -> Combinable:
        """Return a person's trait as JSON: their own, else that of who was merged into them."""
        others = self._absorbed().annotate(found=TraitJson(name)).filter(found__isnull=False)
        return Coalesce(
            TraitJson(name),
            Subquery(others.values("found")[:1]),
            output_field=models.JSONField(),
        )

    def _language(self) -> Combinable:
        others = self._absorbed().exclude(language="")
        return Coalesce(
            NullIf(F("language"), Value("")),
            Subquery(others.values("language")[:1]),
            Value(""),
            output_field=models.CharField(),
        )

    def _test(self, condition: Condition, zone: str) -> Q:
        if condition.field == c.TRAIT:
            return _trait_test(condition, self._trait(condition.name))
        if condition.field == c.LANGUAGE:
            same = Q(IExact(self._language(), condition.value))
            return ~same if condition.operator == c.IS_NOT else same
        if condition.field == c.CREATED:
            return self._created_test(condition, zone)
        if condition.field == c.IDENTITY:
            known = Q(Exists(self._of("identities").filter(kind=condition.name)))
            return ~known if condition.operator == c.HAS_NOT else known
        purpose, channel = condition.purpose_and_channel
        events: Any = self._of("consents")
        granted = Q(Exists(events.current().filter(purpose=purpose, channel=channel, granted=True)))
        return ~granted if condition.operator == c.NOT_GRANTED else granted

    def _created_test(self, condition: Condition, zone: str) -> Q:
        """Compare the first day on which any customer of the family was known."""
        if condition.operator == c.WITHIN_DAYS:
            return self._known_since(now() - timedelta(days=condition.days))
        day = condition.day
        if condition.operator == c.BEFORE:
            return ~self._known_since(datetime.combine(day, time(), ZoneInfo(zone)))
        return self._known_since(datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)))

    def _known_since(self, moment: datetime) -> Q:
        earlier = self._absorbed().filter(created_at__lt=moment)
        return Q(created_at__gte=moment) & ~Q(Exists(earlier))


def _trait_test(condition: Condition, trait: Combinable) -> Q:
    text = AsText(trait)
    if condition.operator == c.SET:
        return Q(IsNull(text, False))
    if condition.operator == c.NOT_SET:
        return Q(IsNull(text, True))
    if condition.operator == c.CONTAINS:
        return Q(IContains(text, condition.value))
    if condition.operator == c.GREATER:
        return Q(GreaterThan(AsNumber(trait), condition.number))
    if condition.operator == c.LESS:
        return Q(LessThan(AsNumber(trait), condition.number))
    same = Q(Exact(text, condition.value))
    if condition.operator == c.IS_NOT:
        # SQL's NOT keeps nobody whose trait is missing; a reader of "is not" expects them.
        return ~same | Q(IsNull(text, True))
    return same
