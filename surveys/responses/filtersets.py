"""Filters of the list of responses."""

from __future__ import annotations

import django_filters as filters

from surveys.responses.models import Response


class ResponseFilterSet(filters.FilterSet):
    """Responses by what they are about and when they came."""

    submitted_since = filters.IsoDateTimeFilter(field_name="submitted_at", lookup_expr="gte")
    submitted_before = filters.IsoDateTimeFilter(field_name="submitted_at", lookup_expr="lt")
    updated_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Response
        fields = ("survey", "customer", "touchpoint", "via", "wants_reply")
