"""A real browser on a real server. `visit(user, …)` opens a page as somebody who is logged in."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from typing import Protocol

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import JourneyMap
from tests.journeys.story import make_story

# Playwright's synchronous API runs an event loop in this thread; the ORM would refuse to work.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Visit(Protocol):
    """Opens an address of the live server and returns the page."""

    def __call__(
        self,
        path: str,
        user: User | None = None,
        *,
        width: int = 1440,
        theme: str = "light",
        scripts: bool = True,
        touch: bool = False,
    ) -> Page: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the run; without Chromium the test is skipped, except in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed.")
        pytest.skip("Chromium is not installed.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def journey(workspace: Workspace) -> JourneyMap:
    """A journey with something in every usual lane."""
    with workspace_scope(workspace.pk):
        return make_story(workspace)


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """Return a function that opens a page; what the page's scripts complain of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        path: str,
        user: User | None = None,
        *,
        width: int = 1440,
        theme: str = "light",
        scripts: bool = True,
        touch: bool = False,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            has_touch=touch,
            locale="en-GB",
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and "favicon" not in message.text
                else None
            ),
        )
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    _wait_for_the_server()
    assert complaints == []


def _wait_for_the_server() -> None:
    """Wait until no request is answered any more: a page that polls asks up to the end.

    Else its last query and the emptying of the tables that follows wait for each other.
    """
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    for _attempt in range(50):
        # Twice in a row: between two queries of one request nothing is at work either.
        time.sleep(0.1)
        with connection.cursor() as cursor:
            cursor.execute(busy)
            first = cursor.fetchone()
            time.sleep(0.05)
            cursor.execute(busy)
            if not first[0] and not cursor.fetchone()[0]:
                return
