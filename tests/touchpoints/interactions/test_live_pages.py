"""The live stream, and what sources sent."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import NOON, make_channel, make_record, make_source, make_touchpoint
from touchpoints.interactions import services
from touchpoints.interactions.models import Source
from touchpoints.interactions.records import PAGE_LEFT, Refused
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def source(scope: Workspace) -> Source:
    """A source that sends."""
    return make_source(scope)[0]


def tags(html: str) -> list[str]:
    return [part[:8] for part in html.split('data-tag="')[1:]]


@time_machine.travel(NOON, tick=False)
def test_new_contacts_come_once_and_late_ones_too(
    scope: Workspace, client_for: Browser, bob: User, source: Source
) -> None:
    records = [
        make_record(key=f"r{n}", occurred_at=NOON - timedelta(seconds=n), anonymous_id=f"b{n}")
        for n in range(3)
    ]
    ingest(source=source, records=records, received_at=NOON)
    browser = client_for(bob)
    seen = tags(browser.get(reverse("live")).content.decode())
    assert len(seen) == 3
    rows = reverse("live_rows")
    nothing = browser.get(rows, {"seen": "".join(seen)}).content.decode()
    assert tags(nothing) == []
    assert "live-said" not in nothing
    late = make_record(key="late", occurred_at=NOON - timedelta(minutes=5), anonymous_id="late")
    left = make_record(key="left", event=PAGE_LEFT, anonymous_id="b1")
    ahead = make_record(key="ahead", occurred_at=NOON + timedelta(hours=3), anonymous_id="b2")
    ingest(source=source, records=[late, left, ahead], received_at=NOON)
    news = browser.get(rows, {"seen": "".join(seen)}).content.decode()
    assert len(tags(news)) == 1
    assert 'class="news"' in news
    assert "1 new contact" in news
    assert "4 contacts in the last 30 minutes" in news


@time_machine.travel(NOON, tick=False)
def test_the_stream_is_filtered(
    scope: Workspace, client_for: Browser, bob: User, source: Source
) -> None:
    store = make_channel(scope, key="store", kind="offline")
    till = make_touchpoint(scope, key="till", channel=store, event_names=["sale"])
    other, _key = make_source(scope, name="Till")
    ingest(
        source=source,
        records=[
            make_record(event="view", anonymous_id="a"),
            make_record(event="sale", anonymous_id="b"),
        ],
        received_at=NOON,
    )
    ingest(source=other, records=[make_record(event="odd", anonymous_id="c")], received_at=NOON)
    browser = client_for(bob)

    def count(**query: Any) -> int:
        return len(tags(browser.get(reverse("live_rows"), query).content.decode()))

    assert count() == 3
    assert count(touchpoint=till.pk) == 1
    assert count(channel=store.pk) == 1
    assert count(source=other.pk) == 1
    assert count(source="nonsense", seen="not hex") == 3


@time_machine.travel(NOON, tick=False)
def test_a_look_costs_the_same_for_many_contacts(
    scope: Workspace, client_for: Browser, bob: User, source: Source
) -> None:
    browser, url = client_for(bob), reverse("live_rows")
    ingest(source=source, records=[make_record(anonymous_id="a")], received_at=NOON)
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    many = [make_record(anonymous_id=f"b{n}") for n in range(60)]
    ingest(source=source, records=many, received_at=NOON)
    with CaptureQueriesContext(connection) as much:
        answer = browser.get(url)
    assert len(tags(answer.content.decode())) == 40
    assert len(much) <= len(few) + 1 <= 20


@time_machine.travel(NOON, tick=False)
def test_the_page_says_what_waits_in_the_inbox(
    scope: Workspace, client_for: Browser, bob: User, source: Source
) -> None:
    event = {"type": "track", "event": "x", "userId": "u"}
    services.put_events(source=source, events=[event, event], received_at=NOON)
    assert client_for(bob).get(reverse("live")).context["waiting"] == 2
    sources = client_for(bob).get(reverse("sources"))
    assert sources.context["inbox"] == 2


@time_machine.travel(NOON, tick=False)
def test_sources_show_that_everything_adds_up(
    scope: Workspace, client_for: Browser, bob: User, source: Source
) -> None:
    record = make_record(key="once")
    bad = Refused("bad", "no_event", "No event.", {}, "segment")
    ingest(source=source, records=[record, record, bad], received_at=NOON)
    Source.objects.update(expected_hours=6)
    browser = client_for(bob)
    answer = browser.get(reverse("sources"))
    ((report, rows),) = answer.context["reports"]
    counts = rows[0]["counts"]
    assert (counts.received, counts.stored, counts.duplicate, counts.quarantined) == (3, 1, 1, 1)
    assert sum(width for _part, _x, width in rows[0]["bar"]) == pytest.approx(100, abs=0.1)
    assert (rows[1]["n"], rows[1]["counts"]) == (13, None)
    link = f"{reverse('quarantine')}?source={source.pk}&amp;day=2026-05-20"
    assert link in answer.content.decode()
    assert not report.late
    with time_machine.travel(NOON + timedelta(hours=7), tick=False):
        late = client_for(bob).get(reverse("sources")).content.decode()
    assert "nothing comes any more" in late
    text = browser.get(reverse("sources_export")).content.decode("utf-8-sig")
    assert "Web shop,segment,2026-05-20,3,1,1,0,1,0" in text


@time_machine.travel(NOON, tick=False)
def test_sources_ask_as_often_for_many_as_for_one(
    scope: Workspace, client_for: Browser, bob: User, source: Source
) -> None:
    browser, url = client_for(bob), reverse("sources")
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    for n in range(6):
        made, _key = make_source(scope, name=f"Source {n}")
        ingest(source=made, records=[make_record()], received_at=NOON)
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(few) == len(many) <= 25


def test_an_empty_workspace_says_what_to_do(
    scope: Workspace, client_for: Browser, alice: User, mallory: User, source: Source
) -> None:
    Source.objects.update(last_seen_at=None)
    assert "Nothing has come in yet" in client_for(alice).get(reverse("live")).content.decode()
    html = client_for(mallory).get(reverse("sources")).content.decode()
    assert "No sources yet" in html
    assert source.name not in html


@time_machine.travel(NOON, tick=False)
def test_contacts_leave_as_a_table(
    scope: Workspace, client_for: Browser, bob: User, source: Source
) -> None:
    shop = make_touchpoint(scope, key="shop", name="=Shop")
    make_touchpoint(scope, key="web", name="Web")
    records = [
        make_record(
            key=f"r{n}",
            touchpoint="shop" if n else "web",
            occurred_at=NOON - timedelta(minutes=n),
            anonymous_id=f"b{n}",
            properties={"place": "Aarhus"},
        )
        for n in range(3)
    ]
    left = make_record(key="left", event=PAGE_LEFT, anonymous_id="b1")
    ingest(source=source, records=[*records, left], received_at=NOON)
    browser = client_for(bob)
    page = browser.get(reverse("live"), {"touchpoint": str(shop.pk)}).content.decode()
    address = f"{reverse('live_export')}?touchpoint={shop.pk}&amp;format=csv"
    assert address in page
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(address.replace("&amp;", "&"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="contacts.csv"'
    header, *rows = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    found = [dict(zip(header, row, strict=True)) for row in rows]
    # Newest first, in the workspace's time; no cell is a formula.
    zone = ZoneInfo(scope.timezone)
    assert [row["when"] for row in found] == [
        (NOON - timedelta(minutes=n)).astimezone(zone).isoformat() for n in (1, 2)
    ]
    assert {row["touchpoint"] for row in found} == {"'=Shop"}
    assert {row["place"] for row in found} == {"Aarhus"}
    assert len(queries) <= 16
    everything = browser.get(reverse("interactions_export"), {"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(everything.content))
    assert book.active is not None
    # What somebody looks back at holds what browsers say when a page is left, too.
    assert book.active.max_row == 1 + 4
    one = browser.get(reverse("interactions_export"), {"touchpoint": str(shop.pk)})
    assert len(one.content.decode().splitlines()) == 1 + 2
    nothing = browser.get(reverse("live_export"), {"channel": str(uuid4())})
    assert len(nothing.content.decode().splitlines()) == 1
