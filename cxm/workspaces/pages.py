"""Custom pages in the admin's shell."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from cxm.workspaces.models import Membership, User, Workspace

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request behind ``workspace_page``: its user is a member of its workspace."""

    user: User
    workspace: Workspace
    membership: Membership


def workspace_page(
    permission: str,
) -> Callable[
    [Callable[Concatenate[MemberRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Make a view a page of the shell: log in first, be a member, hold ``permission``.

    Args:
        permission: as Django names it, "maps.view_journeymap".
    """

    def wrap(
        view: Callable[Concatenate[MemberRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if getattr(request, "workspace", None) is None or not request.user.has_perm(permission):
                raise PermissionDenied
            return view(cast(MemberRequest, request), *args, **kwargs)

        return page

    return wrap


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """Render a template that extends ``cxm/page.html`` with the shell's own context."""
    return TemplateResponse(
        request, template, {**admin.site.each_context(request), **context}, status=status
    )
