"""Filters of the API's lists."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from cxm.customers import conditions as c
from cxm.customers.conditions import Condition
from cxm.customers.keys import KINDS, email_key, normal_value
from cxm.customers.models import Consent, Customer, Identity, Merge, Segment


def segments_in_scope(request: HttpRequest | None) -> QuerySet[Segment]:
    """Return the segments that a request may name."""
    return Segment.objects.all() if request is not None else Segment.objects.none()


def customers_in_scope(request: HttpRequest | None) -> QuerySet[Customer]:
    """Return the customers that a request may name."""
    return Customer.objects.all() if request is not None else Customer.objects.none()


class EmailField(forms.CharField):
    """An e-mail address, brought into its normal form."""

    def clean(self, value: Any) -> Any:
        """Return the address as identities keep it."""
        text = super().clean(value)
        if not text:
            return text
        try:
            return email_key(text).value
        except ValueError as error:
            raise ValidationError(str(error)) from None


class EmailFilter(filters.CharFilter):
    """Filters by an address, however it is written."""

    field_class = EmailField


class TraitField(forms.CharField):
    """`name:value`."""

    def clean(self, value: Any) -> Any:
        """Return the condition that the trait has the value."""
        text = super().clean(value)
        if not text:
            return text
        name, _, wanted = text.partition(":")
        try:
            return Condition(c.TRAIT, name, c.IS, wanted)
        except ValueError:
            raise ValidationError("Write the trait as name:value, for example plan:gold.") from None


class TraitFilter(filters.CharFilter):
    """Filters by the value of a trait."""

    field_class = TraitField


class CustomerFilterSet(filters.FilterSet):
    """Filters of customers. The three of an identity are about one and the same identity."""

    number = filters.CharFilter(lookup_expr="iexact")
    email = EmailFilter(method="by_email")
    identity_kind = filters.ChoiceFilter(
        choices=[(kind, kind) for kind in KINDS], method="by_identity"
    )
    identity_system = filters.CharFilter(method="by_identity")
    identity_value = filters.CharFilter(method="by_identity")
    updated_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")
    trait = TraitFilter(method="by_trait", help_text="name:value, for example plan:gold")
    segment = filters.ModelChoiceFilter(queryset=segments_in_scope, method="by_segment")
    erased = filters.BooleanFilter(field_name="erased_at", lookup_expr="isnull", exclude=True)
    merged = filters.BooleanFilter(
        field_name="merged_into",
        lookup_expr="isnull",
        exclude=True,
        help_text="Without it, customers who were merged come only with `updated_since`.",
    )

    class Meta:
        model = Customer
        fields = ("number",)

    def filter_queryset(self, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
        """Apply all filters, those of an identity together."""
        found: QuerySet[Customer] = super().filter_queryset(queryset)
        data = self.form.cleaned_data
        kind, value = data["identity_kind"], data["identity_value"]
        if value and kind:
            try:
                value = normal_value(kind, value)
            except ValueError:
                return found.none()
        wanted = {"kind": kind, "system": data["identity_system"].lower(), "value": value}
        wanted = {name: text for name, text in wanted.items() if text}
        if not wanted:
            return found
        return found.filter(pk__in=Identity.objects.filter(**wanted).values("customer__root"))

    def by_email(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """Keep the person with this address."""
        known = Identity.objects.filter(kind="email", value=value)
        return queryset.filter(pk__in=known.values("customer__root"))

    def by_identity(
        self, queryset: QuerySet[Customer], name: str, value: str
    ) -> QuerySet[Customer]:
        """Leave it to ``filter_queryset``, which sees all three."""
        return queryset

    def by_trait(self, queryset: Any, name: str, value: Condition) -> QuerySet[Customer]:
        """Keep the customers whose trait has the value."""
        found: QuerySet[Customer] = queryset.matching([value])
        return found

    def by_segment(
        self, queryset: QuerySet[Customer], name: str, value: Segment
    ) -> QuerySet[Customer]:
        """Keep the customers who are in the segment now."""
        return queryset.filter(pk__in=value.customers().order_by().values("pk"))


class ConsentFilterSet(filters.FilterSet):
    """Filters of events of consent."""

    customer = filters.ModelChoiceFilter(queryset=customers_in_scope, method="by_customer")
    current = filters.BooleanFilter(
        method="only_current", help_text="true: only what holds now, without the history"
    )

    class Meta:
        model = Consent
        fields = ("customer", "purpose", "channel", "granted")

    def by_customer(
        self, queryset: QuerySet[Consent], name: str, value: Customer
    ) -> QuerySet[Consent]:
        """Keep those of the person, whichever of their customers is named."""
        return queryset.filter(customer__root=value.root)

    def only_current(self, queryset: Any, name: str, value: bool) -> QuerySet[Consent]:
        """Keep what holds now."""
        found: QuerySet[Consent] = queryset.current() if value else queryset
        return found


class MergeFilterSet(filters.FilterSet):
    """Filters of merges."""

    winner = filters.ModelChoiceFilter(queryset=customers_in_scope)
    loser = filters.ModelChoiceFilter(queryset=customers_in_scope)
    undone = filters.BooleanFilter(field_name="undone_at", lookup_expr="isnull", exclude=True)
    updated_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Merge
        fields = ("winner", "loser", "reason")
