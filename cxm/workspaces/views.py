"""Pages of the room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from cxm.workspaces.middleware import SESSION_KEY


@require_POST
def switch_workspace(request: HttpRequest) -> HttpResponse:
    """Choose the workspace of this session; only one in which the user is a member."""
    wanted = request.POST.get("workspace", "")
    memberships = getattr(request, "memberships", [])
    if any(str(m.workspace_id) == wanted for m in memberships):
        request.session[SESSION_KEY] = wanted
    # Never back to where one was: that page may be about a row of the workspace just left.
    return HttpResponseRedirect(reverse("admin:index"))
