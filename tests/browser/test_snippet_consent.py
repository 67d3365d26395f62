"""The web snippet: consent, identity, and what is sent when."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.browser.snippet import (
    Arrived,
    Open,
    arrived,
    browser_context,
    only,
    persons_browser,
    server,
    stored_in,
    visit,
    website,
)
from tests.touchpoints.tracking.website import Website
from touchpoints.interactions.models import SourceDay
from touchpoints.interactions.records import CLICKED

__all__ = ["arrived", "browser_context", "persons_browser", "server", "visit", "website"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# --- consent and identity ----------------------------------------------------------------


def test_consent_gives_an_id_that_is_remembered(visit: Open, arrived: Arrived) -> None:
    page = visit("/a")
    page.evaluate("cxm.consent(true); cxm.consent(true)")
    kept = json.loads(stored_in(page)["cxm"])
    assert set(kept) == {"id"}
    assert page.context.cookies() == []
    visit("/b", in_page=page)
    rows = arrived(2)
    # The view before the consent had not been sent yet: the visit is one, from its beginning.
    assert {row.anonymous_id for row in rows} == {kept["id"]}
    assert all(row.context["consent"] is True for row in rows)


def test_consent_that_is_taken_back_leaves_nothing(visit: Open, arrived: Arrived) -> None:
    page = visit()
    page.evaluate("cxm.consent(true); cxm.identify('u-1')")
    known = json.loads(stored_in(page)["cxm"])["id"]
    page.wait_for_timeout(1300)
    page.evaluate("cxm.consent(false); cxm.track('After')")
    assert stored_in(page) == {}
    after = arrived(3)[-1]
    assert after.context["consent"] is False
    assert after.anonymous_id != known
    assert after.customer_id is None


def test_identify_waits_for_the_consent(visit: Open, arrived: Arrived) -> None:
    page = visit()
    page.evaluate("cxm.identify('u-7', {email: 'ida@customers.example', plan: 'pro'})")
    (view,) = arrived(1)
    assert view.customer_id is None
    page.evaluate("cxm.consent(true); cxm.track('Ordered', {value: 12.5, currency: 'EUR'})")
    _view, identified, ordered = arrived(3)
    assert identified.kind == "identify"
    assert identified.customer_id is not None
    assert ordered.customer_id == identified.customer_id
    assert str(ordered.value) == "12.5000"


def test_reset_makes_the_next_one_somebody_else(visit: Open, arrived: Arrived) -> None:
    page = visit()
    page.evaluate("cxm.consent(true); cxm.identify('u-7'); cxm.track('Mine')")
    page.evaluate("cxm.reset(); cxm.track('Theirs')")
    rows = arrived(4)
    (mine,), (theirs,) = only(rows, "Mine"), only(rows, "Theirs")
    assert mine.customer_id is not None
    assert theirs.customer_id is None
    assert mine.anonymous_id != theirs.anonymous_id


def test_calls_from_before_the_script_are_not_lost(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    website.before = '<script src="/early.js"></script>'
    page = visit()
    page.evaluate("cxm.push(['track', 'Read Late'])")
    view, early, late = arrived(3)
    assert [view.kind, early.event, late.event] == ["page", "Read Early", "Read Late"]
    assert early.properties == {"part": 1}
    assert "cxm" in stored_in(page)


def test_a_view_can_be_named_by_hand(visit: Open, arrived: Arrived) -> None:
    page = visit("/steps")
    page.evaluate("cxm.page('Step 2', {step: 2})")
    _view, named = arrived(2)
    assert (named.kind, named.name, named.properties["step"]) == ("page", "Step 2", 2)
    assert named.properties["path"] == "/steps"


@pytest.mark.parametrize(
    "wish", ["navigator.globalPrivacyControl = true", "navigator.doNotTrack = '1'"]
)
def test_who_asks_not_to_be_tracked_is_not(
    browser_context: BrowserContext,
    visit: Open,
    website: Website,
    arrived: Arrived,
    workspace: Workspace,
    wish: str,
) -> None:
    name, _, value = wish.partition(" = ")
    browser_context.add_init_script(
        f"Object.defineProperty(navigator, '{name.split('.')[1]}', {{ get: () => {value} }})"
    )
    sent: list[str] = []
    browser_context.on("request", lambda request: sent.append(request.url))
    website.before = '<script src="/early.js"></script>'
    website.pages["/"] = "<button id='go'>Go</button>"
    page = visit()
    page.click("#go")
    page.evaluate("cxm.consent(true); cxm.identify('u'); cxm.track('T'); cxm.page(); cxm.reset()")
    page.evaluate("cxm.push(['track', 'U'])")
    page.wait_for_timeout(1500)
    assert stored_in(page) == {}
    visit("/next", in_page=page)
    assert not [url for url in sent if "/v1/" in url]
    arrived(0)
    with workspace_scope(workspace.pk):
        assert not SourceDay.objects.exists()


# --- sending -----------------------------------------------------------------------------


def bodies(page: Page) -> list[list[dict[str, object]]]:
    """Return the list into which each batch goes that is sent from now on."""
    found: list[list[dict[str, object]]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/v1/b"):
            found.append(json.loads(request.post_data or "{}").get("batch"))

    page.on("request", note)
    return found


def test_what_happens_together_is_sent_together(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    page = visit()
    arrived(1)
    sent = bodies(page)
    page.evaluate("for (let i = 0; i < 90; i++) cxm.track('Tick', {i})")
    page.wait_for_timeout(1500)
    rows = only(arrived(91), "Tick")
    assert [len(batch) for batch in sent] == [40, 40, 10]
    assert {row.properties["i"] for row in rows} == set(range(90))


def test_the_last_click_arrives_although_the_page_goes(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    website.pages["/"] = '<a id="away" href="/next">Away</a>'
    page = visit()
    page.click("#away")
    page.wait_for_url("**/next")
    rows = arrived(3)
    assert [row.properties["text"] for row in only(rows, CLICKED)] == ["Away"]


def test_what_was_said_offline_follows(
    browser_context: BrowserContext, visit: Open, arrived: Arrived
) -> None:
    page = visit()
    arrived(1)
    browser_context.set_offline(True)
    page.evaluate("cxm.track('In the tunnel')")
    page.wait_for_timeout(1500)
    assert stored_in(page) == {}
    browser_context.set_offline(False)
    assert arrived(2)[1].event == "In the tunnel"


def test_with_consent_it_follows_even_after_the_page_is_gone(
    browser_context: BrowserContext, visit: Open, arrived: Arrived
) -> None:
    page = visit()
    page.evaluate("cxm.consent(true)")
    arrived(1)
    browser_context.set_offline(True)
    page.evaluate("cxm.track('In the tunnel')")
    page.goto("about:blank")
    # The page that is left says goodbye behind the new one: it has to do so in the tunnel.
    while "In the tunnel" not in str(browser_context.storage_state()):
        page.wait_for_timeout(50)
    browser_context.set_offline(False)
    # The goodbye may come through behind the tunnel after all; what it says counts once.
    visit("/later", in_page=page)
    rows = arrived(3)
    assert len(only(rows, "In the tunnel")) == 1
    # What was delivered is not kept.
    assert set(stored_in(page)) == {"cxm"}


def test_what_arrived_without_an_answer_counts_once(visit: Open, arrived: Arrived) -> None:
    page = visit()
    arrived(1)
    tries = []

    def lose_the_answer(route: Route) -> None:
        tries.append(route.request.post_data)
        if len(tries) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/v1/b", lose_the_answer)
    page.evaluate("cxm.track('Once')")
    page.wait_for_timeout(4500)
    assert len(tries) == 2
    assert len(only(arrived(2), "Once")) == 1


def test_trouble_of_the_collector_is_waited_out(visit: Open, arrived: Arrived) -> None:
    page = visit()
    arrived(1)
    answers = iter([503, 429])

    def answer(route: Route) -> None:
        status = next(answers, None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Access-Control-Allow-Origin": "*"})

    page.route("**/v1/b", answer)
    page.evaluate("cxm.track('Patient')")
    page.wait_for_timeout(8500)
    assert arrived(2)[1].event == "Patient"


def test_what_is_refused_for_good_is_not_sent_again(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    website.key = "unknown"
    page = visit()
    page.wait_for_timeout(1500)
    sent = bodies(page)
    page.evaluate("cxm.track('Refused')")
    page.wait_for_timeout(4500)
    assert len(sent) == 1
    arrived(0)
