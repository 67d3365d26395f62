"""Reads over customers, identities and consents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThan, IContains, IsNull, LessThan

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
        Suppression,
    )


class Sha256(Func):
    """SHA-256 of a text in hexadecimal, by PostgreSQL itself; no extension needed."""

    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = models.CharField()


class TraitText(Func):
    """A trait as text. Unlike a key lookup it takes names that look like numbers as names."""

    function = "jsonb_extract_path_text"
    output_field = models.TextField()

    def __init__(self, name: str, **extra: Any) -> None:
        super().__init__(F("traits"), Value(name), **extra)


class TraitNumber(Case):
    """A trait as a number, or NULL where it is none."""

    def __init__(self, name: str, **extra: Any) -> None:
        kind = Func(
            Func(F("traits"), Value(name), function="jsonb_extract_path"),
            function="jsonb_typeof",
            output_field=models.TextField(),
        )
        number = Cast(TraitText(name), models.FloatField())
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
        """Keep what holds now: the latest event of each customer, purpose and channel.

        Of two at the same moment, the one that was written later counts.

        Asks for "no later event" rather than DISTINCT ON, so that filters may stand before or
        after it without changing what "latest" means.
        """
        later = self.model._base_manager.filter(
            customer_id=OuterRef("customer_id"),
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


class CustomerQuerySet(WorkspaceQuerySet["Customer"]):
    """Customers."""

    def present(self) -> Self:
        """Leave out those who were erased."""
        return self.filter(erased_at=None)

    def known_by(self, key: IdentityKey) -> Self:
        """Keep the customer who has this key."""
        return self.filter(
            Exists(self._of("identities").filter(kind=key.kind, system=key.system, value=key.value))
        )

    def search(self, term: str) -> Self:
        """Keep those whose number, name or identity matches what a colleague typed.

        Numbers and identities match as a whole, names in part.
        """
        text = term.strip()
        found = Q(number__iexact=text) | Q(name__icontains=text)
        values = {text, text.lower()}
        for kind in ("email", "phone"):
            try:
                values.add(normal_value(kind, text))
            except ValueError:
                continue
        return self.filter(found | Exists(self._of("identities").filter(value__in=values)))

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

    def _of(self, relation: str) -> models.QuerySet[Any]:
        """Return the related rows of the customer in the query around."""
        related: Any = self.model._meta.get_field(relation).related_model
        rows: models.QuerySet[Any] = related._default_manager.filter(customer_id=OuterRef("pk"))
        return rows

    def _test(self, condition: Condition, zone: str) -> Q:
        if condition.field == c.TRAIT:
            return _trait_test(condition)
        if condition.field == c.LANGUAGE:
            same = Q(language__iexact=condition.value)
            return ~same if condition.operator == c.IS_NOT else same
        if condition.field == c.CREATED:
            return _created_test(condition, zone)
        if condition.field == c.IDENTITY:
            known = Q(Exists(self._of("identities").filter(kind=condition.name)))
            return ~known if condition.operator == c.HAS_NOT else known
        purpose, channel = condition.purpose_and_channel
        events: Any = self._of("consents")
        granted = Q(Exists(events.current().filter(purpose=purpose, channel=channel, granted=True)))
        return ~granted if condition.operator == c.NOT_GRANTED else granted


def _trait_test(condition: Condition) -> Q:
    text = TraitText(condition.name)
    if condition.operator == c.SET:
        return Q(IsNull(text, False))
    if condition.operator == c.NOT_SET:
        return Q(IsNull(text, True))
    if condition.operator == c.CONTAINS:
        return Q(IContains(text, condition.value))
    if condition.operator == c.GREATER:
        return Q(GreaterThan(TraitNumber(condition.name), condition.number))
    if condition.operator == c.LESS:
        return Q(LessThan(TraitNumber(condition.name), condition.number))
    same = Q(Exact(text, condition.value))
    if condition.operator == c.IS_NOT:
        # SQL's NOT keeps nobody whose trait is missing; a reader of "is not" expects them.
        return ~same | Q(IsNull(text, True))
    return same


def _created_test(condition: Condition, zone: str) -> Q:
    if condition.operator == c.WITHIN_DAYS:
        return Q(created_at__gte=now() - timedelta(days=condition.days))
    day = condition.day
    if condition.operator == c.BEFORE:
        return Q(created_at__lt=datetime.combine(day, time(), ZoneInfo(zone)))
    next_day = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return Q(created_at__gte=next_day)
