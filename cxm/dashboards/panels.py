"""What the room itself brings to the home page: KPIs that miss their target."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.common.clock import now
from cxm.common.targets import Status
from cxm.dashboards.registry import Need, attention
from cxm.kpis.models import Kpi, Measurement
from cxm.workspaces.models import Workspace

NAMED = 2


@attention(key="kpis-off-target", order=30, entry="kpis", permission="kpis.view_kpi")
def kpis_off_target(workspace: Workspace) -> Need | None:
    """Count the KPIs that are off target in the period of their target today, in one query."""
    today = now().astimezone(ZoneInfo(workspace.timezone)).date()
    failing = Measurement.objects.filter(
        metric=OuterRef("metric"),
        subject_kind=OuterRef("subject_kind"),
        subject_id=OuterRef("subject_id"),
        dimension=OuterRef("dimension"),
        dimension_value=OuterRef("dimension_value"),
        window=OuterRef("targets__period"),
        back=0,
        status=Status.BAD,
    )
    names = list(
        Kpi.objects.filter(
            Q(targets__end__isnull=True) | Q(targets__end__gte=today), targets__start__lte=today
        )
        .filter(Exists(failing))
        .order_by("name")
        .values_list("name", flat=True)
        .distinct()
    )
    if not names:
        return None
    detail = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        detail = _("%(names)s and %(more)s more") % {"names": detail, "more": len(names) - NAMED}
    return Need(
        count=len(names),
        severity="bad",
        title=ngettext("KPI is off target", "KPIs are off target", len(names)),
        detail=detail,
        action_label=_("Review"),
        url=reverse("kpis") + "?status=bad",
    )
