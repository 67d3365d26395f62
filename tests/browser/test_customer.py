"""The page of a customer, as somebody uses it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cxm.common.scope import workspace_scope
from cxm.customers.keys import anonymous_key, crm_key, email_key
from cxm.customers.models import Customer, Merge
from cxm.customers.services import ConsentEvent, identify, record_consents_many
from cxm.workspaces.models import User, Workspace
from tests.browser.conftest import Visit
from tests.cxm.customers.make import make_customer

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
MARA = email_key("mara@example.com")


@pytest.fixture
def mara(workspace: Workspace) -> Customer:
    """Somebody to whom much happened."""
    customer = make_customer(workspace, MARA, name="Mara Lindqvist")
    with workspace_scope(workspace.pk):
        record_consents_many(
            [
                ConsentEvent(
                    customer.pk,
                    "survey",
                    "email" if n else "phone",
                    n % 2 == 0,
                    f"form {n}",
                    FIRST + timedelta(hours=5 * n),
                )
                for n in range(130)
            ]
        )
    return customer


@pytest.mark.parametrize("width", [1440, 390])
def test_older_entries_come_as_one_scrolls_to_the_very_first(
    visit: Visit, alice: User, mara: Customer, width: int
) -> None:
    page = visit(mara.get_absolute_url(), alice, width=width)
    assert page.locator(".ev").count() < 130
    for _ in range(40):
        if page.get_by_text("Here it began.").count():
            break
        # At once: what waits for the element to stand still fails when it is replaced.
        page.evaluate("document.querySelector('.tl > :last-child').scrollIntoView()")
        page.wait_for_timeout(100)
    assert page.locator(".ev").count() == 130
    days = page.locator(".tl h3").all_inner_texts()
    assert len(days) == len(set(days))
    assert "form 0." in page.locator(".ev").last.inner_text()


def test_one_searches_filters_and_jumps_without_leaving_the_page(
    visit: Visit, alice: User, mara: Customer
) -> None:
    page = visit(mara.get_absolute_url(), alice)
    page.get_by_label("Search in the timeline").fill("by phone")
    page.get_by_text("Ask for feedback by phone").first.wait_for()
    page.wait_for_function("document.querySelectorAll('.ev').length === 1")
    assert "q=by+phone" in page.url
    page.get_by_role("link", name="Merges").click()
    page.get_by_text("Nothing like this happened").wait_for()
    page.get_by_label("Search in the timeline").fill("")
    page.get_by_text("Nothing of this kind").wait_for()
    page.get_by_role("link", name="Everything", exact=True).click()
    page.wait_for_function("document.querySelectorAll('.ev').length > 20")
    page.get_by_label("Up to").fill("2026-03-03")
    page.wait_for_function("document.querySelectorAll('.ev').length < 20")
    assert page.locator(".tl h3").first.inner_text().endswith("3 Mar 2026")
    assert page.url.endswith("?until=2026-03-03")
    page.go_back()
    page.wait_for_function("document.querySelectorAll('.ev').length > 20")


def test_a_suggested_pair_is_compared_merged_and_undone(
    visit: Visit, alice: User, mara: Customer, workspace: Workspace
) -> None:
    other = make_customer(workspace, crm_key("shop", "1"), anonymous_key("b-1"), name="M. L.")
    with workspace_scope(workspace.pk):
        identify(keys=[MARA, anonymous_key("b-1")])
    page = visit(mara.get_absolute_url(), alice)
    page.get_by_role("link", name="Compare").click()
    page.get_by_text("M. L.").click()
    page.get_by_role("button", name="Merge both").click()
    page.get_by_role("heading", name="M. L.", level=1).wait_for()
    assert page.url.endswith(other.get_absolute_url())
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("is a person of their own").wait_for()
    with workspace_scope(workspace.pk):
        assert Merge.objects.get().undone_at is not None


def test_older_entries_are_a_link_without_scripts(
    visit: Visit, alice: User, mara: Customer
) -> None:
    page = visit(mara.get_absolute_url(), alice, scripts=False)
    page.get_by_role("link", name="Older").click()
    assert page.locator(".ev").count() == 40
    page.get_by_label("Search in the timeline").fill("by phone")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator(".ev").count() == 1
