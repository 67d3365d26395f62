"""Filters of the room's lists."""

from __future__ import annotations

import django_filters

from touchpoints.interactions.models import Interaction, Quarantined, Source


class InteractionFilterSet(django_filters.FilterSet):
    """Interactions by place, source, event, customer and time (from, and before)."""

    touchpoint = django_filters.UUIDFilter(field_name="touchpoint_id")
    source = django_filters.UUIDFilter(field_name="source_id")
    # Whoever was merged into a customer is the customer.
    customer = django_filters.UUIDFilter(field_name="customer__root")
    visit = django_filters.UUIDFilter(field_name="visit_key")
    occurred_from = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_before = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="lt")

    class Meta:
        model = Interaction
        fields = {"kind": ["exact"], "event": ["exact"], "anonymous_id": ["exact"]}


class SourceFilterSet(django_filters.FilterSet):
    """Sources by name and kind."""

    class Meta:
        model = Source
        fields = {"name": ["exact"], "kind": ["exact"]}


class QuarantinedFilterSet(django_filters.FilterSet):
    """Rows in the quarantine by source, reason and state."""

    source = django_filters.UUIDFilter(field_name="source_id")

    class Meta:
        model = Quarantined
        fields = {"reason": ["exact"], "outcome": ["exact"]}
