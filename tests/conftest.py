"""The cast: alice owns a workspace, bob may only look, mallory owns another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from tests.make import make_api_key, make_member, make_workspace


@pytest.fixture
def workspace(db: None) -> Workspace:
    """The workspace that a test is about."""
    return make_workspace(name="Nordhaven", slug="nordhaven")


@pytest.fixture
def other_workspace(db: None) -> Workspace:
    """A stranger's workspace."""
    return make_workspace(name="Elsewhere", slug="elsewhere")


@pytest.fixture
def scope(workspace: Workspace) -> Iterator[Workspace]:
    """The workspace, with its rows in sight."""
    with workspace_scope(workspace.pk):
        yield workspace


@pytest.fixture
def alice(workspace: Workspace) -> User:
    """Owner of the workspace."""
    return make_member(workspace, "owner", name="Alice Ahl", email="alice@example.com")


@pytest.fixture
def bob(workspace: Workspace) -> User:
    """Viewer in the workspace."""
    return make_member(workspace, "viewer", name="Bob Bruun", email="bob@example.com")


@pytest.fixture
def mallory(other_workspace: Workspace) -> User:
    """Owner of the other workspace."""
    return make_member(other_workspace, "owner", name="Mallory", email="mallory@example.com")


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """Return a browser in which a user is logged in."""

    def client(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return client


@pytest.fixture
def api(workspace: Workspace) -> Callable[..., APIClient]:
    """Return an API client with a key; arguments are its scopes, everything by default."""

    def client(*scopes: str, of: Workspace | None = None) -> APIClient:
        _key, token = make_api_key(of or workspace, *scopes)
        found = APIClient()
        found.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return found

    return client
