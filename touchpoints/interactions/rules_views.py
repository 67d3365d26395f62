"""Pages where rules meet what is stored: contacts without a touchpoint, and runs over history."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue.models import Channel, IgnoredGroup
from touchpoints.catalogue.words import condition_words
from touchpoints.interactions.models import Reassignment
from touchpoints.interactions.recent import source_names
from touchpoints.interactions.services.reassigning import cancel_reassignment, start_reassignment
from touchpoints.interactions.services.unmatched import adopt_group, ignore_group
from touchpoints.interactions.unmatched import (
    DAYS,
    Group,
    find_group,
    label_of,
    unmatched_groups,
)

CHANGE: Final = "interactions.change_interaction"
MOST_DAYS: Final = 3660
LATEST_RUNS: Final = 5


@require_GET
@workspace_page("interactions.view_interaction")
def unmatched_page(request: MemberRequest) -> HttpResponse:
    """Show what contacts without a touchpoint have in common, and what could be made of it."""
    sources = {str(pk): name for pk, name in source_names(request.workspace.pk).items()}
    found = unmatched_groups(workspace=request.workspace)
    hidden = IgnoredGroup.objects.for_workspace(request.workspace)
    return render_page(
        request,
        "interactions/unmatched.html",
        {
            "found": found,
            "entries": [_entry(group) for group in found.groups],
            "hidden": [(row, label_of(row.basis, row.value, sources)) for row in hidden],
            "channels": Channel.objects.for_workspace(request.workspace),
            "days": DAYS,
            "may_make": _may_make(request),
            "may_hide": request.user.has_perm("catalogue.add_ignoredgroup"),
        },
    )


@require_POST
@workspace_page("catalogue.add_touchpoint")
def unmatched_adopt(request: MemberRequest) -> HttpResponse:
    """Make a touchpoint and its rule of a group, and go through the last days with it."""
    if not _may_make(request):
        raise PermissionDenied
    basis, value = request.POST.get("basis", ""), request.POST.get("value", "")
    group = find_group(workspace=request.workspace, basis=basis, value=value)
    if group is None:
        messages.warning(request, _("Nothing is left in this group; somebody was faster."))
        return HttpResponseRedirect(reverse("touchpoint_unmatched"))
    try:
        made = adopt_group(
            workspace=request.workspace,
            group=group,
            name=request.POST.get("name", ""),
            channel=_uuid(request.POST.get("channel", "")),
            by=request.membership,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("touchpoint_unmatched"))
    messages.success(
        request,
        _("“%(name)s” is a touchpoint now. Its interactions of the last days are coming over.")
        % {"name": made.touchpoint.name},
    )
    query = urlencode({"touchpoint": str(made.touchpoint.pk)})
    return HttpResponseRedirect(f"{made.run.get_absolute_url()}?{query}")


@require_POST
@workspace_page("catalogue.add_ignoredgroup")
def unmatched_ignore(request: MemberRequest) -> HttpResponse:
    """Offer a group no more."""
    try:
        ignore_group(
            workspace=request.workspace,
            basis=request.POST.get("basis", ""),
            value=request.POST.get("value", ""),
        )
    except DomainError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("touchpoint_unmatched"))


@require_POST
@workspace_page("catalogue.delete_ignoredgroup")
def unmatched_restore(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Offer a group again."""
    row = get_object_or_404(IgnoredGroup.objects.for_workspace(request.workspace), pk=pk)
    audit.record("deleted", row, {})
    row.delete()
    return HttpResponseRedirect(reverse("touchpoint_unmatched"))


@require_POST
@workspace_page(CHANGE)
def reassignment_start(request: MemberRequest) -> HttpResponse:
    """Go through history with the rules of today; without a number of days through all of it."""
    wanted = request.POST.get("days", "")
    days = min(int(wanted), MOST_DAYS) if wanted.isdecimal() and len(wanted) < 6 else None
    if wanted and not days:
        messages.error(request, _("Choose at least one day."))
        return HttpResponseRedirect(reverse("touchpoint_rules"))
    run = start_reassignment(workspace=request.workspace, days=days, by=request.membership)
    audit.record("started", run, {})
    return HttpResponseRedirect(run.get_absolute_url())


@require_GET
@workspace_page("interactions.view_interaction")
def reassignment_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show how far a run is; asked by htmx, only the part that changes."""
    run = _run(request, pk)
    context: dict[str, Any] = {
        "run": run,
        "percent": None if run.share is None else round(100 * run.share),
        "may_cancel": request.user.has_perm(CHANGE),
        "touchpoint": request.GET.get("touchpoint", ""),
        "workspace": request.workspace,
    }
    if getattr(request, "htmx", False):
        return render(request, "interactions/_reassignment.html", context)
    runs = Reassignment.objects.for_workspace(request.workspace).exclude(pk=run.pk)
    context["others"] = runs.select_related("asked_by__user")[:LATEST_RUNS]
    return render_page(request, "interactions/reassignment.html", context)


@require_POST
@workspace_page("interactions.view_interaction")
def reassignment_cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Stop a run; the days that are done stay done."""
    run = _run(request, pk)
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    cancel_reassignment(run=run)
    audit.record("cancelled", run, {})
    return HttpResponseRedirect(run.get_absolute_url())


def _run(request: MemberRequest, pk: UUID) -> Reassignment:
    return get_object_or_404(
        Reassignment.objects.for_workspace(request.workspace).select_related("asked_by__user"),
        pk=pk,
    )


def _entry(group: Group) -> dict[str, Any]:
    first = group.conditions[0]
    return {
        "group": group,
        "rule": _(" and ").join(condition_words(condition) for condition in group.conditions),
        "elsewhere": urlencode(
            {"field": first.field, "operator": first.operator, "value": first.value}
        ),
    }


def _may_make(request: MemberRequest) -> bool:
    wanted = ("catalogue.add_touchpoint", "catalogue.add_matchingrule", CHANGE)
    return all(request.user.has_perm(permission) for permission in wanted)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
