"""Writes that touch more than one row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.common.ids import uuid7
from cxm.common.scope import workspace_scope
from cxm.common.tokens import hash_token, make_token
from cxm.workspaces import audit
from cxm.workspaces.keyscopes import SCOPES
from cxm.workspaces.models import ApiKey, Membership, User, Workspace
from cxm.workspaces.registry import on_new_workspace

PREFIX = "cxm_"
SHOWN = 10


@transaction.atomic
def create_workspace(
    *, name: str, owner: User, slug: str = "", timezone: str = "UTC", language: str = "en"
) -> Workspace:
    """Create a workspace with its first owner and what every room sets up in a new one.

    Raises:
        DomainError: the short name is taken (code "slug_taken").
    """
    workspace = Workspace(
        id=uuid7(),
        name=name,
        slug=slug or slugify(name) or "workspace",
        timezone=timezone,
        language=language,
    )
    with workspace_scope(workspace.pk):
        if not _save_unless_taken(workspace):
            raise DomainError(
                f"The short name “{workspace.slug}” is taken; choose another.", code="slug_taken"
            )
        Membership.objects.create(workspace=workspace, user=owner, role=Membership.Role.OWNER)
        for set_up in on_new_workspace.values():
            set_up(workspace)
    return workspace


@transaction.atomic
def create_api_key(
    *,
    workspace: Workspace,
    name: str,
    scopes: Sequence[str],
    by: User | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Create an API key; its text is returned this once and never again.

    Raises:
        DomainError: a scope is not known (code "unknown_scope").
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise DomainError(
            f"Unknown scope {', '.join(unknown) or '(none)'}. Known: {', '.join(SCOPES)}.",
            code="unknown_scope",
        )
    key = ApiKey(
        workspace=workspace,
        name=name,
        scopes=list(scopes),
        created_by=by,
        expires_at=expires_at,
    )
    token = give_token(key)
    key.save()
    audit.record("added", key, {"scopes": (None, list(scopes))})
    return key, token


def give_token(key: ApiKey) -> str:
    """Put the hash of a fresh token into a key that is about to be saved; return its text."""
    token = make_token(PREFIX)
    key.prefix, key.token_hash = token[:SHOWN], hash_token(token)
    return token


@transaction.atomic
def revoke_api_key(*, key: ApiKey) -> None:
    """Close the door to a key at once and for good."""
    if key.revoked_at is None:
        key.revoked_at = now()
        key.save(update_fields=["revoked_at", "updated_at"])
        audit.record("revoked", key, {})


def _save_unless_taken(workspace: Workspace) -> bool:
    # Row-level security hides other workspaces, so only the unique index can tell.
    return bool(Workspace.objects.bulk_create([workspace], ignore_conflicts=True)) and (
        Workspace.objects.filter(pk=workspace.pk).exists()
    )
