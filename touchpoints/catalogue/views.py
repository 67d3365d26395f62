"""Pages of the room: what touchpoints matter, and their pictures. Rules stand in rule_views."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from cxm.common import clock
from cxm.common.export import Cell, csv_lines
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue.importance import Dot, layout
from touchpoints.catalogue.models import Touchpoint
from touchpoints.catalogue.pictures import read_picture
from touchpoints.catalogue.reports import Weighed, weighed

WINDOWS: Final = (
    ("30d", _("30 days")),
    ("90d", _("90 days")),
    ("365d", _("365 days")),
    ("all", _("All")),
)

IMPORTANCES: Final = frozenset(str(value) for value in Touchpoint.Importance.values)


@require_GET
@workspace_page("catalogue.view_touchpoint")
def touchpoint_picture(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send a touchpoint's picture, in a way in which it can do nothing but be shown."""
    place = get_object_or_404(Touchpoint.objects.for_workspace(request.workspace), pk=pk)
    found = read_picture(place.picture) if place.picture else None
    if found is None:
        raise Http404
    content, content_type = found
    response = HttpResponse(content, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, max-age=300"
    return response


@require_http_methods(["GET", "POST"])
@workspace_page("catalogue.view_touchpoint")
def importance_page(request: MemberRequest) -> HttpResponse:
    """Show touchpoints by what they matter to the customer and to us; take what was not said."""
    if request.method == "POST":
        return _weigh(request)
    window = request.GET.get("window", "90d")
    window = window if window in dict(WINDOWS) else "90d"
    rows = weighed(workspace=request.workspace, window=window)
    if request.GET.get("export") == "csv":
        return _export(request, rows)
    placed = [row for row in rows if row.is_weighed]
    weak = [
        row
        for row in placed
        if row.touchpoint.importance_customer >= 4  # type: ignore[operator]  # is_weighed
        and row.score is not None
        and str(row.score.status or "") in {"bad", "watch"}
    ]
    return render_page(
        request,
        "catalogue/importance.html",
        {
            "placed": list(zip(placed, layout([_dot(row) for row in placed]), strict=True)),
            "missing": [row for row in rows if not row.is_weighed],
            "weak": weak,
            "importances": Touchpoint.Importance.choices,
            "windows": WINDOWS,
            "window": window,
            "may_change": request.user.has_perm("catalogue.change_touchpoint"),
        },
    )


def _weigh(request: MemberRequest) -> HttpResponse:
    if not request.user.has_perm("catalogue.change_touchpoint"):
        raise PermissionDenied
    with transaction.atomic():
        rows = Touchpoint.objects.for_workspace(request.workspace).select_for_update()
        saved = sum(_weigh_one(request, place) for place in rows)
    if saved:
        messages.success(
            request,
            ngettext("%(n)d touchpoint weighed.", "%(n)d touchpoints weighed.", saved)
            % {"n": saved},
        )
    return HttpResponseRedirect(request.get_full_path())


def _weigh_one(request: MemberRequest, place: Touchpoint) -> bool:
    """Take the importances that were sent for a touchpoint; say whether any was."""
    changes = {}
    for field in ("importance_customer", "importance_business"):
        sent = request.POST.get(f"{field}-{place.pk}", "")
        before = getattr(place, field)
        if sent in IMPORTANCES and int(sent) != before:
            changes[field] = (before, int(sent))
            setattr(place, field, int(sent))
    if changes:
        place.save(update_fields=[*changes, "updated_at"])
        audit.record("changed", place, changes)
    return bool(changes)


def _dot(row: Weighed) -> Dot:
    place = row.touchpoint
    return Dot(place.importance_customer or 1, place.importance_business or 1)


def _export(request: MemberRequest, rows: list[Weighed]) -> HttpResponse:
    header = (
        "key", "touchpoint", "channel", "phase", "importance_customer", "importance_business",
        "moment_of_truth", "satisfaction", "low", "high", "n",
    )  # fmt: skip
    cells = [_cells(row) for row in rows]
    response = HttpResponse(csv_lines(header, cells), content_type="text/csv; charset=utf-8")
    day = clock.day_of(clock.now(), request.workspace.timezone)
    response["Content-Disposition"] = f'attachment; filename="importance-{day.isoformat()}.csv"'
    return response


def _cells(row: Weighed) -> list[Cell]:
    place, score = row.touchpoint, row.score
    shown = score.figure if score is not None and score.shown else None
    return [
        place.key, place.name, place.channel.name, str(place.phase or ""),
        place.importance_customer, place.importance_business,
        "yes" if place.moment_of_truth else "", shown.value if shown else None,
        shown.low if shown else None, shown.high if shown else None,
        score.figure.n if score is not None else 0,
    ]  # fmt: skip
