"""Pages of the room: interactions, and how it goes at one touchpoint."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from cxm.kpis.reports import figures, scored_at
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.forms import NONE, CriteriaForm
from touchpoints.interactions.models import Source
from touchpoints.interactions.reports import Criteria, breakdowns, latest, source_states

WINDOWS: Final = (
    ("30d", _("30 days")),
    ("90d", _("90 days")),
    ("365d", _("365 days")),
    ("all", _("All")),
)
HEADLINES: Final = ("satisfaction", "task_fulfilment", "nps")
MORE: Final = (
    "visits",
    "conversion",
    "success",
    "views",
    "dwell",
    "dwell_foreground",
    "dwell_next_page",
)
LATEST_HERE: Final = 8


@require_GET
@workspace_page("interactions.view_interaction")
def interactions_page(request: MemberRequest) -> HttpResponse:
    """Show visits by dimension, what sources sent, and the latest interactions."""
    criteria, after = CriteriaForm(request.GET).criteria()
    window = _window(request, "all")
    page = latest(workspace=request.workspace, criteria=criteria, after=after)
    totals = figures("workspace", [request.workspace.pk], ("visits", "conversion", "views"), window)
    return render_page(
        request,
        "interactions/interactions.html",
        {
            "page": page,
            "criteria": criteria,
            "none": NONE,
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


@require_GET
@workspace_page("catalogue.view_touchpoint")
def touchpoint_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show how it goes at one touchpoint."""
    touchpoint = get_object_or_404(
        Touchpoint.objects.for_workspace(request.workspace).select_related(
            "channel", "owner__user"
        ),
        pk=pk,
    )
    window = _window(request, "90d")
    scores = figures("touchpoint", [touchpoint.pk], (*HEADLINES, *MORE), window)
    by_key = {key: score for (_id, key), score in scores.items()}
    page = latest(
        workspace=request.workspace, criteria=Criteria(touchpoint=touchpoint.pk), size=LATEST_HERE
    )
    nps = by_key.get("nps")
    return render_page(
        request,
        "interactions/touchpoint.html",
        {
            "touchpoint": touchpoint,
            "headlines": [by_key[key] for key in HEADLINES if key in by_key],
            "nps": nps,
            "course": [(f"{point.end:%d.%m.}", point.figure) for point in nps.trend] if nps else [],
            "visits": by_key.get("visits"),
            "rows": [
                by_key[key]
                for key in MORE
                if key in by_key and by_key[key].figure.value is not None
            ],
            "page": page,
            "breakdowns": breakdowns(
                workspace=request.workspace, window=window, touchpoint=touchpoint.pk
            ),
            "windows": WINDOWS,
            "window": window,
            "scored_at": scored_at(),
            "may_change": request.user.has_perm("catalogue.change_touchpoint"),
        },
    )


def _window(request: MemberRequest, default: str) -> str:
    wanted = request.GET.get("window", default)
    return wanted if wanted in dict(WINDOWS) else default


def _query(request: MemberRequest, **changes: str) -> str:
    return urlencode({**request.GET.dict(), **changes})
