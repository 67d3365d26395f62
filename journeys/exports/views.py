"""Pages on which a map leaves as a file, and on which one comes in. They work without script."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from journeys.exports import services
from journeys.exports.formats import FORMATS, Format, file_name
from journeys.exports.forms import PAPERS, ExportForm, ImportForm, UploadForm
from journeys.exports.incoming import Raw, Refused, pack, read, unpack
from journeys.exports.reports import load_sheet
from journeys.maps.models import JourneyMap, Version
from journeys.maps.reports import version_to_show
from journeys.scores.views import PERIODS, USUAL_PERIOD, may_edit

MOST_SHOWN: Final = 100


@require_safe
@workspace_page("maps.view_journeymap")
def map_export(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Ask for lanes, figures and paper, and offer the formats; with htmx for a dialog."""
    version = _version(request, map_id)
    form = ExportForm(request.GET, lanes=version.lanes.order_by("position"))
    context = {
        "form": form,
        "journey": version.map,
        "version": version,
        "title": _("Export"),
        "formats": FORMATS.values(),
        "chosen": set(request.GET.getlist("lanes") or form.usual_lanes),
        "figures": request.GET.get("figures", "yes"),
        "paper": request.GET.get("paper", PAPERS[0][0]),
        "papers": PAPERS,
        "period": _period(request),
        "asked_version": request.GET.get("version", ""),
    }
    if request.headers.get("HX-Request") or "part" in request.GET:
        return render(request, "exports/_export.html", context)
    return render_page(request, "exports/export.html", context)


@require_safe
@workspace_page("maps.view_journeymap")
def map_export_file(request: MemberRequest, map_id: UUID, format: str) -> HttpResponse:
    """Hand out the map as a file."""
    entry = FORMATS.get(format)
    if entry is None:
        raise Http404
    version = _version(request, map_id)
    form = ExportForm(request.GET, lanes=version.lanes.order_by("position"))
    form.is_valid()
    return export_response(
        request, version, entry, lanes=form.chosen_lanes, figures=form.with_figures
    )


def export_response(
    request: MemberRequest,
    version: Version,
    entry: Format,
    *,
    lanes: list[str] | None,
    figures: bool,
) -> HttpResponse:
    """Make the file, and write down that it left."""
    period = _period(request)
    sheet = load_sheet(
        version,
        workspace=request.workspace,
        window=f"{period}d",
        period=str(PERIODS[period]),
        figures=figures,
    )
    if lanes is not None:
        sheet = sheet.keep(lanes)
    content = entry.make(sheet, "a4" if request.GET.get("paper") == "a4" else "a3")
    if request.method == "GET":
        audit.record(
            "exported",
            version.map,
            {
                "format": (None, entry.key),
                "version": (None, version.number),
                "figures": (None, figures),
            },
        )
    response = HttpResponse(content, content_type=entry.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file_name(sheet, entry))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page("maps.add_journeymap")
def map_import(request: MemberRequest) -> HttpResponse:
    """Take in a file, show what would become of it, and make the map when asked to."""
    if request.method == "POST" and "content" in request.POST:
        return _create(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            raw = read(file.read(), file.name or "")
        except Refused as refused:
            form.add_error("file", services.in_words(refused.problem))
        else:
            return _preview(request, raw, file=PurePath(file.name or "").stem[:100])
    return render_page(
        request,
        "exports/import.html",
        {"form": form, "title": _("Import a journey")},
        status=422 if form.errors else 200,
    )


def _preview(
    request: MemberRequest, raw: Raw, form: ImportForm | None = None, file: str = ""
) -> HttpResponse:
    draft = services.preview_map(workspace=request.workspace, raw=raw)
    if form is None:
        if not draft.blocked:
            raw = services.keep_pictures(workspace=request.workspace, raw=raw)
        name = draft.name or file
        initial = {
            "content": pack(raw, request.workspace.pk),
            "name": services.free_name(request.workspace, name, draft.kind) if name else "",
            "kind": draft.kind,
        }
        form = ImportForm(workspace=request.workspace, initial=initial)
    shown = [
        {"problem": problem, "place": services.place_of(problem)}
        for problem in sorted(draft.problems, key=lambda problem: not problem.blocks)
    ]
    context = {
        "form": form,
        "draft": draft,
        "problems": shown[:MOST_SHOWN],
        "more": max(0, len(shown) - MOST_SHOWN),
        "title": _("Import a journey"),
    }
    return render_page(
        request,
        "exports/preview.html",
        context,
        status=422 if form.errors or draft.blocked else 200,
    )


def _create(request: MemberRequest) -> HttpResponse:
    raw = unpack(request.POST["content"], request.workspace.pk)
    if raw is None:
        messages.error(request, _("This page was open for too long. Upload the file once more."))
        return HttpResponseRedirect(request.path)
    form = ImportForm(request.POST, workspace=request.workspace)
    if form.is_valid():
        try:
            journey = services.import_map(
                workspace=request.workspace,
                raw=raw,
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
            )
        except DomainError as refused:
            form.add_error(None, refused.detail)
        else:
            messages.success(request, _("The journey was made from the file."))
            return HttpResponseRedirect(journey.get_absolute_url())
    return _preview(request, raw, form)


def _version(request: MemberRequest, map_id: UUID) -> Version:
    """Return the version asked for by its number, else the one that the map shows."""
    journey = get_object_or_404(JourneyMap.objects.for_workspace(request.workspace), pk=map_id)
    number = request.GET.get("version", "")
    if number.isdecimal() and len(number) < 9:
        version = get_object_or_404(Version, map=journey, number=int(number))
    else:
        version = version_to_show(journey, editor=may_edit(request))
    version.map = journey
    return version


def _period(request: HttpRequest) -> str:
    wanted = request.GET.get("period", USUAL_PERIOD)
    return wanted if wanted in PERIODS else USUAL_PERIOD
