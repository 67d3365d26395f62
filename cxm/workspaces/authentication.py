"""Hands DRF what the door (``WorkspaceMiddleware``) found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from cxm.workspaces.access import Access
from cxm.workspaces.models import ApiKey, User
from cxm.workspaces.roles import may

if TYPE_CHECKING:
    from rest_framework.views import APIView

WRITE_ACTIONS = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ApiKeyAuthentication(BaseAuthentication):
    """A bearer key; checked by the door already, which refuses a wrong one."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        """Return the key of the request, if it came with one."""
        access: Access | None = getattr(request._request, "access", None)
        if access is None or access.api_key is None:
            return None
        return AnonymousUser(), access.api_key

    def authenticate_header(self, request: Request) -> str:
        """Return what a request without a key should have sent."""
        return 'Bearer realm="api"'


class MemberAuthentication(SessionAuthentication):
    """A colleague who is logged in, for the pages of the admin; writes need the CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Return the member behind the session, if there is one."""
        access: Access | None = getattr(request._request, "access", None)
        if access is None or access.membership is None or access.user is None:
            return None
        self.enforce_csrf(request)
        return access.user, None


class HasScope(BasePermission):
    """Lets a key in by its scopes and a member by their role."""

    message = "This key or role may not do that."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Compare what the view is about with what the caller may."""
        access: Access | None = getattr(request._request, "access", None)
        if access is None:
            return False
        resource: str = getattr(view, "scope", "")
        if access.api_key is not None:
            verb = "read" if request.method in SAFE else "write"
            return access.api_key.allows(f"{resource}:{verb}")
        if access.membership is None:
            return False
        action = WRITE_ACTIONS.get(request.method or "", "view")
        return may(access.membership.role, getattr(view, "room", resource), action)
