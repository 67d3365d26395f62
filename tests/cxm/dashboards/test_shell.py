"""The frame of every page: landmarks, menus, one h1, no inline script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Membership, User, Workspace

Browser = Callable[[User], Client]
PAGES = [
    "/admin/",
    "/admin/workspaces/membership/",
    "/admin/workspaces/membership/add/",
    "/admin/password_change/",
]


def get(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_one_h1_a_skip_link_and_landmarks(
    client_for: Browser, alice: User, path: str
) -> None:
    page = get(client_for(alice), path)

    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert 'class="skip" href="#main"' in page
    assert page.count("<main ") == 1
    assert 'aria-label="Main"' in page
    assert re.search(r"<title>\S.* · CXM</title>", page)


@pytest.mark.parametrize("path", [*PAGES, "/admin/login/"])
def test_nothing_inline_runs_without_a_nonce(client_for: Browser, alice: User, path: str) -> None:
    page = get(Client() if "login" in path else client_for(alice), path)

    for attributes in re.findall(r"<script([^>]*)>", page):
        assert "src=" in attributes or "application/json" in attributes or "nonce=" in attributes
    assert " onclick=" not in page
    assert "x-cloak" not in page.split("<body", 1)[0]


@pytest.mark.parametrize("path", [*PAGES, "/admin/login/"])
def test_nothing_comes_from_another_host(client_for: Browser, alice: User, path: str) -> None:
    page = get(Client() if "login" in path else client_for(alice), path)

    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', page) == []


def test_the_current_page_is_marked(client_for: Browser, alice: User) -> None:
    page = get(client_for(alice), "/admin/workspaces/membership/")

    assert re.findall(r'<a href="([^"]+)" aria-current="page"', page) == [
        "/admin/workspaces/membership/"
    ]
    assert '<details class="settings" open>' in page


def test_a_viewer_sees_no_settings(client_for: Browser, bob: User) -> None:
    page = get(client_for(bob), "/admin/")

    assert 'class="settings"' not in page
    assert "/admin/workspaces/" not in page


def test_one_workspace_has_no_switcher(client_for: Browser, alice: User) -> None:
    page = get(client_for(alice), "/admin/")

    assert "Nordhaven" in page
    assert "Switch workspace" not in page


def test_the_switcher_is_a_form_with_every_workspace(
    client_for: Browser, alice: User, other_workspace: Workspace
) -> None:
    with workspace_scope(other_workspace.pk):
        Membership.objects.create(workspace=other_workspace, user=alice, role="viewer")
    client = client_for(alice)
    page = get(client, "/admin/")
    assert 'name="workspace"' in page

    client.post("/app/switch-workspace/", {"workspace": str(other_workspace.pk)})
    now, later = (
        re.search(rf"<small>{name}</small>", get(client, "/admin/"))
        for name in ("Elsewhere", "Nordhaven")
    )

    assert now is not None
    assert later is None


def test_logging_out_is_a_form(client_for: Browser, alice: User) -> None:
    page = get(client_for(alice), "/admin/")

    assert 'method="post" action="/admin/logout/"' in page
    assert "data-theme-choice" in page


def test_a_popup_has_no_sidebar(client_for: Browser, alice: User) -> None:
    page = get(client_for(alice), "/admin/workspaces/membership/add/?_popup=1")

    assert 'id="side"' not in page
    assert "popovertarget" not in page


def test_the_log_in_page_says_what_was_wrong(db: None) -> None:
    response = Client().post("/admin/login/", {"username": "a@example.com", "password": "wrong"})
    page = response.content.decode()

    assert 'role="alert"' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1


def test_a_list_that_is_empty_says_so(client_for: Browser, alice: User) -> None:
    page = get(client_for(alice), "/admin/workspaces/apikey/")
    assert "No API keys yet" in page

    page = get(client_for(alice), "/admin/workspaces/membership/?q=nobody")
    assert "Nothing matches" in page


def test_dead_ends_look_like_the_product(client_for: Browser, bob: User) -> None:
    client = client_for(bob)

    missing = client.get("/admin/no/such/page/")
    assert missing.status_code == 404
    assert "There is nothing at this address" in missing.content.decode()

    forbidden = client.get("/admin/workspaces/apikey/")
    assert forbidden.status_code == 403
    assert "Your role does not allow this" in forbidden.content.decode()
