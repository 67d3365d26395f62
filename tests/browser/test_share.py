"""A shared map in a browser without an account, with and without scripts, and in a frame."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import JourneyMap
from journeys.sharing.services import Made
from tests.browser.conftest import Visit
from tests.browser.test_shell import findings
from tests.journeys.make import make_map, make_touchpoint
from tests.journeys.sharing.make import make_link
from touchpoints.catalogue.models import MatchingRule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def link_to(journey: JourneyMap, *kinds: str, **overrides: object) -> Made:
    with workspace_scope(journey.workspace_id):
        return make_link(journey, *kinds, **overrides)


@contextmanager
def another_website(address: str) -> Iterator[str]:
    """Serve a page that shows an address in a frame, from an origin of its own."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            frame = f'<iframe src="{address}" title="Map" width="1200" height="700"></iframe>'
            self.wfile.write(frame.encode() if self.path == "/" else b"")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize(
    ("width", "theme"), [(1600, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
)
def test_the_shared_map_is_accessible(
    visit: Visit, journey: JourneyMap, width: int, theme: str
) -> None:
    made = link_to(journey, with_figures=True)
    page = visit(f"/j/{made.token}/", width=width, theme=theme)
    expect(page.get_by_role("heading", name="Buying a lamp", level=1)).to_be_visible()
    if width > 820:
        said = page.get_by_role("gridcell").get_by_role("img", name="NPS minus 18, Off target.")
        expect(said).to_be_visible()
        expect(page.get_by_role("heading", name="First evening", level=3)).to_be_hidden()
    else:
        expect(page.get_by_role("heading", name="First evening", level=3)).to_be_visible()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(14, 22, 26)") == (theme == "dark")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_map_is_read_as_a_list(visit: Visit, journey: JourneyMap) -> None:
    made = link_to(journey, with_figures=True)
    page = visit(f"/j/{made.token}/", scripts=False, width=1280)
    page.get_by_role("heading", name="Notices lamps", level=3).click()
    expect(page.get_by_text("Sees a lamp at a friend's home")).to_be_visible()


def test_nothing_can_be_written(visit: Visit, journey: JourneyMap) -> None:
    page = visit(f"/j/{link_to(journey).token}/", width=1600)
    cell = page.get_by_role("gridcell").filter(has_text="Compares three brands")
    cell.click()
    page.keyboard.press("Enter")
    page.keyboard.type("Mine")
    expect(cell).to_contain_text("Compares three brands")
    expect(page.locator("textarea, [contenteditable]")).to_have_count(0)
    expect(page.get_by_text("Mine")).to_have_count(0)


def test_a_password_is_asked_and_kept_for_a_while(visit: Visit, journey: JourneyMap) -> None:
    made = link_to(journey, password="lamp and shade")
    page = visit(f"/j/{made.token}/", width=1280)
    expect(page.get_by_role("heading", name="This journey has a password")).to_be_visible()
    assert findings(page) == []
    page.get_by_label("Password").fill("lamp and shade")
    page.get_by_role("button", name="Show the journey").click()
    expect(page.get_by_role("heading", name="Buying a lamp", level=1)).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Deutsch").click()
    expect(page.get_by_role("rowheader", name="Kontaktpunkte")).to_be_visible()


def test_the_frame_of_another_website_shows_it(visit: Visit, journey: JourneyMap) -> None:
    made = link_to(journey, with_figures=True, may_embed=True, password="lamp and shade")
    page = visit(f"/j/{made.token}/", width=1280)
    with another_website(f"{page.url}embed/") as address:
        page.goto(address)
        frame = page.frame_locator("iframe")
        frame.get_by_label("Password").fill("lamp and shade")
        frame.get_by_role("button", name="Show the journey").click()
        said = frame.get_by_role("gridcell").get_by_role("img", name="NPS minus 18, Off target.")
        expect(said).to_be_visible()


def test_links_are_made_over_the_map(visit: Visit, alice: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    page.get_by_role("link", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog", name="Share Buying a lamp")
    dialog.get_by_label("For whom").fill("Board")
    assert findings(page) == []
    dialog.get_by_role("button", name="Make the link").click()
    expect(dialog.get_by_role("heading", name="The link for Board is ready")).to_be_visible()
    dialog.get_by_role("button", name="Revoke Board").click()
    expect(dialog.get_by_text("Revoked on")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("link", name="Share", exact=True)).to_be_focused()


def test_an_event_is_connected_beside_the_map(
    visit: Visit, alice: User, workspace: Workspace
) -> None:
    with workspace_scope(workspace.pk):
        place = make_touchpoint(workspace, "Fair")
        journey = make_map(workspace, place, name="Trade fair")
    page = visit(journey.get_absolute_url(), alice, width=1600)
    page.get_by_role("columnheader", name="Step 1").click()
    panel = page.locator("#jm-inspector")
    expect(panel.get_by_text("Not measured yet.").first).to_be_visible()
    panel.get_by_role("link", name="Connect an event").click()
    field = panel.get_by_label("Event or address")
    expect(field).to_be_focused()
    field.fill("booth.visited")
    expect(panel.get_by_text("Nothing was collected yet")).to_be_visible()
    assert findings(page) == []
    panel.get_by_role("button", name="Save rule").click()
    expect(panel.get_by_text("Saved. New interactions are matched from now on.")).to_be_visible()
    with workspace_scope(workspace.pk):
        rule = MatchingRule.objects.get(touchpoint=place)
    assert rule.conditions[0]["value"] == "booth.visited"


def test_a_link_is_made_and_copied(visit: Visit, alice: User, journey: JourneyMap) -> None:
    page = visit(f"/app/journeys/{journey.pk}/share/", alice, width=1280)
    assert findings(page) == []
    page.get_by_label("For whom").fill("Agency")
    page.get_by_label("May be embedded").check()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("heading", name="The link for Agency is ready")).to_be_visible()
    assert findings(page) == []
    address = page.get_by_label("Address").input_value()
    assert "/j/" in address
    page.get_by_role("button", name="Revoke Agency").click()
    expect(page.get_by_text("Revoked on")).to_be_visible()
