"""The journey map in a browser: read, walked by keyboard, changed, and read on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import Card, JourneyMap
from tests.browser.conftest import Visit
from tests.browser.test_shell import findings
from tests.journeys.make import draft_of, lane_of, steps_of
from tests.journeys.measures import mark_scored, measure_nps
from tests.journeys.story import make_story
from touchpoints.catalogue.models import Touchpoint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def journey(workspace: Workspace) -> JourneyMap:
    with workspace_scope(workspace.pk):
        return make_story(workspace)


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


def test_arrow_keys_walk_the_grid_with_one_tab_stop(
    visit: Visit, bob: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), bob, width=1600)
    stops = page.locator("[data-map] [tabindex='0']")
    expect(stops).to_have_count(1)

    page.locator(f"[id='{cell(page, 'Actions', 0)}']").focus()
    focus = page.locator(":focus")
    for key, expected in (
        ("ArrowRight", cell(page, "Actions", 1)),
        ("ArrowDown", cell(page, "Touchpoints", 1)),
        ("End", cell(page, "Touchpoints", 7)),
        ("Home", cell(page, "Touchpoints", 0)),
        ("ArrowLeft", cell(page, "Touchpoints", 0)),
        ("ArrowDown", cell(page, "Thoughts", 0)),
        ("ArrowDown", cell(page, "Feelings", 0)),
    ):
        page.keyboard.press(key)
        expect(focus).to_have_attribute("id", expected)
    page.keyboard.press("Control+Home")
    expect(focus).to_contain_text("Notices lamps")
    expect(stops).to_have_count(1)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-map]')") is None


def test_the_inspector_follows_the_focus(visit: Visit, bob: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), bob, width=1600)
    inspector = page.get_by_role("complementary", name="About the step")
    expect(inspector.get_by_role("heading", level=2)).to_have_text("Delivery")

    page.locator(f"[id='{cell(page, 'Actions', 2)}']").focus()

    expect(inspector.get_by_role("heading", level=2)).to_have_text("Visits the store")
    expect(inspector).to_contain_text("On target.")


def test_a_card_is_written_changed_and_deleted_by_keyboard(
    visit: Visit, alice: User, journey: JourneyMap, workspace: Workspace
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    place = cell(page, "Opportunities", 3)
    page.locator(f"[id='{place}']").focus()

    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Text")).to_be_focused()
    page.keyboard.type("Show <b>stock</b>")
    dialog.get_by_role("button", name="Save").press("Enter")

    expect(dialog).to_be_hidden()
    card = page.locator(f"[id='{place}']")
    expect(card).to_contain_text("Show <b>stock</b>")
    expect(card).to_be_focused()
    expect(page.locator("#jm-live")).to_have_text("Saved")
    page.keyboard.press("Enter")
    expect(card.get_by_role("link", name="Edit")).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Delete").click()
    expect(card).not_to_contain_text("stock")
    with workspace_scope(workspace.pk):
        lane = lane_of(draft_of(journey), "opportunities")
        assert not Card.objects.filter(lane=lane, text__contains="stock").exists()


def test_scores_arrive_without_moving_the_focus(
    visit: Visit, bob: User, journey: JourneyMap, workspace: Workspace
) -> None:
    page = visit(journey.get_absolute_url(), bob, width=1600)
    place = cell(page, "Thoughts", 4)
    page.locator(f"[id='{place}']").focus()
    with workspace_scope(workspace.pk):
        measure_nps(
            workspace, Touchpoint.objects.get(key="checkout"), (5, 5, 90), target=30, replace=True
        )
        mark_scored(workspace)

    page.evaluate(
        "const poll = document.getElementById('jm-poll');"
        "htmx.ajax('GET', poll.getAttribute('hx-get'), {source: poll, swap: 'none'})"
    )

    step = page.locator("[role=columnheader]", has_text="Places the order")
    expect(step).to_have_class("jm-step is-failing")
    expect(page.locator(":focus")).to_have_attribute("id", place)
    expect(page.locator(f"[id='{place}']")).to_have_class("jm-cell is-failing")
    expect(page.locator("#jm-finding")).to_contain_text("1 more")


def test_the_map_is_readable_without_scripts(
    visit: Visit, alice: User, journey: JourneyMap, workspace: Workspace
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600, scripts=False)
    page.get_by_role("link", name="Visits the store").first.click()
    expect(page.get_by_role("heading", name="Visits the store", level=2)).to_be_visible()

    with workspace_scope(workspace.pk):
        first = steps_of(draft_of(journey))[0]
    page.goto(page.url.split("/app/")[0] + f"/app/journeys/steps/{first.pk}/")
    page.get_by_label("Name").fill("Notices us")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Notices us").first).to_be_visible()


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
    page.get_by_role("link", name="New journey").click()
    page.get_by_label("Name").fill("Buying a chair")
    page.get_by_role("button", name="Create journey").click()

    expect(page.get_by_role("heading", name="Buying a chair")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Waits for the parcel")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("button", name="Edit")).to_be_visible()
    expect(page.locator(".jm-state")).to_contain_text("Published")
    assert findings(page) == []
