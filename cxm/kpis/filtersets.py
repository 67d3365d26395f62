"""Filters of the API's lists."""

from __future__ import annotations

import django_filters

from cxm.kpis.models import Kpi, Measurement, Target


class KpiFilterSet(django_filters.FilterSet):
    """KPIs by measure, subject and owner."""

    class Meta:
        model = Kpi
        fields = {
            "metric": ["exact"],
            "subject_kind": ["exact"],
            "subject_id": ["exact"],
            "owner": ["exact"],
        }


class TargetFilterSet(django_filters.FilterSet):
    """Targets by KPI, period and validity."""

    class Meta:
        model = Target
        fields = {"kpi": ["exact"], "period": ["exact"], "start": ["lte", "gte"], "end": ["gte"]}


class MeasurementFilterSet(django_filters.FilterSet):
    """Measurements by measure, subject, dimension and window; several measures by comma."""

    metric__in = django_filters.BaseInFilter(field_name="metric")

    class Meta:
        model = Measurement
        fields = {
            "metric": ["exact"],
            "subject_kind": ["exact"],
            "subject_id": ["exact"],
            "dimension": ["exact"],
            "dimension_value": ["exact"],
            "window": ["exact"],
            "back": ["exact"],
            "status": ["exact"],
        }
