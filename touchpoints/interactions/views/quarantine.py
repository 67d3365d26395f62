"""The quarantine: why rows could not be stored, how to mend them, and to try them again."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.api.errors import DomainError
from cxm.dashboards import numbers
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue.models import Channel
from touchpoints.interactions import services
from touchpoints.interactions.forms import AskedForm
from touchpoints.interactions.hiding import pretty
from touchpoints.interactions.models import ImportMapping, Quarantined, Retry, Source
from touchpoints.interactions.reasons import REASONS, reason_of
from touchpoints.interactions.records import Counts
from touchpoints.interactions.reports import (
    Asked,
    groups_of,
    missing_keys,
    outcomes_of,
    refused_rows,
)

PAGE_SIZE: Final = 25
IMPORT_PREFIX: Final = "import:"


@require_GET
@workspace_page("interactions.view_quarantined")
def quarantine_page(request: MemberRequest) -> HttpResponse:
    """Show what waits, by reason, with what each means and what to do."""
    asked = AskedForm(request.GET).asked()
    counts = outcomes_of(request.workspace)
    return render_page(
        request,
        "interactions/quarantine.html",
        {
            "groups": groups_of(workspace=request.workspace, asked=asked),
            **_filters(request, asked),
            "outcomes": [
                (key, title, counts.get(key, 0)) for key, title in Quarantined.Outcome.choices
            ],
            "waiting": counts.get(Quarantined.Outcome.OPEN, 0),
            "may_change": request.user.has_perm("interactions.change_quarantined"),
        },
    )


@require_http_methods(["GET", "POST"])
@workspace_page("interactions.view_quarantined")
def quarantine_reason(request: MemberRequest, code: str) -> HttpResponse:
    """Show the rows with one reason; try some or all of them again, or discard them."""
    asked = AskedForm(request.GET).asked()
    rows = refused_rows(request.workspace, asked, code)
    if code not in REASONS and not rows.exists():
        raise Http404
    if request.method == "POST":
        _require(request)
        return _act(request, code, asked)
    workspace = request.workspace
    page = Paginator(rows.select_related("source"), PAGE_SIZE).get_page(request.GET.get("page"))
    is_place = code == "unknown_touchpoint" and asked.outcome == Quarantined.Outcome.OPEN
    return render_page(
        request,
        "interactions/quarantine_reason.html",
        {
            "code": code,
            "reason": reason_of(code),
            "page": page,
            "rows": [(row, pretty(row.raw, shown=False)) for row in page],
            **_filters(request, asked),
            "retry": Retry.objects.for_workspace(workspace).filter(reason=code).first(),
            "keys": missing_keys(workspace=workspace, asked=asked) if is_place else [],
            "channels": Channel.objects.for_workspace(workspace),
            "mappings": _mappings(request, page),
            "may_change": request.user.has_perm("interactions.change_quarantined"),
            "may_add_place": request.user.has_perm("catalogue.add_touchpoint"),
            "may_change_mapping": request.user.has_perm("interactions.change_importmapping"),
            "at_once": services.MOST_AT_ONCE,
        },
    )


@require_http_methods(["GET", "POST"])
@workspace_page("interactions.view_quarantined")
def quarantine_row(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one row; edit it and try it again."""
    row = _row(request, pk)
    if request.method == "POST":
        _require(request)
        return _mend(request, row)
    return _row_page(request, row, shown=False)


@require_POST
@workspace_page("interactions.view_quarantined")
def quarantine_row_shown(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one row with its contact data, to be read or edited; who looked is written down."""
    row = _row(request, pk)
    audit.record("shown contact data of", row, {})
    response = _row_page(request, row, shown=True)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@workspace_page("interactions.view_quarantined")
def make_touchpoint(request: MemberRequest) -> HttpResponse:
    """Make the touchpoint that rows name, and try them again."""
    if not request.user.has_perm("catalogue.add_touchpoint"):
        raise PermissionDenied
    _require(request)
    key = request.POST.get("key", "").strip()
    channel = get_object_or_404(
        Channel.objects.for_workspace(request.workspace), pk=_uuid(request.POST.get("channel", ""))
    )
    target = reverse("quarantine_reason", args=["unknown_touchpoint"])
    try:
        place = services.make_missing_touchpoint(
            workspace=request.workspace,
            key=key,
            name=request.POST.get("name", "").strip()[:120] or key,
            channel=channel,
        )
    except DomainError as error:
        messages.error(request, str(error.detail))
        return redirect(target)
    messages.success(request, _("“%(name)s” was made.") % {"name": place.name})
    _try_all(request, "unknown_touchpoint", None)
    return redirect(target)


@require_GET
@workspace_page("interactions.view_quarantined")
def retry_progress(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send how far the rows of a reason are that are tried again."""
    retry = get_object_or_404(Retry.objects.for_workspace(request.workspace), pk=pk)
    return render(request, "interactions/_retry.html", {"retry": retry})


# --- what is done -----------------------------------------------------------------------


def _act(request: MemberRequest, code: str, asked: Asked) -> HttpResponse:
    query = _query(asked)
    back = reverse("quarantine_reason", args=[code]) + (f"?{query}" if query else "")
    ids = [found for text in request.POST.getlist("row") if (found := _uuid(text))]
    is_all = request.POST.get("scope") == "all"
    source = _source(request, asked)
    if not ids and not is_all:
        messages.warning(request, _("Choose at least one row."))
        return HttpResponseRedirect(back)
    try:
        if request.POST.get("action") == "discard":
            note = request.POST.get("note", "")
            if is_all:
                count = services.discard_reason(
                    workspace=request.workspace, reason=code, source=source, note=note
                )
            else:
                count = services.discard_rows(workspace=request.workspace, ids=ids, note=note)
            messages.success(
                request,
                ngettext("%(n)s row discarded.", "%(n)s rows discarded.", count)
                % {"n": numbers.number(count)},
            )
        elif is_all:
            _try_all(request, code, source)
        else:
            _say(request, services.replay(workspace=request.workspace, ids=ids))
    except DomainError as error:
        messages.error(request, str(error.detail))
    return HttpResponseRedirect(back)


def _try_all(request: MemberRequest, code: str, source: Source | None) -> None:
    found = services.retry_reason(
        workspace=request.workspace, reason=code, source=source, by=request.membership
    )
    if isinstance(found, Retry):
        messages.success(
            request, _("They are tried again in the background; this page shows how far it is.")
        )
    else:
        _say(request, found)


def _say(request: MemberRequest, counts: Counts) -> None:
    level = messages.SUCCESS if not counts.quarantined else messages.WARNING
    messages.add_message(
        request,
        level,
        _(
            "%(read)s tried again: %(stored)s stored, %(duplicate)s there already, "
            "%(refused)s still refused."
        )
        % {
            "read": numbers.number(counts.read),
            "stored": numbers.number(counts.stored),
            "duplicate": numbers.number(counts.duplicate),
            "refused": numbers.number(counts.quarantined),
        },
    )


def _mend(request: MemberRequest, row: Quarantined) -> HttpResponse:
    raw = request.POST.get("raw", "")
    try:
        counts = services.mend_row(workspace=request.workspace, row=row, raw=raw)
    except DomainError as error:
        return _row_page(request, row, shown=True, raw=raw, problem=str(error.detail))
    if counts.quarantined:
        row.refresh_from_db()
        problem = _("It was tried again and is still refused: %s") % row.detail
        return _row_page(request, row, shown=True, raw=raw, problem=problem)
    _say(request, counts)
    return redirect("quarantine_reason", code=row.reason)


# --- what is shown ----------------------------------------------------------------------


def _row_page(
    request: MemberRequest, row: Quarantined, *, shown: bool, raw: str = "", problem: str = ""
) -> HttpResponse:
    return render_page(
        request,
        "interactions/quarantine_row.html",
        {
            "row": row,
            "reason": reason_of(row.reason),
            "raw": raw or pretty(row.raw, shown=shown),
            "original": pretty(row.original, shown=shown) if row.original else "",
            "shown": shown,
            "problem": problem,
            "may_change": row.outcome == Quarantined.Outcome.OPEN
            and request.user.has_perm("interactions.change_quarantined"),
        },
        status=422 if problem else 200,
    )


def _row(request: MemberRequest, pk: UUID) -> Quarantined:
    rows = Quarantined.objects.for_workspace(request.workspace).select_related("source")
    return get_object_or_404(rows, pk=pk)


def _mappings(request: MemberRequest, page: Any) -> list[ImportMapping]:
    """Return the mappings by which the shown rows came."""
    names = {
        row.origin.removeprefix(IMPORT_PREFIX)
        for row in page
        if row.origin.startswith(IMPORT_PREFIX)
    }
    return list(ImportMapping.objects.for_workspace(request.workspace).filter(name__in=names))


def _filters(request: MemberRequest, asked: Asked) -> dict[str, object]:
    return {
        "asked": asked,
        "source": _source(request, asked),
        "sources": Source.objects.for_workspace(request.workspace),
        "query": _query(asked),
    }


def _source(request: MemberRequest, asked: Asked) -> Source | None:
    if asked.source is None:
        return None
    return Source.objects.for_workspace(request.workspace).filter(pk=asked.source).first()


def _query(asked: Asked) -> str:
    outcome = asked.outcome if asked.outcome != Quarantined.Outcome.OPEN else None
    values = {"source": asked.source, "day": asked.day, "outcome": outcome}
    return urlencode({name: value for name, value in values.items() if value})


def _require(request: MemberRequest) -> None:
    if not request.user.has_perm("interactions.change_quarantined"):
        raise PermissionDenied


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
