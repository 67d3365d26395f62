"""Where the team makes and revokes the share links of a map: a page, and a part of the editor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cxm.api.errors import DomainError
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from journeys.maps.models import JourneyMap, ShareLink, Version
from journeys.sharing.forms import ShareForm
from journeys.sharing.reports import links_of
from journeys.sharing.services import Made, create_link, revoke_link

EDIT = "maps.change_card"
# The field to which what a service refuses is put.
FIELDS = {
    "no_lanes": "lanes",
    "unknown_lane": "lanes",
    "past": "until",
    "password_length": "password",
}


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(EDIT)
def share_page(request: MemberRequest, map_id: UUID) -> HttpResponse:
    """Show the links of a map and make one. A new link's address is shown this once."""
    journey = _journey(request, map_id)
    form = ShareForm(request.POST or None, journey=journey, workspace=request.workspace)
    made = _make(request, journey, form) if request.method == "POST" else None
    if made is not None:
        form = ShareForm(journey=journey, workspace=request.workspace)
    return _show(request, journey, form, made)


@require_POST
@workspace_page(EDIT)
def share_revoke(request: MemberRequest, map_id: UUID, link_id: UUID) -> HttpResponse:
    """Close a link for good."""
    journey = _journey(request, map_id)
    revoke_link(link=get_object_or_404(ShareLink.objects.filter(map=journey), pk=link_id))
    if _is_part(request):
        return _show(request, journey, ShareForm(journey=journey, workspace=request.workspace))
    return HttpResponseRedirect(reverse("map_share", args=[journey.pk]))


def snippet_of(address: str, title: str) -> str:
    """Return the HTML with which another website shows the map in a frame."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="720" loading="lazy" '
        'referrerpolicy="no-referrer" style="border:0"></iframe>',
        address,
        title,
    )


def _make(request: MemberRequest, journey: JourneyMap, form: ShareForm) -> Made | None:
    if not form.is_valid():
        return None
    data = form.cleaned_data
    try:
        return create_link(
            journey=journey,
            name=data["name"],
            lanes=data["lanes"],
            version=form.chosen_version(),
            with_figures=data["with_figures"],
            may_embed=data["may_embed"],
            expires_at=form.expires_at(),
            password=data["password"],
            by=request.membership,
        )
    except DomainError as refused:
        form.add_error(FIELDS.get(refused.code), refused.detail)
        return None


def _show(
    request: MemberRequest, journey: JourneyMap, form: ShareForm, made: Made | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Share %(map)s") % {"map": journey.name},
        "journey": journey,
        "form": form,
        "links": links_of(journey),
        "made": made,
        "published": Version.objects.published().filter(map=journey).exists(),
        "snippet": snippet_of(made.embed_url, journey.name) if made and made.embed_url else "",
    }
    status = 422 if form.is_bound and form.errors and not _is_part(request) else 200
    if _is_part(request):
        return render(request, "sharing/_share.html", {**context, "part": True})
    return render_page(request, "sharing/share.html", context, status=status)


def _is_part(request: HttpRequest) -> bool:
    """Say whether the editor's dialog asks, which has a frame of its own."""
    return bool(request.headers.get("HX-Request")) or "part" in request.GET


def _journey(request: MemberRequest, map_id: UUID) -> JourneyMap:
    return get_object_or_404(JourneyMap.objects.for_workspace(request.workspace), pk=map_id)
