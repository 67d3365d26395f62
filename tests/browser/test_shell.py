"""The shell in a browser: accessible, usable by keyboard, on a phone, and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from time_machine import TimeMachineFixture

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Membership, User, Workspace
from tests.browser.conftest import Visit
from tests.cxm.dashboards.test_home import story
from tests.cxm.kpis.conftest import facts
from tests.cxm.kpis.make import NOW, Facts
from tests.make import PASSWORD

__all__ = ["facts"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What passes is not worked out in full: it would be most of the time.
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# The rule that the colours decide; in the other theme everything else is the same.
COLOURS: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
    "resultTypes": ["violations"],
}
GROUND = "getComputedStyle(document.body).backgroundColor"

# What fades in or is being fetched has other colours meanwhile. A panel follows the focus a moment
# later, so that it must have been calm for a while.
SETTLED = """() => {
    const calm = !document.querySelector("[aria-busy=true]") && document.getAnimations().every(
        (one) => one.playState !== "running"
            || one.effect.getComputedTiming().endTime === Infinity);
    if (calm) window.calmSince ??= performance.now();
    else window.calmSince = undefined;
    return calm && performance.now() - window.calmSince > 300;
}"""


def findings(page: Page, rules: dict[str, Any] = RULES, *, within: str | None = None) -> list[str]:
    """Return what axe finds, in the page or in a part of it, one line for each element."""
    page.evaluate("window.calmSince = undefined")
    page.wait_for_function(SETTLED)
    result: dict[str, Any] = Axe().run(page, context=within, options=rules)
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def everywhere(visit: Visit, path: str, user: User | None) -> list[str]:
    """Look at a page wide and narrow, light and dark; return what is wrong."""
    wrong = []
    page = visit(path, user, width=1440)
    for width in (1440, 390):
        if width == 390:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="light")
            page.reload()
        wrong += [f"light {width} {finding}" for finding in findings(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{width} scrolls sideways")
        light = page.evaluate(GROUND)
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(f"light => {GROUND} !== light", arg=light)
        wrong += [f"dark {width} {finding}" for finding in findings(page, COLOURS)]
    page.close()
    return wrong


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/workspaces/membership/",
        "/admin/workspaces/membership/add/",
        "/admin/catalogue/touchpoint/add/",
    ],
)
def test_pages_are_accessible(visit: Visit, alice: User, path: str) -> None:
    assert everywhere(visit, path, alice) == []


def test_the_log_in_page_is_accessible(visit: Visit, db: None) -> None:
    assert everywhere(visit, "/admin/login/", None) == []


def test_home_with_figures_is_accessible(
    visit: Visit, alice: User, workspace: Workspace, facts: Facts, time_machine: TimeMachineFixture
) -> None:
    story(workspace, facts)
    time_machine.move_to(NOW)
    expect(visit("/admin/", alice).locator(".score .big")).to_have_count(3)

    assert everywhere(visit, "/admin/", alice) == []


def test_logging_in_with_the_keyboard(visit: Visit, alice: User) -> None:
    page = visit("/admin/login/")

    page.keyboard.type(alice.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("How are we doing?")


def test_the_theme_is_chosen_and_kept(visit: Visit, alice: User) -> None:
    page = visit("/admin/", alice)
    root = page.locator("html")
    expect(root).not_to_have_class("dark")

    page.locator("details.me > summary").click()
    page.get_by_role("button", name="Dark").click()
    assert "dark" in (root.get_attribute("class") or "").split()

    page.reload()
    assert "dark" in (root.get_attribute("class") or "").split()


def test_the_menu_on_a_phone_opens_and_closes_by_keyboard(visit: Visit, alice: User) -> None:
    page = visit("/admin/", alice, width=390)
    side = page.get_by_role("navigation", name="Main")
    expect(side).to_be_hidden()

    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    expect(side).to_be_visible()
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()


def test_the_menu_on_a_phone_works_without_scripts(visit: Visit, alice: User) -> None:
    page = visit("/admin/", alice, width=390, scripts=False)

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Home").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_list_is_readable_without_scripts(visit: Visit, alice: User) -> None:
    page = visit("/admin/workspaces/membership/", alice, scripts=False)

    expect(page.get_by_role("link", name="Alice Ahl")).to_be_visible()


def test_switching_the_workspace(
    visit: Visit, alice: User, workspace: Workspace, other_workspace: Workspace
) -> None:
    with workspace_scope(other_workspace.pk):
        Membership.objects.create(workspace=other_workspace, user=alice, role="viewer")
    page = visit("/admin/", alice)
    expect(page.locator(".brand small")).to_have_text("Elsewhere")

    page.locator("details.brand > summary").click()
    page.get_by_role("button", name="Nordhaven").click()

    expect(page.locator(".brand small")).to_have_text("Nordhaven")
    expect(page.get_by_role("heading", level=1)).to_have_text("How are we doing?")


def test_the_skip_link_leads_to_the_content(visit: Visit, alice: User) -> None:
    page = visit("/admin/", alice)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_targets_are_large_enough_on_a_phone(visit: Visit, alice: User) -> None:
    page = visit("/admin/workspaces/membership/", alice, width=390)
    page.get_by_role("button", name="Menu").click()

    small = page.evaluate(
        """() => [...document.querySelectorAll('.side a, .side summary, .btn')]
            .map((e) => [e.textContent.trim(), e.getBoundingClientRect()])
            .filter(([, box]) => box.height > 0 && box.height < 43.5)
            .map(([text, box]) => `${text}: ${box.height}`)"""
    )
    assert small == []
