"""The page of codes in a browser: copying, and news that come by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from tests.browser.conftest import Visit
from tests.browser.test_shell import everywhere
from tests.touchpoints.make import make_record
from tests.touchpoints.tracking.make import make_placement
from tests.touchpoints.tracking.test_heat_page import click, happened, leave
from touchpoints.interactions.models import Source
from touchpoints.interactions.services import create_source, ingest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    """The address of this site, as it stands in codes."""
    settings.SITE_URL = live_server.url
    return live_server.url


def test_from_no_website_to_its_first_view(
    workspace: Workspace, alice: User, visit: Visit, site: str
) -> None:
    page = visit("/app/tracking/", alice)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.get_by_label("Name of the website").fill("Web shop")
    page.get_by_role("button", name="Add website").click()
    card = page.get_by_role("article", name="Web shop")
    card.get_by_text("Nothing has come yet").wait_for()

    card.get_by_role("button", name="Copy: Web shop").click()
    expect(card.get_by_role("button", name="Copy: Web shop")).to_have_text("Copied")
    with workspace_scope(workspace.pk):
        source = Source.objects.get()
    tag = f'<script async src="{site}/t.js" data-key="{source.public_key}"></script>'
    assert page.evaluate("navigator.clipboard.readText()") == tag

    with workspace_scope(workspace.pk):
        view = make_record(
            kind="page",
            event="",
            occurred_at=now() - timedelta(seconds=2),
            properties={"path": "/bikes"},
        )
        ingest(source=source, records=[view], received_at=now())
    # Nobody does anything: the page asks by itself.
    card.get_by_text("/bikes").wait_for(timeout=15_000)
    assert card.get_by_text("Last seen").is_visible()


def test_codes_are_accessible_and_fit_a_phone(
    workspace: Workspace, alice: User, visit: Visit, site: str
) -> None:
    make_placement(workspace, name="A placement with a rather long name for a small screen")
    make_placement(workspace, kind="pixel", target_url="", name="Opened")
    with workspace_scope(workspace.pk):
        create_source(workspace=workspace, name="Web shop", kind=Source.Kind.WEB)
        create_source(workspace=workspace, name="Orders")
    assert everywhere(visit, "/app/tracking/", alice) == []


def test_heat_maps_are_accessible_and_fit_a_phone(
    workspace: Workspace, alice: User, visit: Visit, site: str
) -> None:
    with workspace_scope(workspace.pk):
        Workspace.objects.update(min_visits=2)
    happened(workspace, click(), click(text="Pay"), leave(view="a"), leave(view="b", scroll=90))
    assert everywhere(visit, "/app/tracking/heat/", alice) == []


def test_qr_codes_are_downloaded_by_keyboard(
    workspace: Workspace, alice: User, visit: Visit, site: str
) -> None:
    make_placement(workspace, name="Poster")
    page = visit("/app/tracking/", alice)
    page.locator("summary", has_text="Download").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith("poster-20-mm.svg")
