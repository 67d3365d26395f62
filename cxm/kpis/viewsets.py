"""JSON doors to KPIs, targets and measurements."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from rest_framework.serializers import BaseSerializer

from cxm.kpis import services
from cxm.kpis.filtersets import KpiFilterSet, MeasurementFilterSet, TargetFilterSet
from cxm.kpis.models import Kpi, Measurement, Target
from cxm.kpis.serializers import KpiSerializer, MeasurementSerializer, TargetSerializer
from cxm.workspaces.viewsets import ReadOnlyWorkspaceViewSet, WorkspaceViewSet


class _MeasuringViewSet(WorkspaceViewSet):
    """Every write asks for a new measuring, in the same transaction."""

    scope = "kpis"

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Add the row and ask."""
        with transaction.atomic():
            super().perform_create(serializer)
            services.mark_targets_stale()

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        """Change the row and ask."""
        with transaction.atomic():
            super().perform_update(serializer)
            services.mark_targets_stale()

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete the row and ask."""
        with transaction.atomic():
            super().perform_destroy(instance)
            services.mark_targets_stale()


class KpiViewSet(_MeasuringViewSet):
    """What somebody answers for."""

    queryset = Kpi.objects.all()
    serializer_class = KpiSerializer
    filterset_class = KpiFilterSet
    ordering = ("name", "id")


class TargetViewSet(_MeasuringViewSet):
    """What KPIs shall reach."""

    queryset = Target.objects.all()
    serializer_class = TargetSerializer
    filterset_class = TargetFilterSet
    ordering = ("-start", "id")


class MeasurementViewSet(ReadOnlyWorkspaceViewSet):
    """The figures, as worked out; `window` and `back` say for which days."""

    scope = "kpis"
    queryset = Measurement.objects.all()
    serializer_class = MeasurementSerializer
    filterset_class = MeasurementFilterSet
    ordering = ("metric", "subject_kind", "subject_id", "window", "back", "id")
