"""The page of interactions, to look back."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cxm.kpis.reports import figures, scored_at
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.forms import NONE, CriteriaForm
from touchpoints.interactions.models import Source
from touchpoints.interactions.reports import breakdowns, latest, source_states
from touchpoints.interactions.reports.latest import MOST_EXPORTED
from touchpoints.interactions.views.shared import newest_of

WINDOWS: Final = (
    ("30d", _("30 days")),
    ("90d", _("90 days")),
    ("365d", _("365 days")),
    ("all", _("All")),
)


@require_GET
@workspace_page("interactions.view_interaction")
def interactions_page(request: MemberRequest) -> HttpResponse:
    """Show visits by dimension, what sources sent, and the latest interactions."""
    criteria, after = CriteriaForm(request.GET).criteria()
    window = _window(request, "all")
    asked = _query(request, after="", window="")
    page = latest(workspace=request.workspace, criteria=criteria, after=after)
    totals = figures("workspace", [request.workspace.pk], ("visits", "conversion", "views"), window)
    return render_page(
        request,
        "interactions/interactions.html",
        {
            "page": page,
            "criteria": criteria,
            "none": NONE,
            "exports": [(newest_of(MOST_EXPORTED), f"{reverse('interactions_export')}?{asked}")],
            "older": _query(request, after=str(page.older)) if page.older else "",
            "first": not after,
            "sources": Source.objects.for_workspace(request.workspace),
            "touchpoints": Touchpoint.objects.for_workspace(request.workspace),
            "states": source_states(workspace=request.workspace),
            "breakdowns": breakdowns(workspace=request.workspace, window=window),
            "totals": {key: score for (_id, key), score in totals.items()},
            "windows": WINDOWS,
            "window": window,
            "scored_at": scored_at(),
            "may_add": request.user.has_perm("interactions.add_source"),
        },
    )


def _window(request: MemberRequest, default: str) -> str:
    wanted = request.GET.get("window", default)
    return wanted if wanted in dict(WINDOWS) else default


def _query(request: MemberRequest, **changes: str) -> str:
    return urlencode({**request.GET.dict(), **changes})
