"""The page of heat maps: figures at a bounded cost, as picture and as table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import make_channel, make_record, make_touchpoint
from tests.touchpoints.tracking.make import make_site
from touchpoints.interactions.records import CLICKED, PAGE_LEFT
from touchpoints.interactions.services import ingest
from touchpoints.tracking.reports import clicks as clicks_report

pytestmark = pytest.mark.django_db


def click(path: str = "/", **properties: Any) -> tuple[str, Mapping[str, Any]]:
    """Return a click on a button in the middle of a desktop's page."""
    return CLICKED, {
        "path": path,
        "x": 0.5,
        "y": 500,
        "w": 1200,
        "h": 3000,
        "type": "button",
        "text": "Buy",
        "box": [500, 480, 200, 40],
        **properties,
    }


def leave(path: str = "/", **properties: Any) -> tuple[str, Mapping[str, Any]]:
    """Return how somebody left a desktop's page, half seen."""
    return PAGE_LEFT, {"path": path, "scroll": 50, "w": 1200, "h": 3000, "fold": 800, **properties}


def happened(
    workspace: Workspace, *events: tuple[str, Mapping[str, Any]], days_ago: float = 1, **more: Any
) -> None:
    """Store events on a website."""
    source = more.pop("source", None) or make_site(workspace)
    moment = now() - timedelta(days=days_ago)
    with workspace_scope(workspace.pk):
        records = [
            make_record(event=event, occurred_at=moment, properties=dict(properties), **more)
            for event, properties in events
        ]
        ingest(source=source, records=records, received_at=now())


@pytest.fixture
def see(alice: User, client_for: Callable[[User], Client]) -> Callable[..., str]:
    """Return the page's text for a query."""
    client = client_for(alice)

    def page(**query: str) -> str:
        response = client.get("/app/tracking/heat/", query)
        assert response.status_code == 200
        return response.content.decode()

    return page


def test_without_clicks_it_says_how_to_get_some(see: Callable[..., str]) -> None:
    page = see()
    assert "No clicks in this period" in page
    assert "/app/tracking/" in page


def test_the_most_clicked_page_comes_first(workspace: Workspace, see: Callable[..., str]) -> None:
    happened(workspace, click("/a"), click("/b"), click("/b", text="Pay"), leave("/a"))
    page = see()
    assert "Clicks on /b, desktop" in page
    assert re.search(r'<option value="/b" selected>/b \(2\)', page)
    assert "Clicks on /a, desktop" in see(path="/a")


def test_devices_are_kept_apart(workspace: Workspace, see: Callable[..., str]) -> None:
    happened(workspace, click(), click(), click(w=390, h=5000, text="Tap"))
    assert "“Buy”, 2" in see()
    phone = see(device="phone")
    assert "“Tap”, 1" in phone
    assert "390 × 5,000" in phone


def test_shares_are_shown_from_the_smallest_number_on(
    workspace: Workspace, see: Callable[..., str]
) -> None:
    with workspace_scope(workspace.pk):
        Workspace.objects.update(min_visits=4)
    happened(workspace, *(leave(view=f"v{n}", scroll=n * 25) for n in (1, 2, 3)))
    page = see()
    assert "Not enough data (n = 3)" in page
    assert "Saw it this far" not in page
    happened(workspace, leave(view="v4", scroll=100))
    page = see()
    assert "Saw it this far" in page
    assert "n 4, 30 days" in page


def test_touchpoint_website_and_period_narrow_it_down(
    workspace: Workspace, see: Callable[..., str]
) -> None:
    place = make_touchpoint(workspace, key="shop")
    shop, blog = make_site(workspace, "Shop"), make_site(workspace, "Blog")
    happened(workspace, click(text="In the shop"), source=shop, touchpoint="shop")
    happened(workspace, click(text="In the blog"), source=blog)
    happened(workspace, click(text="Long ago"), source=blog, days_ago=40)
    assert "In the blog" not in see(touchpoint=str(place.pk))
    assert "In the shop" not in see(source=str(blog.pk))
    assert "Long ago" not in see()
    assert "Long ago" in see(days="90")


def test_a_touchpoints_page_leads_to_its_heat_map(
    alice: User, client_for: Callable[[User], Client], workspace: Workspace
) -> None:
    address = "/app/tracking/heat/?touchpoint="
    online = make_touchpoint(workspace)
    offline = make_touchpoint(workspace, channel=make_channel(workspace, kind="offline"))
    client = client_for(alice)
    for place, leads in ((online, True), (offline, False)):
        page = client.get(f"/app/touchpoints/{place.pk}/").content.decode()
        assert (f"{address}{place.pk}" in page) is leads


def test_what_was_not_read_is_said(
    workspace: Workspace, see: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(workspace, *(click() for _ in range(5)))
    assert "There are more in this period" not in see()
    monkeypatch.setattr(clicks_report, "MOST_SCANNED", 3)
    monkeypatch.setattr(clicks_report, "MOST_POINTS", 2)
    page = see()
    assert "Read from the latest 3 interactions" in page
    assert "There are more in this period" in page
    assert "clicks and leaves are drawn" in page
    assert "“Buy”, 2" in page


def test_nonsense_in_the_address_is_no_error(see: Callable[..., str], workspace: Workspace) -> None:
    happened(workspace, click())
    assert see(path="/none", device="fridge", days="x", touchpoint="y", source="z", export="exe")


def test_bad_properties_do_not_break_the_page(
    workspace: Workspace, see: Callable[..., str]
) -> None:
    happened(
        workspace,
        click(x="0.5"),
        click(y=-4),
        click(w=0),
        click(box="none"),
        (CLICKED, {**click()[1], "path": 7}),
        leave(scroll="deep"),
        (CLICKED, {"path": "/"}),
        click(text="<script>alert(1)</script>"),
    )
    page = see(path="/")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_table_is_exported(
    alice: User, client_for: Callable[[User], Client], workspace: Workspace
) -> None:
    happened(workspace, click(text="=1+1"), leave(view="a"), leave(view="b", scroll=100))
    response = client_for(alice).get("/app/tracking/heat/?export=csv&path=/")
    assert response["Content-Disposition"] == 'attachment; filename="heat-map-start-desktop.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert rows[1] == ["element", "button", "'=1+1", "", "1", "1", "", ""]
    assert rows[2][:2] == ["cell", "25/21"]
    reached = {row[1]: row[4:6] for row in rows if row[0] == "reached"}
    assert reached["50 %"] == ["100.0", "2"]
    assert reached["60 %"] == ["50.0", "2"]


def test_the_picture_is_exported_with_its_colours(
    alice: User, client_for: Callable[[User], Client], workspace: Workspace
) -> None:
    happened(workspace, click(text="A & B"))
    response = client_for(alice).get("/app/tracking/heat/?export=svg&path=/")
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    text = response.content.decode()
    assert "var(--" not in text
    root = ET.fromstring(text)
    assert root.get("width") == "870"
    assert root.findall(".//{http://www.w3.org/2000/svg}rect[@class]")


def test_a_stranger_sees_nothing_of_it(
    mallory: User, client_for: Callable[[User], Client], workspace: Workspace
) -> None:
    happened(workspace, click("/secret"))
    page = client_for(mallory).get("/app/tracking/heat/?path=/secret").content.decode()
    assert "No clicks in this period" in page


def test_it_reads_the_interactions_twice(
    alice: User,
    client_for: Callable[[User], Client],
    workspace: Workspace,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    happened(workspace, *(click(f"/{n}") for n in range(30)))
    client = client_for(alice)
    client.get("/app/tracking/heat/")
    with django_assert_max_num_queries(24) as queries:
        client.get("/app/tracking/heat/")
    read = [q for q in queries.captured_queries if "interactions_interaction" in q["sql"]]
    assert len(read) == 2
