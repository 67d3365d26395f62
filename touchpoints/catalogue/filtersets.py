"""Filters of the catalogue's lists."""

from __future__ import annotations

import django_filters

from touchpoints.catalogue.models import Channel, Touchpoint


class ChannelFilterSet(django_filters.FilterSet):
    """Channels by key and kind."""

    class Meta:
        model = Channel
        fields = {"key": ["exact"], "kind": ["exact"]}


class TouchpointFilterSet(django_filters.FilterSet):
    """Touchpoints by key, channel, phase, status and time of change."""

    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Touchpoint
        fields = {
            "key": ["exact"],
            "channel": ["exact"],
            "phase": ["exact"],
            "phase__key": ["exact"],
            "status": ["exact"],
            "moment_of_truth": ["exact"],
            "importance_customer": ["exact", "gte"],
            "importance_business": ["exact", "gte"],
            "department": ["exact"],
            "owner": ["exact"],
        }
