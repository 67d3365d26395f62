"""Staff doors to KPIs and targets."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cxm.kpis import registry, services
from cxm.kpis.forms import KpiForm, TargetFormSet
from cxm.kpis.models import Kpi, Target
from cxm.workspaces.admin_base import WorkspaceAdmin, WorkspaceTabularInline


class _MeasuringAdmin(WorkspaceAdmin):
    """Every change asks for a new measuring, in the same transaction."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows below, then ask."""
        super().save_related(request, form, formsets, change)
        services.mark_targets_stale()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one row and ask."""
        with transaction.atomic():
            super().delete_model(request, obj)
            services.mark_targets_stale()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete the chosen rows and ask."""
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            services.mark_targets_stale()


class TargetInline(WorkspaceTabularInline):
    """Targets of a KPI, newest first."""

    model = Target
    formset = TargetFormSet
    fields = ["value", "baseline", "floor", "tolerance", "period", "start", "end"]
    ordering: ClassVar[list[str]] = ["-start"]


@admin.register(Kpi)
class KpiAdmin(_MeasuringAdmin):
    """What somebody answers for."""

    lead = _("What you want to reach, and who answers for it. The KPI page shows where you stand.")
    form = KpiForm
    inlines = [TargetInline]
    list_display = ["name", "measure", "owner_name", "weight", "targets_kept"]
    list_select_related = ["owner__user"]
    search_fields = ["name", "description", "metric"]
    list_filter = ["metric"]
    fieldsets = [
        (None, {"fields": ["name", "description", "metric", "subject_id", "owner"]}),
        (
            _("Narrow it down, or weigh it"),
            {"fields": ["dimension", "dimension_value", "weight"], "classes": ["collapse"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Count the targets along."""
        rows: models.QuerySet[Any] = (
            super().get_queryset(request).annotate(target_count=models.Count("targets"))
        )
        return rows

    @admin.display(description=_("Measure"), ordering="metric")
    def measure(self, kpi: Kpi) -> str:
        """Return the measure's name."""
        entry = registry.metrics.get(kpi.metric)
        return str(entry.title) if entry else kpi.metric

    @admin.display(description=_("Owner"), ordering="owner__user__name", empty_value="–")
    def owner_name(self, kpi: Kpi) -> str | None:
        """Return who answers for it."""
        return str(kpi.owner.user) if kpi.owner else None

    @admin.display(description=_("Targets"), ordering="target_count")
    def targets_kept(self, kpi: Any) -> int:
        """Return how many targets it has or had."""
        count: int = kpi.target_count
        return count


@admin.register(Target)
class TargetAdmin(_MeasuringAdmin):
    """What KPIs shall reach, and when."""

    lead = _("The values your KPIs shall reach. The one that began last holds.")
    list_display = ["kpi", "value", "baseline", "floor", "period", "start", "end"]
    list_select_related = ["kpi"]
    list_filter = ["period"]
    search_fields = ["kpi__name"]
    autocomplete_fields = ["kpi"]
    date_hierarchy = None
    fields = ["kpi", "value", "baseline", "floor", "tolerance", "period", "start", "end"]
