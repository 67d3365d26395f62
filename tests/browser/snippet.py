"""A person's browser on a website with the snippet, and what of it has arrived."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Protocol
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.touchpoints.interactions.conftest import server
from tests.touchpoints.interactions.server import Server
from tests.touchpoints.tracking.website import Website, serving_pages
from touchpoints.interactions.models import Interaction, Quarantined, Source
from touchpoints.interactions.records import PAGE_LEFT
from touchpoints.interactions.services import create_source
from touchpoints.interactions.services.inbox import drain

__all__ = ["arrived", "browser_context", "persons_browser", "server", "visit", "website"]

# A headless browser says so in its own; then it counts as a bot, as it should. Given as an
# argument, since what a page says when it goes away is no longer sent under its context's name.
AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
Open = Callable[..., Page]


class Arrived(Protocol):
    """Waits until so many interactions are stored; that a page was left counts when asked for."""

    def __call__(self, number: int, *, leaving: bool = False) -> list[Interaction]: ...


@pytest.fixture
def website(workspace: Workspace, server: Server) -> Iterator[Website]:
    """A website whose pages carry the snippet with the workspace's key."""
    with serving_pages(server.url) as found:
        with workspace_scope(workspace.pk):
            _source, found.key = create_source(
                workspace=workspace, name="Shop", kind=Source.Kind.WEB
            )
        yield found


@pytest.fixture(scope="module")
def persons_browser(chromium: Browser) -> Iterator[Browser]:
    """A browser that does not say that nobody sits in front of it."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, f"--user-agent={AGENT}"]
    )
    yield browser
    browser.close()


@pytest.fixture
def browser_context(persons_browser: Browser) -> Iterator[BrowserContext]:
    """A person's browser, with nothing in it yet."""
    context = persons_browser.new_context(locale="en-GB", viewport={"width": 1000, "height": 800})
    yield context
    # Pages say goodbye when they close; nothing may arrive any more while the tables are emptied.
    context.set_offline(True)
    time.sleep(0.3)
    context.close()


@pytest.fixture
def visit(browser_context: BrowserContext, website: Website) -> Iterator[Open]:
    """Open a page of the website; what the browser complains of fails the test."""
    complaints: list[str] = []

    def open_page(path: str = "/", *, in_page: Page | None = None, referrer: str = "") -> Page:
        page = in_page or browser_context.new_page()
        if in_page is None:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda message: (
                    complaints.append(message.text)
                    if message.type == "error" and "Failed to load" not in message.text
                    else None
                ),
            )
        page.goto(urljoin(website.url, path), referer=referrer or None)
        page.wait_for_load_state("load")
        return page

    yield open_page
    assert complaints == []


@pytest.fixture
def arrived(workspace: Workspace) -> Arrived:
    """Return interactions in order, when there are so many and no more a moment later."""

    def wait(number: int, *, leaving: bool = False) -> list[Interaction]:
        deadline = time.monotonic() + 15
        calm = 0.0
        while True:
            drain()
            with workspace_scope(workspace.pk):
                assert not Quarantined.objects.exists(), Quarantined.objects.values("detail")
                rows = Interaction.objects.order_by("occurred_at", "id")
                found = list(rows if leaving else rows.exclude(event=PAGE_LEFT))
            if len(found) >= number:
                calm = calm or time.monotonic() + 0.3
                if time.monotonic() > calm:
                    break
            assert time.monotonic() < deadline, [str(one) for one in found]
            time.sleep(0.1)
        assert len(found) == number, [f"{one} {one.properties}" for one in found]
        return found

    return wait


def stored_in(page: Page) -> dict[str, str]:
    """Return what the page's origin keeps in the browser, cookies included."""
    kept: dict[str, str] = page.evaluate("({...localStorage, ...sessionStorage})")
    cookies = page.context.cookies()
    return {**kept, **{str(cookie.get("name")): str(cookie.get("value")) for cookie in cookies}}


def only(rows: list[Interaction], event: str) -> list[Interaction]:
    """Return the rows with an event's name."""
    return [row for row in rows if row.event == event]
