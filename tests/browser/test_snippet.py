"""The web snippet in a real browser, on another origin's pages, against the real collector.

Each page forbids all that a strict content security policy can forbid.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Protocol
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.touchpoints.interactions.conftest import server
from tests.touchpoints.interactions.server import Server
from tests.touchpoints.tracking.make import make_placement
from tests.touchpoints.tracking.website import Website, serving_pages
from touchpoints.interactions.models import Interaction, Quarantined, Source, SourceDay
from touchpoints.interactions.records import CLICKED, PAGE_LEFT, PLACEMENT_CLICKED
from touchpoints.interactions.services import create_source
from touchpoints.interactions.services.inbox import drain

__all__ = ["server"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A headless browser says so in its own; then it counts as a bot, as it should. Given as an
# argument, since what a page says when it goes away is no longer sent under its context's name.
AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""
Open = Callable[..., Page]


class Arrived(Protocol):
    """Waits until so many interactions are stored; that a page was left counts when asked for."""

    def __call__(self, number: int, *, leaving: bool = False) -> list[Interaction]: ...


@pytest.fixture
def website(workspace: Workspace, server: Server) -> Iterator[Website]:
    """A website whose pages carry the snippet with the workspace's key."""
    with serving_pages(server.url) as found:
        with workspace_scope(workspace.pk):
            _source, found.key = create_source(
                workspace=workspace, name="Shop", kind=Source.Kind.WEB
            )
        yield found


@pytest.fixture(scope="module")
def persons_browser(chromium: Browser) -> Iterator[Browser]:
    """A browser that does not say that nobody sits in front of it."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, f"--user-agent={AGENT}"]
    )
    yield browser
    browser.close()


@pytest.fixture
def browser_context(persons_browser: Browser) -> Iterator[BrowserContext]:
    """A person's browser, with nothing in it yet."""
    context = persons_browser.new_context(locale="en-GB", viewport={"width": 1000, "height": 800})
    yield context
    # Pages say goodbye when they close; nothing may arrive any more while the tables are emptied.
    context.set_offline(True)
    time.sleep(0.3)
    context.close()


@pytest.fixture
def visit(browser_context: BrowserContext, website: Website) -> Iterator[Open]:
    """Open a page of the website; what the browser complains of fails the test."""
    complaints: list[str] = []

    def open_page(path: str = "/", *, in_page: Page | None = None, referrer: str = "") -> Page:
        page = in_page or browser_context.new_page()
        if in_page is None:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda message: (
                    complaints.append(message.text)
                    if message.type == "error" and "Failed to load" not in message.text
                    else None
                ),
            )
        page.goto(urljoin(website.url, path), referer=referrer or None)
        page.wait_for_load_state("load")
        return page

    yield open_page
    assert complaints == []


@pytest.fixture
def arrived(workspace: Workspace) -> Arrived:
    """Return interactions in order, when there are so many and no more a moment later."""

    def wait(number: int, *, leaving: bool = False) -> list[Interaction]:
        deadline = time.monotonic() + 15
        calm = 0.0
        while True:
            drain()
            with workspace_scope(workspace.pk):
                assert not Quarantined.objects.exists(), Quarantined.objects.values("detail")
                rows = Interaction.objects.order_by("occurred_at", "id")
                found = list(rows if leaving else rows.exclude(event=PAGE_LEFT))
            if len(found) >= number:
                calm = calm or time.monotonic() + 0.3
                if time.monotonic() > calm:
                    break
            assert time.monotonic() < deadline, [str(one) for one in found]
            time.sleep(0.1)
        assert len(found) == number, [f"{one} {one.properties}" for one in found]
        return found

    return wait


def stored_in(page: Page) -> dict[str, str]:
    """Return what the page's origin keeps in the browser, cookies included."""
    kept: dict[str, str] = page.evaluate("({...localStorage, ...sessionStorage})")
    cookies = page.context.cookies()
    return {**kept, **{str(cookie.get("name")): str(cookie.get("value")) for cookie in cookies}}


def only(rows: list[Interaction], event: str) -> list[Interaction]:
    """Return the rows with an event's name."""
    return [row for row in rows if row.event == event]


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


# --- clicks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "kind", "text", "href"),
    [
        ('<a id="it" href="#two">  To \n  two </a>', "link", "To two", "{}/page#two"),
        ('<a id="it" href="/x?id=9" aria-label="Next">→</a>', "link", "Next", "{}/x"),
        ('<button id="it" type="button">Buy</button>', "button", "Buy", None),
        ('<input id="it" type="button" value="Search">', "button", "Search", None),
        ('<span id="it" role="button" tabindex="0">Menu</span>', "button", "Menu", None),
        ('<a id="it" href="/prices.pdf?v=2">Prices</a>', "download", "Prices", "{}/prices.pdf"),
        ('<a id="it" href="/list" download>List</a>', "download", "List", "{}/list"),
        (
            '<a id="it" href="https://partner.example/a?b=c">Partner</a>',
            "outbound",
            "Partner",
            "https://partner.example/a",
        ),
        ('<a id="it" href="tel:+4930123">Call</a>', "link", "Call", "tel:+4930123"),
        (
            '<svg><a href="#two"><text id="it" y="20">Drawn</text></a></svg>',
            "link",
            "Drawn",
            "#two",
        ),
    ],
)
def test_a_click_says_on_what(
    visit: Open, website: Website, arrived: Arrived, html: str, kind: str, text: str, href: str
) -> None:
    website.pages["/page"] = html
    page = visit("/page")
    # Stay: where the click leads to is not the matter here.
    page.evaluate("addEventListener('click', event => event.preventDefault())")
    page.click("#it")
    (click,) = only(arrived(2), CLICKED)
    assert click.properties["type"] == kind
    assert click.properties["text"] == text
    assert click.properties.get("href") == (href and href.format(website.url))
    assert click.properties["path"] == "/page"


def test_a_click_has_its_place_in_the_layout(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    website.before = '<link rel="stylesheet" href="/layout.css">'
    website.pages["/"] = '<div id="tall"></div><button id="box">Below</button>'
    page = visit()
    page.evaluate("scrollTo(0, 2500)")
    page.mouse.click(500, 300)
    page.click("#box", position={"x": 50, "y": 10})
    page.focus("#box")
    page.keyboard.press("Enter")
    place, button, key = only(arrived(4), CLICKED)
    width, height = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    top = page.evaluate("scrollY")
    assert place.properties == {
        "type": "place",
        "path": "/",
        "x": pytest.approx(500 / width, abs=0.002),
        "y": 300 + top,
        "w": width,
        "h": height,
    }
    assert button.properties["x"] == pytest.approx(50 / width, abs=0.002)
    assert button.properties["y"] == pytest.approx(3010, abs=3)
    assert button.properties["box"] == [0, 3000, 200, 40]
    # A key has no place; the middle of what it pressed stands for it.
    assert key.properties["x"] == pytest.approx(100 / width, abs=0.002)
    assert key.properties["y"] == 3020


def test_a_click_inside_a_component_is_seen(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    website.pages["/"] = "<div id='host'></div>"
    page = visit()
    page.evaluate(
        """() => {
            const root = document.getElementById("host").attachShadow({ mode: "open" });
            const button = document.createElement("button");
            button.textContent = "Inside";
            button.addEventListener("click", event => event.stopPropagation());
            root.append(button);
        }"""
    )
    page.click("text=Inside")
    (click,) = only(arrived(2), CLICKED)
    assert (click.properties["type"], click.properties["text"]) == ("button", "Inside")


def test_marked_elements_send_their_own_event(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    website.pages["/"] = (
        '<div data-cxm-event="Plan Chosen" data-cxm-plan="pro" data-cxm-paid-yearly="yes">'
        "<button id='go'>Go</button></div>"
    )
    page = visit()
    page.click("#go")
    rows = arrived(3)
    assert len(only(rows, CLICKED)) == 1
    (chosen,) = only(rows, "Plan Chosen")
    assert chosen.properties == {"plan": "pro", "paid_yearly": "yes"}
    assert chosen.url == f"{website.url}/"


def test_marked_forms_send_theirs_when_they_are_sent(
    visit: Open, website: Website, arrived: Arrived
) -> None:
    website.pages["/"] = (
        '<form method="post" action="/done" data-cxm-event="Signed Up" data-cxm-form="news">'
        '<input id="who" name="email"><input id="go" type="submit" value="Join"></form>'
    )
    page = visit()
    page.fill("#who", "ida@customers.example")
    page.click("#who")
    page.click("#go")
    page.wait_for_url("**/done")
    rows = arrived(5)
    (signed,) = only(rows, "Signed Up")
    assert signed.properties == {"form": "news"}
    # A field is a place on the page; nothing that stands in it is told.
    assert [row.properties["type"] for row in only(rows, CLICKED)] == ["place", "button"]
    assert "ida" not in json.dumps([row.properties for row in rows])


def test_private_elements_are_not_quoted(visit: Open, website: Website, arrived: Arrived) -> None:
    website.pages["/"] = (
        "<div data-cxm-private><a id='me' href='#ida' data-cxm-event='Account'>Ida Ahl</a></div>"
    )
    page = visit()
    page.click("#me")
    rows = arrived(3)
    (click,) = only(rows, CLICKED)
    assert click.properties["type"] == "link"
    assert "text" not in click.properties
    assert "ida" not in json.dumps([row.properties for row in rows]).lower()


# --- leaving -----------------------------------------------------------------------------


def test_leaving_tells_time_and_depth(visit: Open, website: Website, arrived: Arrived) -> None:
    website.before = '<link rel="stylesheet" href="/layout.css">'
    website.pages["/long"] = '<div id="tall"></div>'
    page = visit("/long")
    page.mouse.wheel(0, 700)
    page.wait_for_timeout(1200)
    page.evaluate("scrollTo(0, 0)")
    with page.expect_navigation():
        page.evaluate("location.href = '/next'")
    rows = arrived(3, leaving=True)
    (left,) = only(rows, PAGE_LEFT)
    assert left.properties["scroll"] == 50
    assert left.properties["path"] == "/long"
    assert [left.properties[name] for name in ("w", "h", "fold")] == [1000, 3000, 800]
    assert left.dwell_seconds == pytest.approx(1.3, abs=0.9)
    assert left.dwell_method == "foreground"
    assert left.url == f"{website.url}/long"
    assert left.properties["view"]


def test_a_push_leaves_the_page_before(visit: Open, website: Website, arrived: Arrived) -> None:
    page = visit("/a")
    page.wait_for_timeout(300)
    page.evaluate("history.pushState({}, '', '/b')")
    rows = arrived(3, leaving=True)
    (left,) = only(rows, PAGE_LEFT)
    assert (left.url, left.properties["path"]) == (f"{website.url}/a", "/a")
    assert {row.properties["path"] for row in rows if row.kind == "page"} == {"/a", "/b"}


def test_only_time_in_the_foreground_counts(visit: Open, arrived: Arrived) -> None:
    page = visit()
    page.wait_for_timeout(500)
    page.evaluate(HIDE, True)
    page.wait_for_timeout(3000)
    page.evaluate(HIDE, False)
    page.wait_for_timeout(500)
    page.goto("about:blank")
    rows = arrived(3, leaving=True)
    seconds = [row.dwell_seconds or 0 for row in only(rows, PAGE_LEFT)]
    assert all(0.4 <= part <= 2 for part in seconds), seconds
    # Both parts belong to the one view.
    assert len({row.properties["view"] for row in only(rows, PAGE_LEFT)}) == 1


def test_time_without_the_focus_does_not_count(visit: Open, arrived: Arrived) -> None:
    page = visit()
    page.wait_for_timeout(500)
    page.evaluate("document.hasFocus = () => false; dispatchEvent(new Event('blur'))")
    page.wait_for_timeout(3000)
    page.goto("about:blank")
    (left,) = only(arrived(2, leaving=True), PAGE_LEFT)
    assert 0.4 <= (left.dwell_seconds or 0) <= 2


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
    browser_context.set_offline(False)
    arrived(1)
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
