"""Reads over many rows of the room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db.models import Q

from cxm.workspaces.querysets import WorkspaceQuerySet

if TYPE_CHECKING:
    from cxm.kpis.models import Kpi, Measurement

    _Measurements = WorkspaceQuerySet[Measurement]
    _Kpis = WorkspaceQuerySet[Kpi]
else:
    _Measurements = _Kpis = WorkspaceQuerySet


class MeasurementQuerySet(_Measurements):
    """Stored figures."""

    def about(self, subject_kind: str, subject_ids: Iterable[UUID]) -> Self:
        """Keep those of some subjects."""
        return self.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids))

    def sliced(self, dimension: str, dimension_value: str) -> Self:
        """Keep those of one dimension value; two empty texts mean the whole."""
        return self.filter(dimension=dimension, dimension_value=dimension_value)

    def with_trend(self, window: str, trend: str) -> Self:
        """Keep a window, the one before it, and the spans of its trend."""
        return self.filter(Q(window=window, back__lte=1) | Q(window=trend))


class KpiQuerySet(_Kpis):
    """Measures that somebody answers for."""

    def with_targets(self) -> Self:
        """Fetch owners and targets along."""
        return self.select_related("owner__user").prefetch_related("targets")
