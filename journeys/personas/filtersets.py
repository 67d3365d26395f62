"""Filters of the list of personas."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from journeys.personas.models import Persona


class PersonaFilterSet(django_filters.FilterSet):
    """Personas by name, segment and tag."""

    tag = django_filters.CharFilter(method="with_tag")

    class Meta:
        model = Persona
        fields = ("name", "segment")

    def with_tag(self, rows: QuerySet[Persona], _name: str, tag: str) -> QuerySet[Persona]:
        """Keep those that have the tag."""
        return rows.filter(tags__contains=[tag])
