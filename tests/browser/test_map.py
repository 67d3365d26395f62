"""The journey map in a browser: read, walked by keyboard, changed, and read on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cxm.workspaces.models import User
from journeys.maps.models import JourneyMap
from tests.browser.conftest import Visit
from tests.browser.test_shell import findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def cell(page: Page, lane: str, step: int) -> str:
    """Return the id of a cell: the lane by its heading, the step by its place from the left."""
    row = page.locator("[role=row]", has=page.get_by_role("rowheader", name=lane))
    return row.locator("[role=gridcell]").nth(step).get_attribute("id") or ""


@pytest.mark.parametrize(
    ("width", "theme"), [(1600, "light"), (1600, "dark"), (1280, "light"), (390, "dark")]
)
def test_the_map_is_accessible(
    visit: Visit, alice: User, journey: JourneyMap, width: int, theme: str
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=width, theme=theme)

    expect(page.get_by_role("heading", name="Buying a lamp", level=1)).to_be_visible()
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_score_reads_as_one_sentence(visit: Visit, bob: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), bob)

    said = page.get_by_role("gridcell").get_by_role("img", name="NPS minus 18, Off target.")
    expect(said).to_have_attribute(
        "aria-label",
        "NPS minus 18, Off target. 95 % interval minus 31 to minus 5, 142 answers, target 20.",
    )


def test_the_inspector_follows_the_focus(visit: Visit, bob: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), bob, width=1600)
    inspector = page.get_by_role("complementary", name="About the step")
    expect(inspector.get_by_role("heading", level=2)).to_have_text("Delivery")

    page.locator(f"[id='{cell(page, 'Actions', 2)}']").focus()

    expect(inspector.get_by_role("heading", level=2)).to_have_text("Visits the store")
    expect(inspector).to_contain_text("On target.")


def test_on_a_phone_the_map_is_a_list_by_stage(
    visit: Visit, bob: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), bob, width=390)
    expect(page.get_by_role("grid")).to_be_hidden()
    reading = page.get_by_role("region", name="The journey as a list")

    expect(reading.get_by_role("link", name="Delivery is off target.")).to_be_visible()
    expect(reading.get_by_text("Waits, tracks, calls us")).to_be_visible()
    expect(reading.get_by_text("Sees a lamp at a friend's home")).to_be_hidden()
    reading.get_by_role("heading", name="Notices lamps").click()
    expect(reading.get_by_text("Sees a lamp at a friend's home")).to_be_visible()
    heights = page.evaluate(
        "[...document.querySelectorAll('.jm-read summary, .jm-tabs a')]"
        ".map((e) => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
    page.locator(".jm-tabs a", has_text="Use & loyalty").click()
    expect(page.locator(".jm-tabs [aria-current]")).to_have_text("Use & loyalty")


def test_a_new_journey_is_made_and_published(visit: Visit, alice: User) -> None:
    page = visit("/app/journeys/", alice)
    page.get_by_role("link", name="Use a template").click()
    page.get_by_label("Name").fill("Buying a chair")
    page.get_by_role("button", name="Create journey").click()

    expect(page.get_by_role("heading", name="Buying a chair")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Waits for the parcel")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Publish version 1").click()
    expect(page.locator(".jm-state")).to_contain_text("Published", timeout=20_000)
    expect(page.get_by_role("button", name="Edit", exact=True)).to_be_visible()
    # Nor does the heartbeat call it a draft.
    page.wait_for_timeout(2_500)
    expect(page.locator(".jm-state")).to_contain_text("Published")
    assert findings(page) == []
