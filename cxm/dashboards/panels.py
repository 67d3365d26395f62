"""What the room itself brings to the home page: KPIs that miss their target."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.dashboards import reports
from cxm.dashboards.registry import Need, attention
from cxm.workspaces.models import Workspace

NAMED = 2


@attention(key="kpis-off-target", order=30, entry="kpis", permission="kpis.view_kpi")
def kpis_off_target(workspace: Workspace) -> Need | None:
    """Count the KPIs that are off target in the period of their target today, in one query."""
    names = reports.kpis_off_target(reports.today_in(workspace))
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
