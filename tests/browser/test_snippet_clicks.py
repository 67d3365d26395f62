"""The web snippet: clicks, and how pages are left."""

from __future__ import annotations

import json

import pytest

from tests.browser.snippet import (
    Arrived,
    Open,
    arrived,
    browser_context,
    only,
    persons_browser,
    server,
    visit,
    website,
)
from tests.touchpoints.tracking.website import Website
from touchpoints.interactions.records import CLICKED, PAGE_LEFT

__all__ = ["arrived", "browser_context", "persons_browser", "server", "visit", "website"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""

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
