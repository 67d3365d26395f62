"""Filters of the lists of pain points and opportunities."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from journeys.maps.models import JourneyMap, Opportunity, PainPoint


class FindingFilterSet(django_filters.FilterSet):
    """What both kinds have: words, the map on which it stands, whether any card names it."""

    q = django_filters.CharFilter(method="with_words")
    map = django_filters.ModelChoiceFilter(
        queryset=lambda request: JourneyMap.objects.all(), method="on_map"
    )
    unused = django_filters.BooleanFilter(field_name="cards", lookup_expr="isnull", distinct=True)

    def with_words(self, rows: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        """Keep those in which every word is found."""
        for word in words.split():
            rows = rows.filter(Q(title__icontains=word) | Q(description__icontains=word))
        return rows

    @extend_schema_field(OpenApiTypes.UUID)
    def on_map(self, rows: QuerySet[Any], _name: str, journey: JourneyMap) -> QuerySet[Any]:
        """Keep those that some version of the map names."""
        return rows.filter(
            pk__in=rows.model.objects.filter(cards__lane__version__map=journey).values("pk")
        )


class PainPointFilterSet(FindingFilterSet):
    """Pain points by severity."""

    class Meta:
        model = PainPoint
        fields = {"severity": ["exact", "gte"]}


class OpportunityFilterSet(FindingFilterSet):
    """Opportunities by status, owner, impact and effort."""

    class Meta:
        model = Opportunity
        fields = {
            "status": ["exact"],
            "owner": ["exact"],
            "impact": ["exact", "gte"],
            "effort": ["exact", "lte"],
        }
