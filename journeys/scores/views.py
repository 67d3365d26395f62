"""The map as a page, the list of journeys, and what the page fetches."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cxm.dashboards import numbers
from cxm.kpis.reports import scored_at
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from journeys.maps.document import load_document
from journeys.maps.models import JourneyMap, Version
from journeys.maps.reports import load_grid, version_to_show
from journeys.scores import inspecting
from journeys.scores.drawing import MapMark, draw_map
from journeys.scores.frozen import Between
from journeys.scores.news import scores_json
from journeys.scores.reports import score_map

PERIODS: Final = {"30": _("Last 30 days"), "90": _("Last 90 days"), "365": _("Last 365 days")}
USUAL_PERIOD: Final = "90"


@require_safe
@workspace_page("maps.view_journeymap")
def map_page(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Show one map: the document from which the editor draws it. Scores come after it."""
    version = _version(request, map_id)
    may = {
        "edit": may_edit(request),
        "comment": request.user.has_perm("maps.comment_map"),
        "share": may_edit(request),
        "publish": may_edit(request),
    }
    document = load_document(version, member=request.membership, may=may)
    if request.GET.get("version"):
        # Looked at on purpose: nobody writes there, and its figures are its own.
        document["may"]["edit"] = False
        document["urls"]["scores"] += f"?version={version.pk}"
        document["urls"]["read"] += f"?version={version.pk}"
    period = _period(request)
    context = {
        "document": document,
        "journey": version.map,
        "version": version,
        "may_edit": may_edit(request),
        "editing": document["may"]["edit"],
        "period": period,
        "periods": PERIODS,
        "period_title": PERIODS[period],
        "confidence": numbers.value(100 * request.workspace.confidence, "percent"),
        "title": version.map.name,
    }
    return render_page(request, "scores/map.html", context)


@require_safe
@workspace_page("maps.view_journeymap")
def map_read(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Show the map as a list to read on a phone; a page of its own where it is not fetched."""
    version = _version(request, map_id)
    drawn = _draw(request, version)
    period = _period(request)
    context = {
        "map": drawn,
        "journey": version.map,
        "period": period,
        "period_title": PERIODS[period],
        "title": version.map.name,
    }
    if request.headers.get("Sec-Fetch-Dest") == "document" or "page" in request.GET:
        return render_page(request, "scores/read.html", context)
    return render(request, "scores/_phone.html", context)


@require_safe
@workspace_page("maps.view_journeymap")
def map_scores(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Answer the page's question for scores: 204 when there are no others than it has seen."""
    version = _version(request, map_id)
    stamp = _stamp(request, version)
    if request.GET.get("seen") == stamp:
        return HttpResponse(status=204)
    drawn = _draw(request, version, measured=True)
    return JsonResponse(scores_json(drawn, stamp=stamp, period=_period(request)))


@require_safe
@workspace_page("maps.view_journeymap")
def map_step(request: MemberRequest, map_id: UUID, step_id: UUID) -> HttpResponse:
    """Show what is known of one step: the inspector."""
    version = _version(request, map_id, step=step_id)
    drawn = _draw(request, version, measured=True)
    inspected = inspecting.inspect(drawn, step_id, _wanted(request, "touchpoint"))
    if inspected is None or inspected.step.column.step.pk != step_id:
        raise Http404
    place = inspected.touchpoint
    context = {
        "journey": version.map,
        "inspected": inspected,
        "known": inspecting.known_at(place, workspace=request.workspace, days=int(_period(request)))
        if place is not None
        else None,
        "period": _period(request),
        "period_title": PERIODS[_period(request)],
    }
    return render(request, "scores/_inspector.html", context)


def may_edit(request: HttpRequest) -> bool:
    """Say whether who asks may change maps."""
    return request.user.has_perm("maps.change_card")


def _version(request: MemberRequest, map_id: UUID, step: UUID | None = None) -> Version:
    """Return the version that is asked for: by its id, by a step on it, or the usual one.

    A draft is shown to those who edit, and to others where nothing is published yet.
    """
    journey = get_object_or_404(
        JourneyMap.objects.for_workspace(request.workspace).select_related("counterpart"),
        pk=map_id,
    )
    usual = version_to_show(journey, editor=may_edit(request))
    version = usual
    versions = Version.objects.filter(map=journey)
    if request.GET.get("version"):
        version = get_object_or_404(versions, pk=_wanted(request, "version"))
    elif step is not None:
        version = get_object_or_404(versions, stages__steps=step)
    if version.is_draft() and version != usual and not may_edit(request):
        raise Http404
    version.map = journey
    return version


def _draw(request: MemberRequest, version: Version, *, measured: bool = False) -> MapMark:
    grid = load_grid(version, measured=measured)
    scores = score_map(
        grid,
        workspace=request.workspace,
        window=f"{_period(request)}d",
        between=_between(request, version),
    )
    return draw_map(grid, scores)


def _between(request: MemberRequest, version: Version) -> Between | None:
    """Return the days with which a version was published, where it is looked at for itself.

    The map as it is today, and every draft, is measured over the period that the reader chose.
    """
    for_itself = bool(request.GET.get("version")) or version.status == Version.Status.RETIRED
    return version.own_days if for_itself and not version.is_draft() else None


def _period(request: HttpRequest) -> str:
    wanted = request.GET.get("period", USUAL_PERIOD)
    return wanted if wanted in PERIODS else USUAL_PERIOD


def _wanted(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def _stamp(request: MemberRequest, version: Version) -> str:
    """Name what scores follow from: when they were worked out, and what stands on the map."""
    at = scored_at()
    when = "never" if at is None else at.isoformat()
    shown = _between(request, version) or _period(request)
    days = shown if isinstance(shown, str) else f"{shown[0]}..{shown[1]}"
    return f"{when}/{version.pk}/{version.revision}/{days}"
