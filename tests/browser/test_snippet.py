"""The web snippet in a real browser, on another origin's pages, against the real collector.

Each page forbids all that a strict content security policy can forbid.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext

from cxm.workspaces.models import Workspace
from tests.browser.snippet import (
    Arrived,
    Open,
    arrived,
    browser_context,
    persons_browser,
    server,
    stored_in,
    visit,
    website,
)
from tests.touchpoints.tracking.make import make_placement
from tests.touchpoints.tracking.website import Website
from touchpoints.interactions.records import PLACEMENT_CLICKED

__all__ = ["arrived", "browser_context", "persons_browser", "server", "visit", "website"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# --- views -------------------------------------------------------------------------------


def test_a_view_says_where_it_was_and_leaves_nothing_behind(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    page = visit("/shop?page=2", referrer="https://search.example/?q=bikes")
    (view,) = arrived(1)
    assert view.kind == "page"
    assert view.url == f"{website.url}/shop?page=2"
    assert view.properties == {
        "url": f"{website.url}/shop?page=2",
        "path": "/shop",
        "title": "/shop",
        "referrer": "https://search.example/?q=bikes",
    }
    assert view.context["page"] == view.properties
    assert view.context["consent"] is False
    assert view.context["locale"] == "en-GB"
    assert view.customer_id is None
    assert stored_in(page) == {}


def test_without_consent_no_id_is_sent(visit: Open, website: Website, arrived: Arrived) -> None:
    page = visit()
    with page.expect_request("**/v1/b") as sent:
        page.evaluate("cxm.track('Something')")
    assert "Id" not in (sent.value.post_data or "").replace("messageId", "")
    assert "cookie" not in sent.value.all_headers()
    # The door's name for the day joins them, and is worth nothing tomorrow.
    first, second = arrived(2)
    assert first.anonymous_id == second.anonymous_id != ""
    assert first.visit_key == second.visit_key


def test_each_address_is_one_view(visit: Open, website: Website, arrived: Arrived) -> None:
    page = visit("/a")
    page.evaluate("history.pushState({}, '', '/b')")
    page.evaluate("history.pushState({}, '', '/b')")
    page.evaluate("history.replaceState({state: 1}, '', '/b')")
    page.evaluate("history.replaceState({}, '', '/c')")
    page.go_back()
    rows = arrived(4)
    assert {row.kind for row in rows} == {"page"}
    assert [row.properties["path"] for row in rows] == ["/a", "/b", "/c", "/b"]
    assert rows[1].properties["referrer"] == f"{website.url}/a"


def test_a_title_that_comes_late_is_the_views_title(visit: Open, arrived: Arrived) -> None:
    page = visit("/a")
    page.evaluate("history.pushState({}, '', '/b'); setTimeout(() => document.title = 'B', 200)")
    page.wait_for_timeout(1000)
    assert [row.properties["title"] for row in arrived(2)] == ["/a", "B"]


def test_fragments_are_views_where_they_are_routes(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    page = visit("/app#/inbox")
    for fragment in ("#/inbox/7", "#!/sent", "#/sent"):
        page.evaluate("fragment => { location.hash = fragment }", fragment)
    rows = arrived(4)
    paths = ["/app#/inbox", "/app#/inbox/7", "/app#!/sent", "/app#/sent"]
    assert [row.properties["path"] for row in rows] == paths
    assert rows[1].url == f"{website.url}/app#/inbox/7"


def test_a_jump_within_a_page_is_no_view(visit: Open, website: Website, arrived: Arrived) -> None:
    page = visit("/faq#shipping")
    page.evaluate("location.hash = '#returns'")
    (view,) = arrived(1)
    assert view.url == f"{website.url}/faq"


def test_a_page_out_of_the_browsers_memory_is_seen_again(visit: Open, arrived: Arrived) -> None:
    page = visit("/a")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert [row.properties["path"] for row in arrived(2)] == ["/a", "/a"]


def test_a_page_that_is_only_prepared_is_not_seen_yet(
    browser_context: BrowserContext, visit: Open, arrived: Arrived
) -> None:
    browser_context.add_init_script(
        "Object.defineProperty(document, 'prerendering', {get: () => !window.shown})"
    )
    page = visit("/a")
    page.evaluate("window.cxm = []; cxm.push(['track', 'Prepared'])")
    page.wait_for_timeout(1500)
    arrived(0)
    page.evaluate("window.shown = true; document.dispatchEvent(new Event('prerenderingchange'))")
    assert [row.event for row in arrived(2)] == ["", "Prepared"]


def test_a_tag_that_stands_twice_counts_once(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    website.pages["/"] = f'<script src="{website.site}/t.js" data-key="{website.key}"></script>'
    visit()
    arrived(1)


# --- campaigns and addresses -------------------------------------------------------------


def test_campaign_words_and_click_ids_are_told(visit: Open, arrived: Arrived) -> None:
    visit(
        "/?utm_source=News&utm_medium=email&utm_campaign=spring&utm_term=t&utm_content=c"
        "&utm_id=7&gclid=Cj0abc"
    )
    (view,) = arrived(1)
    assert view.context["campaign"] == {
        "source": "News",
        "medium": "email",
        "name": "spring",
        "term": "t",
        "content": "c",
        "id": "7",
    }
    assert view.properties["click_id"] == "gclid"


def test_a_clicks_own_id_is_sent_with_consent_only(visit: Open, arrived: Arrived) -> None:
    page = visit("/?gclid=Cj0abc&x=1")
    arrived(1)
    page.evaluate("cxm.consent(true); cxm.track('Agreed')")
    before, after = arrived(2)
    assert before.url.endswith("/?gclid=-&x=1")
    assert after.context["page"]["url"].endswith("/?gclid=Cj0abc&x=1")


def test_what_names_a_person_is_struck_out_of_addresses(visit: Open, arrived: Arrived) -> None:
    visit(
        "/reset?lang=de&token=s3cret&e-mail=a%40b.example&sort=up",
        referrer="https://mail.example/",
    )
    (view,) = arrived(1)
    assert view.url.endswith("/reset?lang=de&token=-&e-mail=-&sort=up")
    assert "s3cret" not in json.dumps([view.properties, view.context])


def test_a_link_of_ours_and_the_page_behind_it_are_one_visit(
    visit: Open, website: Website, arrived: Arrived, workspace: Workspace
) -> None:
    placement = make_placement(
        workspace, target_url=f"{website.url}/spring", source="news", medium="email"
    )
    visit(f"{website.site}/c/{placement.code}")
    clicked, view = arrived(2)
    assert (clicked.event, view.properties["path"]) == (PLACEMENT_CLICKED, "/spring")
    assert clicked.actor == view.actor
    assert clicked.visit_key == view.visit_key
    assert {clicked.placement_id, view.placement_id} == {placement.pk}
    assert {clicked.campaign_id, view.campaign_id} == {placement.campaign_id}
