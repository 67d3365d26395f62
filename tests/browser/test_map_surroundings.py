"""What surrounds the map's grid: feelings, scores, panels, views, search, versions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import Card, Comment, JourneyMap, Lane, MapView, Opportunity, Version
from tests.browser.conftest import Visit
from tests.browser.test_shell import findings
from tests.journeys.make import draft_of, lane_of, steps_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def saved(page: Page) -> None:
    """Wait until everything is sent."""
    expect(page.locator("#jm-state")).to_contain_text("saved")


def cell(page: Page, journey: JourneyMap, kind: str, step: int) -> Locator:
    """Return a cell by the kind of its lane and the place of its step from the left."""
    with workspace_scope(journey.workspace_id):
        draft = draft_of(journey)
        key = f"c-{lane_of(draft, kind).pk}-{steps_of(draft)[step].pk}"
    return page.locator(f"[id='{key}']")


def heading(page: Page, journey: JourneyMap, kind: str) -> Locator:
    with workspace_scope(journey.workspace_id):
        return page.locator(f"[id='l-{lane_of(draft_of(journey), kind).pk}']")


@pytest.mark.parametrize(
    ("width", "theme"), [(1600, "light"), (1600, "dark"), (1280, "light"), (1920, "light")]
)
def test_map_and_panels_are_accessible(
    visit: Visit, alice: User, journey: JourneyMap, width: int, theme: str
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=width, theme=theme)
    expect(page.locator(".jm-callout")).to_be_visible()

    assert findings(page) == []
    inspector = ".jm-inspector"
    for tab in ("Details", "Comments"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(300)
        assert findings(page, within=inspector) == [], tab
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_point_of_the_curve_moves_by_keyboard(
    visit: Visit, alice: User, journey: JourneyMap, workspace: Workspace
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    points = page.get_by_role("slider", name="Feeling we assume")
    expect(points).to_have_count(8)
    points.nth(5).focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageDown")

    expect(page.locator(":focus")).to_have_attribute("aria-valuetext", "Feels +0.1 at Delivery")
    page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_have_attribute(
        "aria-valuetext", re.compile("at First evening$")
    )
    page.keyboard.press("Delete")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "Set a feeling at First evening")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("aria-valuetext", "Feels 0.0 at First evening")
    saved(page)
    with workspace_scope(workspace.pk):
        draft = draft_of(journey)
        cards = Card.objects.filter(lane=lane_of(draft, "feelings"))
        assert float(cards.get(step=steps_of(draft)[5]).valence or 9) == 0.1
        assert float(cards.get(step=steps_of(draft)[6]).valence or 0) == 0


def test_a_drag_is_one_change_in_tenths_and_is_said(
    visit: Visit, alice: User, journey: JourneyMap, workspace: Workspace
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    point = page.get_by_role("slider", name="Feeling we assume").nth(3)
    expect(point).to_have_attribute("aria-valuenow", "0.8")
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    page.mouse.move(x, y)
    page.mouse.down()
    for by in (10, 25, 37):
        page.mouse.move(x, y + by)
    page.mouse.up()

    # 37 pixels a point of the scale.
    expect(point).to_have_attribute("aria-valuenow", "-0.2")
    expect(page.locator("#jm-live")).to_contain_text("Feels −0.2 at Compares online")
    page.keyboard.press("Control+z")
    expect(point).to_have_attribute("aria-valuenow", "0.8")


def test_scores_arrive_after_the_text_and_frame_the_failing_step(
    visit: Visit, bob: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), bob, width=1600)

    step = page.locator("[role=columnheader]", has_text="Delivery")
    expect(step).to_have_class(re.compile("is-failing"))
    expect(page.locator(".jm-callout")).to_contain_text("Delivery")
    said = page.get_by_role("gridcell").get_by_role("img", name="NPS minus 18, Off target.")
    expect(said).to_be_visible()
    page.locator(".jm-bar summary").click()
    page.get_by_role("link", name="Last 365 days").click()
    expect(page).to_have_url(re.compile("period=365"))
    expect(page.locator(".jm-bar summary")).to_contain_text("Last 365 days")


def test_scores_that_fail_leave_the_text(visit: Visit, bob: User, journey: JourneyMap) -> None:
    page = visit("/app/journeys/", bob, width=1600)
    page.route(
        re.compile(r"/journeys/.+/scores/"), lambda route: route.fulfill(status=204, body="")
    )
    page.goto(page.url.split("/app/")[0] + journey.get_absolute_url())

    expect(page.get_by_text("Waits, tracks, calls us").first).to_be_visible()
    expect(page.locator(".jm-skeleton").first).to_be_visible()


def test_details_change_the_card_in_focus(visit: Visit, alice: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    place = cell(page, journey, "pain_points", 5)
    place.focus()
    page.get_by_role("tab", name="Details").click()

    panel = page.get_by_role("tabpanel")
    panel.get_by_label("Text").fill("Nobody says the day")
    panel.get_by_label("Text").press("Tab")
    panel.get_by_label("Severity").select_option("3")

    expect(place).to_contain_text("Nobody says the day")
    expect(place).to_contain_text("Critical")


def test_details_weigh_an_opportunity_for_all_maps(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    place = cell(page, journey, "opportunities", 0)
    expect(place).to_contain_text("Show a live date")
    place.focus()
    page.get_by_role("tab", name="Details").click()
    panel = page.get_by_role("tabpanel")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        panel.get_by_label("Impact").select_option("4")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        panel.get_by_label("Owner").select_option(str(alice))
    with workspace_scope(journey.workspace_id):
        idea = Opportunity.objects.get(title="Show a live date")
        assert (idea.impact, idea.effort) == (4, None)
        assert idea.owner is not None
        assert idea.owner.user_id == alice.pk
    # The card shows whose it is.
    expect(place).to_contain_text(alice.initials)


def test_colleagues_talk_about_a_card(
    visit: Visit, alice: User, bob: User, journey: JourneyMap, workspace: Workspace
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    place = cell(page, journey, "actions", 2)
    place.focus()
    page.get_by_role("tab", name="Comments").click()
    panel = page.get_by_role("tabpanel")

    panel.get_by_label("Comment", exact=True).fill("Is that <b>so</b>? @bo")
    page.keyboard.press("Enter")
    panel.locator(".jm-writer").get_by_role("button", name="Comment").click()

    expect(panel.get_by_role("article")).to_contain_text("Is that <b>so</b>?")
    expect(place.get_by_role("button", name="1 open comment")).to_be_visible()
    panel.get_by_role("button", name="Resolve").click()
    expect(panel).to_contain_text("Everything here is resolved.")
    expect(place.get_by_role("button", name="1 open comment")).to_have_count(0)
    with workspace_scope(workspace.pk):
        comment = Comment.objects.get()
        assert comment.resolved_at is not None
        assert comment.mentions.count() == 1


def test_a_lane_is_added_hidden_and_brought_back(
    visit: Visit, alice: User, journey: JourneyMap, workspace: Workspace
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    thoughts = heading(page, journey, "thoughts")
    thoughts.focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Hide lane").click()
    expect(thoughts).to_be_hidden()
    page.locator(".jm-toast").get_by_role("button", name="Undo").click()
    expect(thoughts).to_be_visible()

    thoughts.focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Add after").click()
    page.keyboard.type("question")
    page.get_by_role("menuitem", name="Questions").click()

    expect(page.get_by_role("rowheader", name=re.compile("^Questions"))).to_be_focused()
    saved(page)
    with workspace_scope(workspace.pk):
        kinds = list(
            Lane.objects.filter(version=draft_of(journey))
            .order_by("position")
            .values_list("kind", flat=True)
        )
        assert kinds.index("questions") == kinds.index("thoughts") + 1


def test_a_view_is_saved_and_stands_in_the_address(
    visit: Visit, alice: User, journey: JourneyMap, workspace: Workspace
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    page.get_by_role("button", name="Save as view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Sales")
    dialog.get_by_label("Thoughts").uncheck()
    dialog.get_by_role("button", name="Save").click()

    expect(page.get_by_role("tab", name="Sales")).to_have_attribute("aria-selected", "true")
    expect(heading(page, journey, "thoughts")).to_be_hidden()
    page.reload()
    expect(heading(page, journey, "actions")).to_be_visible()
    expect(heading(page, journey, "thoughts")).to_be_hidden()
    page.get_by_role("tab", name="Everything").click()
    expect(heading(page, journey, "thoughts")).to_be_visible()
    with workspace_scope(workspace.pk):
        assert MapView.objects.get().name == "Sales"


def test_the_map_is_searched(visit: Visit, bob: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), bob, width=1600)
    place = cell(page, journey, "actions", 0)
    place.focus()

    page.keyboard.press("Control+f")
    page.keyboard.type("tracks")

    search = page.get_by_role("search")
    expect(search.get_by_role("status")).to_have_text("1 of 1")
    page.keyboard.press("Escape")
    expect(search).to_be_hidden()
    expect(cell(page, journey, "actions", 5)).to_be_focused()


def test_the_map_is_zoomed_by_keyboard(visit: Visit, bob: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), bob, width=1600)
    cell(page, journey, "actions", 0).focus()
    before = cell(page, journey, "actions", 0).bounding_box()

    for _press in range(3):
        page.keyboard.press("Control+-")

    after = cell(page, journey, "actions", 0).bounding_box()
    assert before is not None
    assert after is not None
    # The columns use the room that is gained.
    assert after["height"] < before["height"]
    expect(page.get_by_role("group", name="Zoom")).to_contain_text("75 %")
    page.keyboard.press("Control+0")
    expect(page.get_by_role("group", name="Zoom")).to_contain_text("100 %")


def test_publishing_shows_what_changes_first(
    visit: Visit, alice: User, journey: JourneyMap, workspace: Workspace
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This is the first version.")
    assert findings(page) == []
    dialog.get_by_label("Note").fill("For the board")
    dialog.get_by_role("button", name="Publish version 1").click()

    expect(page.locator("#jm-state")).to_contain_text("Published")
    page.get_by_role("button", name="History").click()
    expect(page.get_by_role("dialog")).to_contain_text("For the board")
    with workspace_scope(workspace.pk):
        assert Version.objects.published().get(map=journey).note == "For the board"


def test_who_reads_sees_no_tools(visit: Visit, bob: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), bob, width=1600)
    expect(page.locator(".jm-callout")).to_be_visible()

    expect(page.get_by_role("slider", name="Feeling we assume")).to_have_count(0)
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Save as view")).to_have_count(0)
