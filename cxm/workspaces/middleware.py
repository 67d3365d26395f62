"""The door: finds out who asks and in which workspace, and opens that scope alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from cxm.api.errors import problem
from cxm.common.clock import now
from cxm.common.scope import token_scope, user_scope, workspace_scope
from cxm.common.tokens import hash_token
from cxm.workspaces.access import Access, acting
from cxm.workspaces.models import ApiKey, Membership, User

INSIDE = ("/admin/", "/app/", "/api/")
SESSION_KEY = "workspace"
USED_STAMP_EVERY = timedelta(minutes=1)


class WorkspaceMiddleware:
    """Opens the workspace's scope for every request to the admin, its pages and the API.

    Public pages open the scope of their own token; anywhere else nothing is seen.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request inside the scope of its workspace."""
        if not request.path.startswith(INSIDE):
            return self.get_response(request)
        header = request.headers.get("Authorization", "")
        if request.path.startswith("/api/") and header:
            return self._by_key(request, header)
        if request.user.is_authenticated:
            return self._by_session(request, request.user)
        return self.get_response(request)

    def _by_key(self, request: HttpRequest, header: str) -> HttpResponseBase:
        kind, _, token = header.partition(" ")
        key = _find_key(token.strip()) if kind.lower() == "bearer" else None
        if key is None:
            return unauthorized()
        access = Access(workspace=key.workspace, api_key=key)
        request.access = access  # type: ignore[attr-defined]
        request.workspace = key.workspace  # type: ignore[attr-defined]
        with workspace_scope(key.workspace_id), acting(access):
            moment = now()
            if key.last_used_at is None or moment - key.last_used_at > USED_STAMP_EVERY:
                ApiKey.objects.filter(pk=key.pk).update(last_used_at=moment)
            return self.get_response(request)

    def _by_session(self, request: HttpRequest, user: User) -> HttpResponseBase:
        with user_scope(user.pk):
            memberships = list(
                Membership.objects.filter(user=user)
                .select_related("workspace")
                .order_by("workspace__name", "pk")
            )
        chosen = request.session.get(SESSION_KEY)
        membership = next((m for m in memberships if str(m.workspace_id) == chosen), None) or next(
            iter(memberships), None
        )
        request.memberships = memberships  # type: ignore[attr-defined]
        request.membership = membership  # type: ignore[attr-defined]
        request.workspace = membership.workspace if membership else None  # type: ignore[attr-defined]
        if membership is None:
            return self.get_response(request)
        membership.user = user
        access = Access(workspace=membership.workspace, user=user, membership=membership)
        request.access = access  # type: ignore[attr-defined]
        with ExitStack() as stack:
            stack.enter_context(workspace_scope(membership.workspace_id))
            stack.enter_context(acting(access))
            # Pages tell the time that the workspace's days go by.
            stack.enter_context(timezone.override(membership.workspace.timezone))
            return self.get_response(request)


def unauthorized() -> HttpResponse:
    """Return the answer to a key that is missing, unknown, expired or revoked."""
    response = problem(
        status=401,
        code="invalid_key",
        title="Unauthorized",
        detail="Send a valid API key as “Authorization: Bearer cxm_…”.",
    )
    response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def _find_key(token: str) -> ApiKey | None:
    if not token:
        return None
    digest = hash_token(token)
    with token_scope(digest):
        key = ApiKey.objects.filter(token_hash=digest).first()
    if key is None or not key.is_usable(now()):
        return None
    # The workspace itself is not shown by a key's token; it is once its scope is open.
    with workspace_scope(key.workspace_id):
        key.workspace  # noqa: B018 - loads and caches the related row
    return key
