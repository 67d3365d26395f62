"""Filters of campaigns in the API."""

from __future__ import annotations

from datetime import date

import django_filters
from django.db.models import Q, QuerySet

from touchpoints.campaigns.models import Campaign, Placement, PlanLine, Spend


class CampaignFilterSet(django_filters.FilterSet):
    """Campaigns by key, word, status, the days they run on, and time of change."""

    utm_campaign = django_filters.CharFilter(field_name="utm_campaign", lookup_expr="iexact")
    runs_on = django_filters.DateFilter(method="running")
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Campaign
        fields = {
            "key": ["exact"],
            "status": ["exact"],
            "starts_on": ["gte", "lte"],
            "ends_on": ["gte", "lte"],
        }

    def running(self, queryset: QuerySet[Campaign], name: str, value: date) -> QuerySet[Campaign]:
        """Keep those whose days hold the given one."""
        open_or_later = Q(ends_on__isnull=True) | Q(ends_on__gte=value)
        return queryset.filter(open_or_later, starts_on__lte=value)


class PlacementFilterSet(django_filters.FilterSet):
    """Placements by campaign, kind, code and what they point to."""

    class Meta:
        model = Placement
        fields = {
            "campaign": ["exact"],
            "kind": ["exact"],
            "code": ["exact"],
            "touchpoint": ["exact"],
            "channel": ["exact"],
        }


class PlanLineFilterSet(django_filters.FilterSet):
    """Lines by campaign, phase and channel."""

    class Meta:
        model = PlanLine
        fields = {"campaign": ["exact"], "phase": ["exact"], "channel": ["exact"]}


class SpendFilterSet(django_filters.FilterSet):
    """Spend by campaign, placement, line, reference and day."""

    class Meta:
        model = Spend
        fields = {
            "campaign": ["exact"],
            "placement": ["exact"],
            "line": ["exact"],
            "reference": ["exact"],
            "day": ["exact", "gte", "lte"],
        }
