"""Makers of the cast's things. Each room's own makers stand in its folder's ``make.py``."""

from __future__ import annotations

from itertools import count
from typing import Any

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import ApiKey, Membership, User, Workspace
from cxm.workspaces.services import create_api_key

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_user(**overrides: Any) -> User:
    """Make a user who logs in with PASSWORD."""
    number = next(_numbers)
    fields = {"email": f"user{number}@example.com", "name": f"User {number}", **overrides}
    return User.objects.create_user(password=PASSWORD, **fields)


def make_workspace(**overrides: Any) -> Workspace:
    """Make a workspace without members."""
    number = next(_numbers)
    workspace = Workspace(**{"name": f"Shop {number}", "slug": f"shop-{number}", **overrides})
    with workspace_scope(workspace.pk):
        workspace.save(force_insert=True)
    return workspace


def make_member(workspace: Workspace, role: str = "owner", **overrides: Any) -> User:
    """Make a user with a role in a workspace."""
    user = make_user(**overrides)
    with workspace_scope(workspace.pk):
        Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def make_api_key(workspace: Workspace, *scopes: str) -> tuple[ApiKey, str]:
    """Make an API key and return it with its text."""
    with workspace_scope(workspace.pk):
        return create_api_key(workspace=workspace, name="CRM", scopes=scopes or ("*",))
