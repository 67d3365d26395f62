"""Pages that keep a campaign: its plan as a table, its spend, its copy and the archive."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.api.errors import DomainError
from cxm.common.clock import day_of, now
from cxm.common.export import TYPES, encoded
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.campaigns import services
from touchpoints.campaigns.csvfiles import UnreadableFileError
from touchpoints.campaigns.forms import PlanFormSet, PlanUploadForm, SpendForm, UploadForm
from touchpoints.campaigns.models import Campaign, PlanLine, Spend
from touchpoints.campaigns.planfiles import COLUMNS, read_plan
from touchpoints.campaigns.reports import (
    money_of,
    pace_of,
    phases_for,
    plan_table,
    plan_version,
)
from touchpoints.campaigns.services import Outcome, Refusal
from touchpoints.campaigns.spendfiles import read_spend
from touchpoints.catalogue.models import Channel

BLANK_ROWS: Final = 2
PAGE_SIZE: Final = 50
MOST_REFUSED: Final = 20
PREFIX: Final = "row"
Heading = tuple[UUID | None, str]


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page("campaigns.view_campaign")
def plan_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the media plan as a table of channels and phases; save it on POST."""
    campaign = _campaign(request, pk)
    lines = list(campaign.plan.select_related("phase__model", "channel"))
    phases = phases_for(campaign, lines)
    channels = list(Channel.objects.for_workspace(request.workspace))
    may_change = request.user.has_perm("campaigns.change_planline")
    kwargs = {"phases": phases, "channels": channels}
    status = 200
    upload = PlanUploadForm()
    refused: list[Refusal] = []
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    if request.method == "POST" and "upload" in request.POST:
        upload = PlanUploadForm(request.POST, request.FILES)
        refused = _planned(request, campaign, upload)
        if upload.is_valid() and not refused:
            return HttpResponseRedirect(reverse("marketing-plan", args=[campaign.pk]))
        status = 422
    if request.method == "POST" and "upload" not in request.POST:
        rows = PlanFormSet(request.POST, prefix=PREFIX, form_kwargs=kwargs)
        if rows.is_valid() and _saved(request, campaign, rows, lines):
            return HttpResponseRedirect(reverse("marketing-plan", args=[campaign.pk]))
        status = 422
    else:
        initial = _initial(lines)
        rows = PlanFormSet(
            prefix=PREFIX, initial=[*initial, *([{}] * BLANK_ROWS)], form_kwargs=kwargs
        )
    table = plan_table(campaign, whole=False)
    return render_page(
        request,
        "campaigns/plan.html",
        {
            "campaign": campaign,
            "rows": rows,
            "phases": phases,
            "table": table,
            "pace": pace_of(campaign, table.total, request.workspace),
            "version": plan_version(lines),
            "upload": upload,
            "refused": refused[:MOST_REFUSED],
            "more_refused": max(0, len(refused) - MOST_REFUSED),
            "may_change": may_change,
        },
        status=status,
    )


@require_GET
@workspace_page("campaigns.view_campaign")
def plan_file(request: MemberRequest, pk: UUID, kind: str) -> HttpResponse:
    """Answer the plan as a file that can be changed and uploaded again."""
    campaign = _campaign(request, pk)
    if kind not in TYPES:
        raise Http404
    rows = (
        (
            line.channel.name if line.channel else "",
            line.phase.name if line.phase else "",
            line.audience,
            line.budget,
            line.reach_target,
        )
        for line in campaign.plan.select_related("channel", "phase")
    )
    return HttpResponse(
        encoded(kind, COLUMNS, rows, sheet=_("Media plan")),
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{campaign.key}-plan.{kind}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page("campaigns.view_campaign")
def spend_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show what a campaign cost; take in one row or a file on POST."""
    campaign = _campaign(request, pk)
    may_add = request.user.has_perm("campaigns.add_spend")
    today = day_of(now(), request.workspace.timezone)
    form = SpendForm(
        instance=Spend(campaign=campaign, workspace=request.workspace), initial={"day": today}
    )
    upload = UploadForm()
    outcome: Outcome | None = None
    if request.method == "POST":
        if not may_add:
            raise PermissionDenied
        if "upload" in request.POST:
            upload = UploadForm(request.POST, request.FILES)
            outcome = _uploaded(request, campaign, upload)
            done = outcome is not None and outcome.saved and not outcome.refused
        else:
            form = SpendForm(request.POST, instance=form.instance)
            done = form.is_valid()
            if done:
                audit.record("added", form.save(), {})
                messages.success(request, _("Spend added."))
        if done:
            return HttpResponseRedirect(reverse("marketing-spend", args=[campaign.pk]))
    rows = Spend.objects.filter(campaign=campaign).select_related(
        "placement", "line__phase", "line__channel"
    )
    money = money_of([campaign])[campaign.pk]
    failed = request.method == "POST" and not (outcome and outcome.saved)
    return render_page(
        request,
        "campaigns/spend.html",
        {
            "campaign": campaign,
            "form": form,
            "upload": upload,
            "outcome": outcome,
            "refused": outcome.refused[:MOST_REFUSED] if outcome else [],
            "more_refused": max(0, len(outcome.refused) - MOST_REFUSED) if outcome else 0,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "money": money,
            "pace": pace_of(campaign, money, request.workspace),
            "may_add": may_add,
            "may_change": request.user.has_perm("campaigns.change_spend"),
        },
        status=422 if failed else 200,
    )


@require_POST
@workspace_page("campaigns.add_campaign")
def copy_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Copy a campaign and go on to the form of the new one."""
    campaign = _campaign(request, pk)
    try:
        new = services.copy_campaign(campaign=campaign)
    except DomainError as error:
        messages.error(request, error.detail)
        return HttpResponseRedirect(campaign.get_absolute_url())
    messages.success(
        request, _("Copied with its placements and plan. Give the copy its name and its days.")
    )
    return HttpResponseRedirect(reverse("admin:campaigns_campaign_change", args=[new.pk]))


@require_POST
@workspace_page("campaigns.change_campaign")
def archive_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Put a campaign away, or take it out again."""
    campaign = _campaign(request, pk)
    try:
        if campaign.is_archived:
            services.restore_campaign(campaign=campaign)
            messages.success(request, _("Taken out of the archive."))
        else:
            services.archive_campaign(campaign=campaign)
            messages.success(request, _("Archived. Its codes go on working."))
    except DomainError as error:
        messages.error(request, error.detail)
    return HttpResponseRedirect(campaign.get_absolute_url())


def _campaign(request: MemberRequest, pk: UUID) -> Campaign:
    found: Campaign = get_object_or_404(
        Campaign.objects.for_workspace(request.workspace).select_related("workspace"), pk=pk
    )
    return found


def _by_heading(lines: Iterable[PlanLine]) -> dict[Heading, list[PlanLine]]:
    found: dict[Heading, list[PlanLine]] = {}
    for line in lines:
        found.setdefault((line.channel_id, line.audience), []).append(line)
    return found


def _initial(lines: Iterable[PlanLine]) -> list[dict[str, Any]]:
    """Return what stands in the inputs of each row."""
    rows = []
    for (channel, audience), there in _by_heading(lines).items():
        told = [line.reach_target for line in there if line.reach_target is not None]
        row: dict[str, Any] = {
            "channel": channel,
            "audience": audience,
            "reach": sum(told) if told else None,
        }
        for line in there:
            row[f"budget-{line.phase_id or 'any'}"] = _plain(line.budget)
        rows.append(row)
    return rows


def _plain(amount: Decimal) -> str:
    return str(amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount)


def _saved(
    request: MemberRequest, campaign: Campaign, rows: Any, lines: Iterable[PlanLine]
) -> bool:
    """Save the table; tell what is wrong with it as a message of the form."""
    there = _by_heading(lines)
    cells = []
    for row in rows:
        if row.is_blank:
            continue
        channel = row.cleaned_data.get("channel")
        before = {
            line.phase_id: line.reach_target
            for line in there.get((channel.pk if channel else None, row.words), [])
        }
        cells.extend(row.cells(before))
    try:
        changed = services.save_plan(
            campaign=campaign, cells=cells, version=request.POST.get("version", "")
        )
    except DomainError as error:
        messages.error(request, error.detail)
        return False
    messages.success(request, _("Plan saved.") if changed else _("Nothing had changed."))
    return True


def _planned(request: MemberRequest, campaign: Campaign, upload: PlanUploadForm) -> list[Refusal]:
    if not upload.is_valid():
        return []
    try:
        rows = read_plan(upload.cleaned_data["file"])
    except UnreadableFileError as error:
        upload.add_error("file", str(error))
        return []
    changed, refused = services.import_plan(
        campaign=campaign, rows=rows, replace=upload.cleaned_data["replace"]
    )
    if not refused:
        messages.success(request, _("Plan saved.") if changed else _("Nothing had changed."))
    return refused


def _uploaded(request: MemberRequest, campaign: Campaign, upload: UploadForm) -> Outcome | None:
    if not upload.is_valid():
        return None
    try:
        rows = read_spend(upload.cleaned_data["file"])
    except UnreadableFileError as error:
        upload.add_error("file", str(error))
        return None
    outcome = services.import_spend(
        workspace=request.workspace,
        rows=rows,
        campaign=campaign,
        partial=upload.cleaned_data["partial"],
    )
    if outcome.saved:
        messages.success(
            request,
            ngettext("%(n)s row added", "%(n)s rows added", outcome.added) % {"n": outcome.added}
            + ", "
            + _("%(changed)s corrected, %(known)s were there already.")
            % {"changed": outcome.changed, "known": outcome.known},
        )
    return outcome
