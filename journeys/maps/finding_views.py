"""Pages of pain points and opportunities: all of them, one of them, merged, put on a map."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.api.errors import DomainError
from cxm.common import clock
from cxm.common.export import TYPES, Cell, encoded
from cxm.workspaces import audit
from cxm.workspaces.models import Membership
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from journeys.maps import finding_services
from journeys.maps.finding_forms import AddForm, MergeForm, OpportunityForm, PainPointForm
from journeys.maps.finding_reports import (
    KINDS,
    OLDER,
    STATUSES,
    UNUSED,
    USED,
    Asked,
    Finding,
    FindingKind,
    Listed,
    found,
    listed,
    older_maps,
)
from journeys.maps.finding_square import by_field, place
from journeys.maps.lanes import SEVERITIES
from journeys.maps.models import JourneyMap, Opportunity, PainPoint

PAGE_SIZE: Final = 50
VIEW: Final = "maps.view_card"
NAMES: Final = {
    "pain": {"list": "pain_points", "one": "pain_point", "new": "pain_point_new"},
    "idea": {"list": "opportunities", "one": "opportunity", "new": "opportunity_new"},
}


@require_safe
@workspace_page(VIEW)
def finding_list(request: MemberRequest, kind: str) -> HttpResponse:
    """Show all pain points, or all opportunities, with the places where they stand."""
    of = KINDS[kind]
    asked = _asked(request, of)
    editor = _may_edit(request)
    rows = found(of, request.workspace, asked, editor=editor)
    if request.GET.get("format") in TYPES:
        return _export(request, of, listed(of, request.workspace, list(rows), editor=editor))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    entries = listed(of, request.workspace, list(page.object_list), editor=editor)
    context: dict[str, Any] = {
        "kind": of,
        "names": NAMES[of.key],
        "title": of.title,
        "entries": entries,
        "page": page,
        "asked": asked,
        "query": _query(request, page=None),
        "orders": _orders(of),
        "uses": ((USED, _("In use")), (UNUSED, _("On no map")), (OLDER, _("Only published"))),
        "filtered": any([asked.words, asked.map, asked.severity, asked.status, asked.owner]),
        "maps": JourneyMap.objects.for_workspace(request.workspace).order_by("name", "kind"),
        "may_add": _may_edit(request),
        "exports": TYPES,
    }
    if of.key == "pain":
        context["severities"] = SEVERITIES.items()
    else:
        ideas = [entry.row for entry in entries if isinstance(entry.row, Opportunity)]
        marks = place(ideas, start=page.start_index())
        context |= {
            "marks": [mark for mark in marks if mark.at is not None],
            "fields": by_field(marks),
            "statuses": [(key, Opportunity(status=key).get_status_display()) for key in STATUSES],
            "owners": Membership.objects.for_workspace(request.workspace).select_related("user"),
        }
    return render_page(request, "maps/findings/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page("maps.add_painpoint")
def finding_new(request: MemberRequest, kind: str) -> HttpResponse:
    """Write down a finding that is on no map yet."""
    of = KINDS[kind]
    row = of.model(workspace=request.workspace)
    form = _form(request, of, row)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            audit.record("added", saved, {})
        messages.success(request, _("Saved. Put it on a map where it stands."))
        return HttpResponseRedirect(reverse(NAMES[of.key]["one"], args=[saved.pk]))
    return _page(request, of, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(VIEW)
def finding_page(request: MemberRequest, kind: str, pk: UUID) -> HttpResponse:
    """Show a finding with all its places; change it."""
    of = KINDS[kind]
    row = _row(request, of, pk)
    if request.method == "POST" and not _may_edit(request):
        raise PermissionDenied
    form = _form(request, of, row)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.fields}
        before = _row(request, of, pk)
        changes = {name: (getattr(before, name), values[name]) for name in form.changed_data}
        try:
            with transaction.atomic():
                finding_services.edit_finding(
                    kind=of, row=before, values=values, by=request.membership
                )
                audit.record("changed", before, changes)
        except DomainError as refused:
            form.add_error(None, refused.detail)
        else:
            messages.success(request, _("Saved, also on the drafts where it stands."))
            return HttpResponseRedirect(reverse(NAMES[of.key]["one"], args=[pk]))
    return _page(request, of, row, form)


@require_POST
@workspace_page(VIEW)
def finding_merge(request: MemberRequest, kind: str, pk: UUID) -> HttpResponse:
    """Let another finding stand for this one."""
    of = KINDS[kind]
    row = _row(request, of, pk, editing=True)
    form = MergeForm(request.POST, kind=of, row=row, workspace=request.workspace)
    if not form.is_valid():
        messages.error(request, _("Choose the one that stays."))
        return HttpResponseRedirect(reverse(NAMES[of.key]["one"], args=[pk]))
    into: Finding = form.cleaned_data["into"]
    try:
        with transaction.atomic():
            audit.record("merged", row, {"into": (None, into)})
            gone, begun = finding_services.merge_findings(
                kind=of, row=row, into=into, by=request.membership
            )
    except DomainError as refused:
        messages.error(request, refused.detail)
        return HttpResponseRedirect(reverse(NAMES[of.key]["one"], args=[pk]))
    messages.success(request, _merged(gone, begun))
    return HttpResponseRedirect(reverse(NAMES[of.key]["one"], args=[into.pk]))


@require_POST
@workspace_page(VIEW)
def finding_add(request: MemberRequest, kind: str, pk: UUID) -> HttpResponse:
    """Put a finding on a step of a map."""
    of = KINDS[kind]
    row = _row(request, of, pk, editing=True)
    form = AddForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        messages.error(request, _("Choose a map and a step."))
        return HttpResponseRedirect(reverse(NAMES[of.key]["one"], args=[pk]))
    step = form.cleaned_data["step"]
    try:
        finding_services.add_to_step(kind=of, row=row, step=step, by=request.membership)
    except DomainError as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(
            request,
            _("It stands on “%(step)s” of “%(map)s” now.")
            % {"step": step.name, "map": step.stage.version.map.name},
        )
    return HttpResponseRedirect(reverse(NAMES[of.key]["one"], args=[pk]))


@require_POST
@workspace_page(VIEW)
def finding_delete(request: MemberRequest, kind: str, pk: UUID) -> HttpResponse:
    """Delete a finding that stands nowhere."""
    of = KINDS[kind]
    row = _row(request, of, pk, editing=True)
    title = row.title
    try:
        with transaction.atomic():
            audit.record("deleted", row, {})
            finding_services.delete_finding(kind=of, row=row)
    except DomainError as refused:
        messages.error(request, refused.detail)
        return HttpResponseRedirect(reverse(NAMES[of.key]["one"], args=[pk]))
    messages.success(request, _("“%s” is deleted.") % title)
    return HttpResponseRedirect(reverse(NAMES[of.key]["list"]))


def _page(request: MemberRequest, of: FindingKind, row: Finding, form: Any) -> HttpResponse:
    adding = row._state.adding
    context: dict[str, Any] = {
        "kind": of,
        "names": NAMES[of.key],
        "row": row,
        "form": form,
        "adding": adding,
        "may_change": _may_edit(request),
        "title": _title(of, row, adding=adding),
    }
    if not adding:
        (entry,) = listed(of, request.workspace, [row], editor=_may_edit(request))
        context |= {
            "entry": entry,
            "older": [j for j in older_maps(of, row) if j not in entry.maps],
            "merge": MergeForm(kind=of, row=row, workspace=request.workspace),
            "add": AddForm(workspace=request.workspace),
        }
    return render_page(request, "maps/findings/finding.html", context)


def _title(of: FindingKind, row: Finding, *, adding: bool) -> str:
    if adding:
        return _("New pain point") if of.key == "pain" else _("New opportunity")
    return Truncator(row.title).chars(90)


def _form(request: MemberRequest, of: FindingKind, row: Finding) -> PainPointForm | OpportunityForm:
    if isinstance(row, PainPoint):
        return PainPointForm(request.POST or None, instance=row, workspace=request.workspace)
    return OpportunityForm(request.POST or None, instance=row, workspace=request.workspace)


def _row(request: MemberRequest, of: FindingKind, pk: UUID, *, editing: bool = False) -> Any:
    """Return a finding of the workspace; a stranger finds nothing, whatever they may do here."""
    found_row = get_object_or_404(of.model, pk=pk, workspace_id=request.workspace.pk)
    if editing and not _may_edit(request):
        raise PermissionDenied
    return found_row


def _may_edit(request: HttpRequest) -> bool:
    return request.user.has_perm("maps.change_card")


def _asked(request: MemberRequest, of: FindingKind) -> Asked:
    """Read the address; what is not known is left out."""
    severity = request.GET.get("severity", "")
    status = request.GET.get("status", "")
    use = request.GET.get("use", "")
    order = request.GET.get("order", "")
    return Asked(
        words=request.GET.get("q", "").strip()[:100],
        map=_id(request.GET.get("map", "")),
        severity=int(severity) if severity in {str(level) for level in SEVERITIES} else None,
        status=status if status in STATUSES else "",
        owner=_id(request.GET.get("owner", "")),
        use=use if use in (UNUSED, OLDER) else USED,
        order=order if order in of.orders else next(iter(of.orders)),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _query(request: MemberRequest, **changes: str | None) -> str:
    """Return the address's query with some of it changed; None takes a part out."""
    kept = {name: value for name, value in request.GET.items() if value}
    kept |= {name: value for name, value in changes.items() if value is not None}
    return urlencode({k: v for k, v in kept.items() if not (k in changes and changes[k] is None)})


def _orders(of: FindingKind) -> list[tuple[str, str]]:
    words = {
        "severity": _("Severity"),
        "title": _("Name"),
        "maps": _("Number of maps"),
        "impact": _("Impact"),
        "effort": _("Effort"),
        "status": _("Status"),
        "owner": _("Owner"),
    }
    return [(key, words[key]) for key in of.orders]


def _merged(gone: bool, begun: Collection[JourneyMap]) -> str:
    said = _("Merged.") if gone else _("Merged. Published and older versions keep what they said.")
    if begun:
        names = ", ".join(journey.name for journey in begun)
        said += (
            " "
            + ngettext(
                "A draft was begun for %s; publish it when it is right.",
                "Drafts were begun for %s; publish them when they are right.",
                len(begun),
            )
            % names
        )
    return said


def _export(request: MemberRequest, of: FindingKind, entries: list[Listed]) -> HttpResponse:
    kind = request.GET["format"]
    name = "pain-points" if of.key == "pain" else "opportunities"
    day = clock.day_of(clock.now(), request.workspace.timezone)
    header, rows = _table(of, entries)
    return HttpResponse(
        encoded(kind, header, rows, sheet=name),
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}-{day.isoformat()}.{kind}"'},
    )


def _table(of: FindingKind, entries: list[Listed]) -> tuple[list[str], Iterator[list[Cell]]]:
    own = ["severity"] if of.key == "pain" else ["status", "impact", "effort", "owner"]
    header = ["id", "title", *own, "maps", "steps", "where", "description"]

    def row_of(entry: Listed) -> list[Cell]:
        row: Any = entry.row
        values: list[Cell] = (
            [row.get_severity_display() or ""]
            if of.key == "pain"
            else [
                row.get_status_display(),
                row.impact,
                row.effort,
                str(row.owner.user) if row.owner else "",
            ]
        )
        where = "; ".join(f"{p.journey.name} · {p.card.step.name}" for p in entry.places)
        return [
            row.pk, row.title, *values, len(entry.maps), entry.steps, where, row.description
        ]  # fmt: skip

    return header, (row_of(entry) for entry in entries)
