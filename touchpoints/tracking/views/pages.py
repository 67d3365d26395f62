"""The page that hands out codes, and the parts of it that follow what comes in."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from cxm.api.errors import DomainError
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.campaigns.models import Campaign, Placement
from touchpoints.interactions.models import Source
from touchpoints.interactions.services import create_source
from touchpoints.tracking import qr, snippets
from touchpoints.tracking.forms import CodesForm, NameForm
from touchpoints.tracking.reports import placements_page, sender_states

_KINDS: Final = {"web": Source.Kind.WEB, "server": Source.Kind.SEGMENT}
# What each size of qr.SIZES is good for.
_USES: Final = tuple(
    zip(
        qr.SIZES,
        (
            gettext_lazy("on a business card"),
            gettext_lazy("on a flyer"),
            gettext_lazy("on a poster, from 60 cm"),
            gettext_lazy("on a wall, from 1.5 m"),
        ),
        strict=True,
    )
)


@require_GET
@workspace_page("interactions.view_source")
def codes_page(request: MemberRequest) -> HttpResponse:
    """Hand out every code of the workspace."""
    return _page(request)


def _page(request: MemberRequest, status: int = 200, **more: Any) -> HttpResponse:
    site = settings.SITE_URL
    context = _moving(request)
    key = more.get("new_key") or snippets.KEY_TO_FILL_IN
    return render_page(
        request,
        "tracking/codes.html",
        {
            **context,
            "site": site,
            "campaigns": Campaign.objects.for_workspace(request.workspace).exclude(
                status=Campaign.Status.ARCHIVED
            ),
            "policy": snippets.policy_lines(site),
            "consent": snippets.consent_example(),
            "own_events": snippets.event_example(),
            "examples": snippets.server_examples(site, key),
            "sizes": _USES,
            "may_add": request.user.has_perm("interactions.add_source"),
            "add_placement": reverse("admin:campaigns_placement_add"),
            "may_place": request.user.has_perm("campaigns.add_placement"),
            **more,
        },
        status=status,
    )


@require_GET
@workspace_page("interactions.view_source")
def seen_part(request: MemberRequest) -> HttpResponse:
    """Return the parts of the page that change by themselves, each for its place."""
    return render_page(request, "tracking/_seen.html", _moving(request))


def _moving(request: MemberRequest) -> dict[str, Any]:
    """Return what is on the page now, by what is looked for."""
    wanted = CodesForm(request.GET).wanted()
    workspace = request.workspace
    site = settings.SITE_URL
    placements = placements_page(workspace, wanted)
    return {
        "wanted": wanted,
        "websites": [
            (state, snippets.web_tag(site, state.source.public_key))
            for state in sender_states(
                workspace=workspace, kind=Source.Kind.WEB, words=wanted.words
            )
        ],
        "servers": sender_states(workspace=workspace, kind=Source.Kind.SEGMENT, words=wanted.words),
        "placements": placements,
        "codes": [
            (
                placement,
                snippets.click_address(site, placement.code) if placement.target_url else "",
                snippets.pixel_tag(site, placement.code),
            )
            for placement in placements
        ],
        "pages": placements.paginator.get_elided_page_range(placements.number),
    }


@require_POST
@workspace_page("interactions.view_source")
def add_source(request: MemberRequest, kind: str) -> HttpResponse:
    """Make a source; a website's code is there at once, a server's key is shown this once."""
    if kind not in _KINDS:
        raise Http404
    if not request.user.has_perm("interactions.add_source"):
        raise PermissionDenied
    form = NameForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            source, key = create_source(
                workspace=request.workspace, name=form.cleaned_data["name"], kind=_KINDS[kind]
            )
        except DomainError as error:
            problem = _("Another source has this name.") if error.code == "name_taken" else ""
            problem = problem or str(error)
    else:
        problem = str(form.errors["name"][0])
    if problem:
        named = {"problem": problem, "problem_kind": kind, "typed": request.POST.get("name", "")}
        return _page(request, status=422, **named)
    if kind == "web":
        messages.success(request, _("Added. Put the tag into your pages."))
        return HttpResponseRedirect(f"{reverse('tracking')}#source-{source.pk}")
    response = _page(request, new_key=key, new_source=source)
    # The key stands in this answer and nowhere else.
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@workspace_page("campaigns.view_placement")
def qr_code(request: MemberRequest, pk: UUID, extension: str) -> HttpResponse:
    """Draw the QR code of a placement, at a size in millimetres; a download with `?save`."""
    placement = get_object_or_404(
        Placement.objects.for_workspace(request.workspace).select_related("campaign"), pk=pk
    )
    wanted = request.GET.get("size", "")
    size = int(wanted) if wanted.isdecimal() and int(wanted) in qr.SIZES else min(qr.SIZES)
    if not placement.target_url or extension not in {"svg", "png"}:
        raise Http404
    address = snippets.click_address(settings.SITE_URL, placement.code)
    if extension == "svg":
        response = HttpResponse(qr.as_svg(address, size), content_type="image/svg+xml")
    else:
        response = HttpResponse(qr.as_png(address, size), content_type="image/png")
    if "save" in request.GET:
        name = slugify(f"{placement.campaign.name} {placement.name} {size} mm") or placement.code
        response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    response["Cache-Control"] = "private, max-age=3600"
    return response
