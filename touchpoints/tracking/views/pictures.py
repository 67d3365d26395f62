"""Pictures of pages under their heat maps: put there, shown, taken away."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cxm.api.errors import DomainError
from cxm.workspaces.pages import MemberRequest, workspace_page
from touchpoints.catalogue.pictures import read_picture
from touchpoints.tracking.forms import PictureForm
from touchpoints.tracking.models import PagePicture
from touchpoints.tracking.services import drop_page_picture, put_page_picture


@require_GET
@workspace_page("interactions.view_interaction")
def page_picture(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send a picture, in a way in which it can do nothing but be shown."""
    row = get_object_or_404(PagePicture.objects.for_workspace(request.workspace), pk=pk)
    found = read_picture(row.picture)
    if found is None:
        raise Http404
    content, content_type = found
    response = HttpResponse(content, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, max-age=300"
    return response


@require_POST
@workspace_page("interactions.view_interaction")
def put_picture(request: MemberRequest) -> HttpResponse:
    """Put a picture under the heat map of a page."""
    _must_be_allowed(request)
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a picture of the whole page."))
        return _back(form.data.get("path") or "", form.data.get("device") or "")
    data = form.cleaned_data
    try:
        put_page_picture(
            workspace=request.workspace,
            path=data["path"],
            device=data["device"],
            file=data["picture"],
        )
    except DomainError as error:
        words = {
            "picture_too_large": _("The picture is larger than 5 MB."),
            "no_picture": _("This is no picture. Take a PNG, JPEG, WebP or GIF file."),
        }
        messages.error(request, words.get(error.code, str(error)))
    else:
        messages.success(request, _("The page's picture lies under its heat map now."))
    return _back(data["path"], data["device"])


@require_POST
@workspace_page("interactions.view_interaction")
def drop_picture(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a picture away."""
    row = get_object_or_404(PagePicture.objects.for_workspace(request.workspace), pk=pk)
    _must_be_allowed(request)
    drop_page_picture(picture=row)
    messages.success(request, _("The picture is gone; the heat map stays."))
    return _back(row.path, row.device)


def _must_be_allowed(request: MemberRequest) -> None:
    if not request.user.has_perm("interactions.change_source"):
        raise PermissionDenied


def _back(path: str, device: str) -> HttpResponseRedirect:
    query = urlencode({"path": path, "device": device})
    return HttpResponseRedirect(f"{reverse('tracking-heat')}?{query}")
