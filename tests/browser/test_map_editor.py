"""The map's editor in a browser: walked, written, moved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from journeys.maps.models import Card, JourneyMap
from tests.browser.conftest import Visit
from tests.browser.mapping import cell, saved, step_names, texts
from tests.browser.test_shell import findings
from tests.journeys.make import draft_of, lane_of, steps_of
from touchpoints.catalogue.models import Touchpoint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const options = {clipboardData: data, bubbles: true, cancelable: true};
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""

# Whether what has the focus is what one sees at its place.
SEEN = """() => {
    const here = document.activeElement;
    const box = here.getBoundingClientRect();
    const x = box.left + Math.min(box.width / 2, 60);
    const y = box.top + Math.min(box.height / 2, 20);
    const top = document.elementFromPoint(x, y);
    return here.contains(top) || !top.closest(".jm-heads, .jm-lane, .jm-inspector");
}"""


def test_arrow_keys_walk_the_grid_with_one_tab_stop(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    stops = page.locator("#jm-root [tabindex='0']")
    cell(page, "Actions", 0).focus()
    focus = page.locator(":focus")
    for key, text in (
        ("ArrowRight", "Compares three brands"),
        ("ArrowDown", "Review pages"),
        ("End", "Help desk"),
        ("Home", "Window & reels"),
        ("ArrowDown", "Would that fit us?"),
        ("ArrowUp", "Window & reels"),
        ("ArrowLeft", "Touchpoints"),
        ("ArrowUp", "Actions"),
        ("ArrowUp", "Notices lamps"),
        ("ArrowUp", "Awareness"),
        ("Control+End", "Service"),
        ("Control+Home", "Sees a lamp"),
    ):
        page.keyboard.press(key)
        expect(focus).to_contain_text(text)
    expect(stops).to_have_count(1)
    # Feelings are one cell; below them the column is the same as above.
    cell(page, "Thoughts", 4).focus()
    page.keyboard.press("ArrowDown")
    expect(focus).to_have_class(re.compile("jm-feel"))
    page.keyboard.press("ArrowDown")
    expect(focus).to_have_attribute("data-col", "4")
    page.keyboard.press("Tab")
    assert (
        page.evaluate(
            "document.activeElement.closest('#jm-root') && document.activeElement.outerHTML"
        )
        is None
    )


def test_typing_writes_and_escape_keeps_the_text(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    place = cell(page, "Opportunities", 3)
    place.focus()

    page.keyboard.type("Show <b>stock</b>")
    expect(page.locator(":focus")).to_have_value("Show <b>stock</b>")
    page.keyboard.press("Escape")

    expect(place).to_contain_text("Show <b>stock</b>")
    expect(place).to_be_focused()
    saved(page)
    assert texts(journey, "opportunities", 3) == ["Show <b>stock</b>"]
    # The next step while writing, another card in the cell, and away with it.
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Pay by invoice")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Pay later")
    page.keyboard.press("Enter")
    saved(page)
    assert texts(journey, "opportunities", 4) == ["Pay by invoice", "Pay later"]
    page.keyboard.press("Delete")
    saved(page)
    assert texts(journey, "opportunities", 4) == ["Pay by invoice"]
    page.get_by_role("button", name="Undo").last.click()
    saved(page)
    assert texts(journey, "opportunities", 4) == ["Pay by invoice", "Pay later"]


def test_undo_goes_back_over_what_was_saved(visit: Visit, alice: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    place = cell(page, "Actions", 1)
    place.focus()
    for words in (" and", " their", " prices"):
        page.keyboard.press("Enter")
        page.keyboard.type(words)
        page.keyboard.press("Escape")
        saved(page)
    expect(place).to_contain_text("Compares three brands and their prices")

    for _step in range(3):
        page.keyboard.press("Control+z")
    saved(page)
    assert texts(journey, "actions", 1) == ["Compares three brands"]
    expect(page.locator("#jm-live")).to_contain_text("Undone")
    for _step in range(3):
        page.keyboard.press("Control+Shift+z")
    saved(page)
    assert texts(journey, "actions", 1) == ["Compares three brands and their prices"]


def test_cards_move_by_keyboard_also_into_another_kind_of_lane(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    cell(page, "Actions", 1).focus()
    page.keyboard.press("Control+Shift+ArrowRight")
    saved(page)
    assert len(texts(journey, "actions", 2)) == 2
    expect(page.locator("#jm-live")).to_contain_text("Visits the store")
    page.keyboard.press("Control+z")

    cell(page, "Pain points", 3).focus()
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Stock is not shown")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    saved(page)
    page.keyboard.press("Control+Shift+ArrowDown")
    expect(page.locator(".jm-toast")).to_contain_text("Moved to Opportunities.")
    saved(page)
    assert "Stock is not shown" in texts(journey, "opportunities", 3)
    page.keyboard.press("Control+z")
    saved(page)
    assert "Stock is not shown" in texts(journey, "pain_points", 3)
    with workspace_scope(journey.workspace_id):
        assert Card.objects.get(text="Stock is not shown").severity == 3


def test_a_wide_card_covers_its_steps_and_is_walked_over(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    cell(page, "Actions", 2).focus()
    page.keyboard.press("Alt+Shift+ArrowRight")
    page.keyboard.press("Alt+Shift+ArrowRight")
    saved(page)
    card = cell(page, "Actions", 2).locator("[data-card]")
    one = cell(page, "Actions", 3).bounding_box()
    box = card.bounding_box()
    assert one is not None
    assert box is not None
    assert 2.8 < box["width"] / one["width"] < 3
    with workspace_scope(journey.workspace_id):
        assert Card.objects.get(text="Asks for advice, touches them").span == 3
    page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_have_attribute("data-col", "3")


def test_cards_are_dragged_and_escape_cancels(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    card = cell(page, "Actions", 0).locator("[data-card]")

    def drag(target: Locator) -> None:
        start, end = card.bounding_box(), target.bounding_box()
        assert start is not None
        assert end is not None
        page.mouse.move(start["x"] + 20, start["y"] + 15)
        page.mouse.down()
        page.mouse.move(start["x"] + 40, start["y"] + 30)
        page.mouse.move(end["x"] + 40, end["y"] + 10, steps=4)

    drag(cell(page, "Thoughts", 1))
    expect(page.locator(".jm-drop")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".jm-ghost")).to_have_count(0)
    page.mouse.up()
    assert len(texts(journey, "actions", 0)) == 1

    drag(cell(page, "Thoughts", 1))
    page.mouse.up()
    expect(page.locator(".jm-toast")).to_contain_text("Moved to Thoughts.")
    saved(page)
    assert texts(journey, "thoughts", 1)[0] == "Sees a lamp at a friend's home"


def test_steps_stages_and_lanes_are_made_renamed_moved_and_deleted(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    head = page.get_by_role("columnheader", name="Reads reviews")
    head.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Asks around")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(":focus")).to_have_value("New step")
    page.keyboard.type("Reads tests")
    page.keyboard.press("Escape")
    saved(page)
    assert step_names(journey)[1:3] == ["Asks around", "Reads tests"]
    page.keyboard.press("Control+Shift+ArrowRight")
    saved(page)
    with workspace_scope(journey.workspace_id):
        assert steps_of(draft_of(journey))[2].stage.name == "Choice"
    page.keyboard.press("Delete")
    expect(page.locator(".jm-toast")).to_contain_text("Step Reads tests deleted.")
    saved(page)
    assert "Reads tests" not in step_names(journey)

    page.get_by_role("button", name="Add lane").click()
    page.keyboard.type("questions")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader", name="Questions Open")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("What they ask")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Shift+ArrowUp")
    saved(page)
    with workspace_scope(journey.workspace_id):
        lane = lane_of(draft_of(journey), "questions")
        assert lane.name == "What they ask"


def test_a_table_is_pasted_and_undone_in_one_step(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    rows = "\n".join("\t".join(f"r{row}c{column}" for column in range(4)) for row in range(125))
    cell(page, "Thoughts", 0).focus()

    page.evaluate(PASTE, rows)

    expect(page.locator(".jm-toast")).to_contain_text("500 cards pasted.")
    saved(page)
    assert "r0c3" in texts(journey, "thoughts", 3)
    page.keyboard.press("Control+z")
    saved(page)
    with workspace_scope(journey.workspace_id):
        assert not Card.objects.filter(text__startswith="r1").exists()


def test_touchpoints_are_searched_and_made(visit: Visit, alice: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    cell(page, "Touchpoints", 3).focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("combobox", name="Choose a touchpoint")).to_be_focused()
    page.keyboard.type("chat bot")
    page.get_by_role("menuitem", name="Create “chat bot”").click()
    expect(cell(page, "Touchpoints", 3)).to_contain_text("chat bot")
    saved(page)
    with workspace_scope(journey.workspace_id):
        made = Touchpoint.objects.get(name="chat bot")
        assert Card.objects.filter(touchpoint=made).count() == 1


def test_the_slash_inserts_and_keys_set_the_severity(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    cell(page, "Opportunities", 3).focus()
    page.keyboard.type("/")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem").first).to_contain_text("Opportunity")
    page.keyboard.type("pain")
    page.keyboard.press("Enter")
    page.keyboard.type("No stock shown")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    expect(cell(page, "Pain points", 3)).to_contain_text("Critical")
    saved(page)
    assert texts(journey, "pain_points", 3)[-1] == "No stock shown"


def test_readers_walk_but_do_not_write(visit: Visit, bob: User, journey: JourneyMap) -> None:
    page = visit(journey.get_absolute_url(), bob, width=1600)
    cell(page, "Actions", 0).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_contain_text("Compares three brands")
    page.keyboard.type("x")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+Shift+ArrowRight")
    expect(page.locator("#jm-root textarea, .jm-addlane, .jm-tool")).to_have_count(0)
    expect(cell(page, "Actions", 1)).to_contain_text("Compares three brands")


def test_an_empty_map_says_what_to_do_first(
    visit: Visit, alice: User, workspace: Workspace, journey: JourneyMap
) -> None:
    with workspace_scope(workspace.pk):
        draft = draft_of(journey)
        Card.objects.filter(lane__version=draft).delete()
        draft.stages.all().delete()
        draft.lanes.all().delete()
    page = visit(journey.get_absolute_url(), alice, width=1600)
    expect(page.get_by_text("Start with what the customer does first.")).to_be_visible()
    page.get_by_role("button", name="Add first step").click()
    page.keyboard.type("Hears of us")
    page.keyboard.press("Escape")
    saved(page)
    assert step_names(journey) == ["Hears of us"]
    expect(page.get_by_role("rowheader", name="Actions")).to_be_visible()
    # Back to nothing, and on from a template, which is one step of undo.
    for _step in range(2):
        page.keyboard.press("Control+z")
    page.get_by_role("button", name="Use a template").click()
    page.get_by_role("button", name="Bank").click()
    expect(page.get_by_text("Thinks of changing", exact=True)).to_be_visible()
    saved(page)
    assert "Thinks of changing" in step_names(journey)
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Start with what the customer does first.")).to_be_visible()
    saved(page)
    assert step_names(journey) == []


def test_the_panel_lets_go_of_a_step_that_was_taken_back(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    page.get_by_role("button", name="Add step").first.click()
    page.keyboard.type("Waits for the parcel")
    page.keyboard.press("Escape")
    panel = page.locator("#jm-insp-panel")
    expect(panel.get_by_role("heading", name="Waits for the parcel")).to_be_visible()
    while page.get_by_text("Waits for the parcel").or_(page.get_by_text("New step")).count():
        page.keyboard.press("Control+z")
    saved(page)
    expect(panel).to_contain_text("Choose a step")
    # Other figures are asked for; about the step that is gone nobody asks, which would be a 404.
    page.locator(".jm-bar summary").click()
    with page.expect_response(lambda answer: "/scores/" in answer.url):
        page.get_by_role("link", name="Last 365 days").click()
    expect(panel).to_contain_text("Choose a step")


@pytest.mark.parametrize(("width", "theme"), [(1600, "light"), (1280, "dark")])
def test_the_editor_is_accessible_while_one_works(
    visit: Visit, alice: User, journey: JourneyMap, width: int, theme: str
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=width, theme=theme)
    cell(page, "Opportunities", 3).focus()
    page.keyboard.type("Show stock /")
    page.get_by_role("menu").wait_for()
    page.wait_for_timeout(1500)
    assert "\n".join(findings(page)) == ""
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+F10")
    assert "\n".join(findings(page)) == ""
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert "\n".join(findings(page)) == ""


def test_the_focus_is_never_under_the_headings(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1280)
    cell(page, "Responsible", 7).focus()
    for key in ("ArrowLeft",) * 7 + ("ArrowUp",) * 9:
        page.keyboard.press(key)
        assert page.evaluate(SEEN)
