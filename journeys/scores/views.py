"""The map as a page, the list of journeys, and the parts that htmx fetches."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cxm.dashboards import numbers
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from journeys.maps.models import JourneyMap, Version
from journeys.maps.reports import load_grid, load_outlines, version_to_show
from journeys.scores import inspecting, words
from journeys.scores.drawing import MapMark, draw_map
from journeys.scores.reports import score_map, score_outlines

PERIODS: Final = {"30": _("Last 30 days"), "90": _("Last 90 days"), "365": _("Last 365 days")}
USUAL_PERIOD: Final = "90"


@require_safe
@workspace_page("maps.view_journeymap")
def map_list(request: MemberRequest) -> HttpResponse:
    """Show every journey with its stages and how they do."""
    journeys = list(JourneyMap.objects.for_workspace(request.workspace).order_by("name", "pk"))
    outlines = load_outlines(journeys, editor=may_edit(request))
    scored = score_outlines(outlines, workspace=request.workspace)
    entries = [
        {"outline": outline, "stages": stages, "finding": words.stage_finding(stages)}
        for outline, stages in zip(outlines, scored, strict=True)
    ]
    return render_page(
        request,
        "scores/list.html",
        {"title": _("Journeys"), "entries": entries, "may_edit": may_edit(request)},
    )


@require_safe
@workspace_page("maps.view_journeymap")
def map_page(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Show one map; with htmx the map alone, without the frame around it."""
    version = _version(request, map_id)
    drawn = _draw(request, version)
    step_id = _wanted(request, "step")
    period = _period(request)
    context = {
        "map": drawn,
        "journey": version.map,
        "version": version,
        "may_edit": may_edit(request),
        "editing": may_edit(request) and version.is_draft(),
        "period": period,
        "periods": PERIODS,
        "period_title": PERIODS[period],
        "confidence": numbers.value(100 * request.workspace.confidence, "percent"),
        "inspected": inspecting.inspect(drawn, step_id, _wanted(request, "touchpoint")),
        "stamp": _stamp(drawn),
        "title": version.map.name,
    }
    if request.headers.get("HX-Request"):
        return render(request, "scores/_canvas.html", context)
    return render_page(request, "scores/map.html", context)


@require_safe
@workspace_page("maps.view_journeymap")
def map_scores(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Answer the page's question for news: 204 when there are none, else the scores' parts.

    The parts replace the insides of cells, never the cells: focus stays where it is.
    """
    version = _version(request, map_id)
    drawn = _draw(request, version)
    if request.GET.get("seen") == _stamp(drawn):
        return HttpResponse(status=204)
    context = {
        "map": drawn,
        "journey": version.map,
        "period": _period(request),
        "stamp": _stamp(drawn),
    }
    return render(request, "scores/_news.html", context)


@require_safe
@workspace_page("maps.view_journeymap")
def map_step(request: MemberRequest, map_id: UUID, step_id: UUID) -> HttpResponse:
    """Show what is known of one step: the inspector."""
    version = _version(request, map_id)
    drawn = _draw(request, version)
    inspected = inspecting.inspect(drawn, step_id, _wanted(request, "touchpoint"))
    if inspected is None or inspected.step.column.step.pk != step_id:
        raise Http404
    context = {
        "journey": version.map,
        "inspected": inspected,
        "period": _period(request),
        "period_title": PERIODS[_period(request)],
    }
    return render(request, "scores/_inspector.html", context)


def may_edit(request: HttpRequest) -> bool:
    """Say whether who asks may change maps."""
    return request.user.has_perm("maps.change_card")


def _version(request: MemberRequest, map_id: UUID) -> Version:
    journey = get_object_or_404(JourneyMap.objects.for_workspace(request.workspace), pk=map_id)
    version = version_to_show(journey, editor=may_edit(request))
    version.map = journey
    return version


def _draw(request: MemberRequest, version: Version) -> MapMark:
    grid = load_grid(version)
    window = f"{_period(request)}d"
    return draw_map(grid, score_map(grid, workspace=request.workspace, window=window))


def _period(request: HttpRequest) -> str:
    wanted = request.GET.get("period", USUAL_PERIOD)
    return wanted if wanted in PERIODS else USUAL_PERIOD


def _wanted(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _stamp(drawn: MapMark) -> str:
    scored_at = drawn.scores.scored_at
    return scored_at.isoformat() if scored_at is not None else "never"
