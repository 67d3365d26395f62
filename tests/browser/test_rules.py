"""The catalogue in a browser: rules tried while they are written, and put in order."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from tests.browser.conftest import Visit
from tests.browser.test_shell import findings
from tests.touchpoints.make import make_channel, make_record, make_source, make_touchpoint
from touchpoints.catalogue.models import MatchingRule
from touchpoints.interactions.services import ingest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def collected(workspace: Workspace) -> Workspace:
    """Two touchpoints, three rules and a handful of contacts."""
    with workspace_scope(workspace.pk):
        channel = make_channel(workspace, name="Web")
        shop = make_touchpoint(
            workspace,
            name="Shop",
            channel=channel,
            page_prefix="/shop",
            importance_customer=5,
            importance_business=4,
        )
        make_touchpoint(workspace, name="Checkout", channel=channel)
        for position, event in enumerate(("First", "Second", "Third")):
            MatchingRule.objects.create(
                touchpoint=shop,
                position=position,
                conditions=[{"field": "event", "name": "", "operator": "is", "value": event}],
            )
        source, _key = make_source(workspace)
        moment = now()
        pages = ["/shop/cart"] * 3 + ["/shop/checkout"] * 2 + ["/blog/roast"]
        records = [
            make_record(
                event="",
                kind="page",
                url=f"https://shop.example{page}",
                occurred_at=moment,
                properties={"plan": "pro"},
            )
            for page in pages
        ]
        ingest(source=source, records=records, received_at=moment)
    return workspace


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light")])
@pytest.mark.parametrize(
    "name",
    ["touchpoint_rules", "touchpoint_rule_new", "touchpoint_unmatched", "touchpoint_importance"],
)
def test_the_pages_are_accessible(
    visit: Visit, alice: User, collected: Workspace, name: str, width: int, theme: str
) -> None:
    page = visit(reverse(name), alice, width=width, theme=theme)
    page.wait_for_load_state("networkidle")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_rule_is_tried_while_it_is_written(
    visit: Visit, alice: User, collected: Workspace
) -> None:
    page = visit(reverse("touchpoint_rule_new"), alice)
    page.get_by_label("Value", exact=True).fill("checkout")
    page.get_by_label("Comparison").select_option("contains")
    expect(page.locator(".cat-verdict")).to_contain_text("2 of the last 6")
    page.get_by_label("Touchpoint", exact=True).select_option(label="Checkout")
    expect(page.locator("#trial")).to_contain_text("2 of them now belong to Shop")
    page.get_by_role("button", name="Add a condition").click()
    row = page.locator("[data-row]").nth(1)
    row.get_by_label("Field").select_option("property")
    row.get_by_label("Name of the property").fill("plan")
    row.get_by_label("Value", exact=True).fill("free")
    expect(page.locator(".cat-verdict")).to_contain_text("0 of the last 6")
    row.get_by_text("Remove").click()
    expect(page.locator(".cat-verdict")).to_contain_text("2 of the last 6")
    page.get_by_role("button", name="Save rule").click()
    expect(page.get_by_role("link", name="Page address contains “checkout”")).to_be_visible()
    expect(page.get_by_role("button", name="Re-assign")).to_be_visible()
    with workspace_scope(collected.pk):
        rule = MatchingRule.objects.get(touchpoint__name="Checkout")
    assert [condition["value"] for condition in rule.conditions] == ["checkout"]


def test_rules_are_moved_by_keyboard_and_dragged(
    visit: Visit, alice: User, collected: Workspace
) -> None:
    page = visit(reverse("touchpoint_rules"), alice)
    page.wait_for_load_state("networkidle")
    up = page.get_by_role("button", name="Move rule 3 up")
    moved = up.get_attribute("id")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cat-rules tbody th").nth(1)).to_contain_text("Third")
    assert page.evaluate("document.activeElement.id") == moved
    page.keyboard.press("Enter")
    expect(page.locator(".cat-rules tbody th").nth(0)).to_contain_text("Third")
    rows = page.locator("tr[data-rule]")
    with page.expect_response("**/order/"):
        rows.nth(0).locator(".cat-grip").drag_to(rows.nth(2), target_position={"x": 200, "y": 40})
    expect(page.locator(".cat-rules tbody th").nth(2)).to_contain_text("Third")
    with workspace_scope(collected.pk):
        last = MatchingRule.objects.order_by("-position")[0]
    assert last.conditions[0]["value"] == "Third"


def test_a_group_becomes_a_touchpoint_by_one_click(
    visit: Visit, alice: User, collected: Workspace
) -> None:
    page = visit(reverse("touchpoint_unmatched"), alice)
    expect(page.get_by_text("Pages below /blog", exact=True)).to_be_visible()
    page.get_by_role("button", name="Make it a touchpoint").click()
    expect(page.get_by_text("“Blog” is a touchpoint now.")).to_be_visible()
    expect(page.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
