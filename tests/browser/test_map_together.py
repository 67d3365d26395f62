"""Several windows on one map: they see each other, ask about disputes, and lose nothing."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Membership, User
from journeys.maps.discussing import add_comment, reply
from journeys.maps.models import JourneyMap
from journeys.maps.restoring import restore_version
from journeys.maps.services import publish_version, start_draft
from tests.browser.conftest import Visit
from tests.browser.mapping import cell, saved, texts
from tests.journeys.make import draft_of, steps_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A connection that can be lost, and a server that has trouble of its own, without the browser's
# own complaint about it: as the page's storage says.
TROUBLE = """
    const usual = window.fetch;
    window.fetch = (where, ...options) => {
        const trouble = String(where).includes("/sync/") && localStorage.getItem("trouble");
        if (trouble === "offline") return Promise.reject(new TypeError("offline"));
        if (trouble === "failing") return Promise.resolve(new Response("{}", { status: 503 }));
        return usual(where, ...options);
    };
"""


def whoever_is_asked(*pages: Page) -> Page:
    """Return the window that saved second."""
    for _wait in range(100):
        for page in pages:
            if page.get_by_role("alertdialog").count():
                return page
        pages[0].wait_for_timeout(100)
    raise AssertionError("Nobody was asked.")


def write(page: Page, place: Locator, words: str) -> None:
    """Add words to the card of a cell."""
    place.focus()
    page.keyboard.press("Enter")
    page.keyboard.type(words)
    page.keyboard.press("Escape")


def test_two_windows_see_each_other_and_no_text_is_lost(
    visit: Visit, alice: User, bob: User, journey: JourneyMap
) -> None:
    one = visit(journey.get_absolute_url(), alice, width=1600)
    two = visit(journey.get_absolute_url(), alice, width=1600)
    cell(one, "Thoughts", 0).focus()
    one.keyboard.press("Control+Enter")
    one.keyboard.type("Is it bright?")
    one.keyboard.press("Escape")
    expect(cell(two, "Thoughts", 0)).to_contain_text("Is it bright?")

    for page, words in ((one, " (one)"), (two, " (two)")):
        cell(page, "Actions", 1).focus()
        page.keyboard.press("Enter")
        page.keyboard.type(words)
    one.keyboard.press("Escape")
    asked = whoever_is_asked(one, two)
    box = asked.get_by_role("alertdialog")
    expect(box).to_contain_text("Compares three brands (one)")
    expect(box).to_contain_text("Compares three brands (two)")
    # Longer than what is written waits to be saved: the question keeps both texts meanwhile.
    asked.wait_for_timeout(1000)
    box.get_by_role("button", name="Keep both").click()
    for page in (one, two):
        page.keyboard.press("Escape")
        expect(cell(page, "Actions", 1)).to_contain_text("(one)")
        expect(cell(page, "Actions", 1)).to_contain_text("(two)")
        saved(page)
    found = texts(journey, "actions", 1)
    assert sorted(found) == ["Compares three brands (one)", "Compares three brands (two)"]


def test_each_of_several_disputes_is_asked_and_loses_nothing(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    one = visit(journey.get_absolute_url(), alice, width=1600)
    two = visit(journey.get_absolute_url(), alice, width=1600)
    two.add_init_script(TROUBLE)
    two.reload()
    saved(two)
    two.evaluate("localStorage.setItem('trouble', 'offline')")
    for step in (0, 1):
        write(one, cell(one, "Actions", step), " (one)")
        write(two, cell(two, "Actions", step), " (two)")
    saved(one)
    expect(two.locator("#jm-state")).to_contain_text("Offline · 2 changes kept")
    two.evaluate("localStorage.removeItem('trouble')")
    two.get_by_role("button", name="Try now").click()

    box = two.get_by_role("alertdialog")
    expect(box).to_contain_text("home (one)")
    box.get_by_role("button", name="Keep both").click()
    expect(box).to_contain_text("Compares three brands (one)")
    box.get_by_role("button", name="Keep mine").click()
    expect(box).to_have_count(0)
    for page in (one, two):
        expect(cell(page, "Actions", 0)).to_contain_text("(one)")
        expect(cell(page, "Actions", 0)).to_contain_text("(two)")
        expect(cell(page, "Actions", 1)).to_contain_text("(two)")
        saved(page)
    assert len(texts(journey, "actions", 0)) == 2
    assert texts(journey, "actions", 1) == ["Compares three brands (two)"]


def test_without_a_connection_changes_are_kept_and_sent_after_a_reload(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    page.add_init_script(TROUBLE)
    page.reload()
    saved(page)
    page.evaluate("localStorage.setItem('trouble', 'offline')")
    place = cell(page, "Thoughts", 2)
    place.focus()
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Kept in the browser")
    page.keyboard.press("Escape")
    expect(page.locator("#jm-state")).to_contain_text("Offline · 1 change kept")
    page.wait_for_timeout(300)
    page.reload()
    expect(cell(page, "Thoughts", 2)).to_contain_text("Kept in the browser")

    page.evaluate("localStorage.removeItem('trouble')")
    page.get_by_role("button", name="Try now").click()
    saved(page)
    assert texts(journey, "thoughts", 2) == ["That light is warm!", "Kept in the browser"]


def test_what_could_not_be_saved_is_undone_and_done_again(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    page.add_init_script(TROUBLE)
    page.reload()
    saved(page)
    page.evaluate("localStorage.setItem('trouble', 'failing')")
    write(page, cell(page, "Actions", 1), " twice")
    expect(page.locator("#jm-state")).to_contain_text("Not saved. We try again")
    page.keyboard.press("Control+z")
    expect(cell(page, "Actions", 1)).to_have_text("Compares three brands")

    page.evaluate("localStorage.removeItem('trouble')")
    page.get_by_role("button", name="Try now").click()
    saved(page)
    assert texts(journey, "actions", 1) == ["Compares three brands"]
    page.keyboard.press("Control+Shift+z")
    expect(cell(page, "Actions", 1)).to_have_text("Compares three brands twice")
    saved(page)
    assert texts(journey, "actions", 1) == ["Compares three brands twice"]


def test_a_version_that_is_restored_elsewhere_is_opened(
    visit: Visit, alice: User, bob: User, journey: JourneyMap
) -> None:
    with workspace_scope(journey.workspace_id):
        live = publish_version(version=draft_of(journey), by=None)
        start_draft(journey=journey)
    page = visit(journey.get_absolute_url(), alice, width=1600)
    write(page, cell(page, "Actions", 1), " online")
    saved(page)
    with workspace_scope(journey.workspace_id):
        restore_version(version=live, by=Membership.objects.get(user=bob))

    expect(page.locator("#jm-toasts")).to_contain_text("Bob Bruun restored an older version")
    expect(cell(page, "Actions", 1)).to_have_text("Compares three brands")
    write(page, cell(page, "Actions", 1), " at home")
    saved(page)
    assert texts(journey, "actions", 1) == ["Compares three brands at home"]


def test_a_remark_of_a_colleague_appears_while_one_works(
    visit: Visit, alice: User, bob: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    saved(page)
    with workspace_scope(journey.workspace_id):
        step = steps_of(draft_of(journey))[1]
        author = Membership.objects.get(user=bob)
        thread = add_comment(journey=journey, author=author, text="Why?", anchor=step.key)

    badge = page.locator(f"#h-{step.pk} .jm-note-count")
    expect(badge).to_have_text("1")
    badge.click()
    expect(page.get_by_text("Why?")).to_be_visible()
    with workspace_scope(journey.workspace_id):
        reply(thread=thread, author=author, text="Because of the price.")
    expect(page.get_by_text("Because of the price.")).to_be_visible()


def test_a_version_that_is_published_elsewhere_is_only_read(
    visit: Visit, alice: User, journey: JourneyMap
) -> None:
    page = visit(journey.get_absolute_url(), alice, width=1600)
    saved(page)
    with workspace_scope(journey.workspace_id):
        draft = draft_of(journey)
        type(draft).objects.filter(pk=draft.pk).update(
            status="published", published_at=timezone.now()
        )

    expect(page.locator(".jm-note")).to_contain_text("This version was published.")
    cell(page, "Actions", 0).focus()
    page.keyboard.type("x")
    expect(page.locator("textarea")).to_have_count(0)
