"""The page of one touchpoint and the list of all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cxm.common.scope import workspace_scope
from cxm.common.statistics import z_for
from cxm.workspaces.models import User, Workspace
from tests.touchpoints.make import (
    NOON,
    make_goal,
    make_record,
    make_source,
    make_touchpoint,
)
from touchpoints.campaigns.models import Campaign
from touchpoints.catalogue.models import Channel, Touchpoint
from touchpoints.interactions.daysums import Period
from touchpoints.interactions.models import Touch, TouchpointDay
from touchpoints.interactions.partitions import ensure_partitions, month_of_day
from touchpoints.interactions.records import CLICKED, PAGE, PAGE_LEFT
from touchpoints.interactions.reports import place_report, visitors
from touchpoints.interactions.reports import visitors as visitors_report
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
TODAY = NOON.date()


def happen(workspace: Workspace) -> Touchpoint:
    """Let 130 visitors come within a few days, 13 of whom buy."""
    make_goal(workspace)
    place = make_touchpoint(
        workspace,
        key="shop",
        name="Online shop",
        page_prefix="shop.example/",
        event_names=["purchase"],
    )
    with workspace_scope(workspace.pk):
        Channel.objects.create(workspace=workspace, key="email", name="E-mail", icon="mail")
        Campaign.objects.create(
            workspace=workspace, key="spring", name="Spring", utm_campaign="spring",
            starts_on=TODAY - timedelta(days=30),
        )  # fmt: skip
    source, _key = make_source(workspace)
    records = []
    for n in range(130):
        at = NOON - timedelta(days=n % 5)
        url = "https://shop.example/"
        if n % 2:
            url += "?utm_medium=email&utm_source=news&utm_campaign=spring"
        who = f"browser-{n}"
        records.append(
            make_record(kind=PAGE, event="Home", url=url, anonymous_id=who, occurred_at=at)
        )
        records.append(
            make_record(
                event=CLICKED, url=url, anonymous_id=who, occurred_at=at + timedelta(seconds=5)
            )
        )
        records.append(
            make_record(
                event=PAGE_LEFT, url=url, anonymous_id=who, dwell_seconds=20.0 + n % 7,
                dwell_method="foreground", occurred_at=at + timedelta(seconds=30),
            )
        )  # fmt: skip
        if n % 10 == 0:
            records.append(
                make_record(
                    event="purchase", anonymous_id=who, value=50, currency="EUR",
                    occurred_at=at + timedelta(seconds=60),
                )
            )  # fmt: skip
    with workspace_scope(workspace.pk):
        ingest(source=source, records=records, received_at=NOON)
    return place


@time_machine.travel(NOON, tick=False)
def test_a_touchpoint_tells_visitors_views_clicks_time_and_conversion(
    scope: Workspace, client_for: Browser, bob: User
) -> None:
    place = happen(scope)
    answer = client_for(bob).get(place.get_absolute_url() + "?window=7d")
    report = answer.context["report"]
    assert report.sums.visits == 130
    assert report.sums.views == 130
    assert report.sums.clicks == 130
    assert report.sums.won == 13
    assert report.people.compared.figure.value == 130
    assert round(report.conversion.figure.value, 1) == 10.0
    assert 20 < report.dwell.figure.value < 26
    html = answer.content.decode()
    assert "E-mail" in html
    assert "Spring" in html
    assert "10" in html
    assert "650 EUR" in html
    assert "1 event · 1 page address" in html.replace("</a>", "")


@time_machine.travel(NOON, tick=False)
def test_own_days_are_shown_and_nonsense_counts_as_not_asked_for(
    scope: Workspace, client_for: Browser, bob: User
) -> None:
    place = happen(scope)
    browser, url = client_for(bob), place.get_absolute_url()
    days = f"?since={TODAY - timedelta(days=1)}&until={TODAY}"
    assert browser.get(url + days).context["report"].sums.visits == 52
    swapped = f"?since={TODAY}&until={TODAY - timedelta(days=1)}"
    assert browser.get(url + swapped).context["period"].days == 1
    future = f"?since={TODAY}&until={TODAY + timedelta(days=900)}"
    assert browser.get(url + future).context["period"].end == TODAY
    assert browser.get(url + "?since=x&window=y").context["period"].key == "90d"


def fill_days(workspace: Workspace, place: Touchpoint, days: int, channels: int) -> None:
    """Write sums for many days and channels as ingestion would have."""
    with workspace_scope(workspace.pk):
        ids = [
            Channel.objects.create(
                workspace=workspace, key=f"{place.key}-{n}", name=f"Channel {n}"
            ).pk
            for n in range(channels)
        ]
        TouchpointDay.objects.bulk_create(
            TouchpointDay(
                workspace=workspace, touchpoint_id=place.pk, day=TODAY - timedelta(days=back),
                channel_id=channel, campaign_id=uuid4(), visits=10, won=1, contacts=20, views=15,
            )
            for back in range(days)
            for channel in ids
        )  # fmt: skip


@time_machine.travel(NOON, tick=False)
def test_the_page_asks_as_often_for_a_year_of_many_channels_as_for_a_day(
    scope: Workspace, client_for: Browser, bob: User
) -> None:
    small, large = make_touchpoint(scope, key="a"), make_touchpoint(scope, key="b")
    fill_days(scope, small, 1, 1)
    fill_days(scope, large, 365, 12)
    browser = client_for(bob)
    browser.get(small.get_absolute_url())
    counts = []
    for place in (small, large):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(f"{place.get_absolute_url()}?window=365d")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40


@time_machine.travel(NOON, tick=False)
def test_the_list_asks_as_often_for_many_touchpoints_as_for_one(
    scope: Workspace, client_for: Browser, bob: User
) -> None:
    fill_days(scope, make_touchpoint(scope, key="a"), 3, 2)
    browser, url = client_for(bob), reverse("touchpoints")
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    for n in range(12):
        make_touchpoint(scope, key=f"more-{n}")
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(few) == len(many) <= 30


@time_machine.travel(NOON, tick=False)
def test_the_list_is_searched_filtered_and_ordered(
    scope: Workspace, client_for: Browser, bob: User
) -> None:
    shop = happen(scope)
    till = make_touchpoint(scope, key="till", name="Till", department="Stores", status="planned")
    browser, url = client_for(bob), reverse("touchpoints")

    def names(query: str) -> list[str]:
        return [line.touchpoint.name for line, *_ in browser.get(f"{url}?{query}").context["lines"]]

    assert names("") == ["Online shop", "Till"]
    assert names("q=stores") == ["Till"]
    assert names("status=planned") == ["Till"]
    assert names(f"channel={shop.channel_id}") == ["Online shop"]
    assert names("phase=nonsense&owner=nonsense&order=name") == ["Online shop", "Till"]
    assert names(f"owner={uuid4()}") == []
    part = browser.get(url, headers={"HX-Request": "true", "HX-Target": "places"})
    assert "<html" not in part.content.decode()
    assert till.name in part.content.decode()


@pytest.mark.parametrize("table", ["figures", "days", "channels", "campaigns", "goals"])
@time_machine.travel(NOON, tick=False)
def test_every_table_leaves_as_csv_and_as_a_workbook(
    scope: Workspace, client_for: Browser, bob: User, table: str
) -> None:
    place = happen(scope)
    browser = client_for(bob)
    url = reverse("touchpoint_export", args=[place.pk, table])
    text = browser.get(f"{url}?window=30d").content.decode("utf-8-sig")
    assert len(text.splitlines()) >= 2
    if table == "days":
        assert text.splitlines()[-1].startswith(f"{TODAY},26,26,26,")
    book = browser.get(f"{url}?window=30d&format=xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as opened:
        assert "xl/worksheets/sheet1.xml" in opened.namelist()
    assert browser.get(reverse("touchpoint_export", args=[place.pk, "nothing"])).status_code == 404
    listed = browser.get(reverse("touchpoints_export")).content.decode("utf-8-sig")
    assert "Online shop" in listed


@time_machine.travel(NOON, tick=False)
def test_many_visitors_are_estimated_from_a_sixteenth(
    scope: Workspace, client_for: Browser, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_touchpoint(scope, key="busy")
    period, z = Period.ending(TODAY, 7), z_for(0.95)
    ensure_partitions({month_of_day(TODAY)})
    with workspace_scope(scope.pk):
        actors = [uuid4() for _ in range(3000)]
        Touch.objects.bulk_create(
            Touch(
                workspace=scope, day=TODAY, visit_key=uuid4(), touchpoint_id=place.pk, actor=actor,
                bucket=actor.bytes[15] & 15, channel_id=uuid4(), campaign_id=uuid4(),
            )
            for actor in actors
        )  # fmt: skip
        TouchpointDay.objects.create(
            workspace=scope, touchpoint_id=place.pk, day=TODAY, channel_id=uuid4(),
            campaign_id=uuid4(), visits=3000, contacts=3000,
        )  # fmt: skip
        exact = visitors(workspace=scope, touchpoint=place.pk, period=period, visits=3000, z=z)
        assert (exact.estimated, exact.figure.value) == (False, 3000)
        module = __import__(visitors_report.__module__, fromlist=["EXACT_UP_TO"])
        monkeypatch.setattr(module, "EXACT_UP_TO", 2000)
        found = visitors(workspace=scope, touchpoint=place.pk, period=period, visits=3000, z=z)
        assert found.estimated
        assert found.figure.low is not None
        assert found.figure.high is not None
        # Five standard deviations, so that chance does not fail it.
        assert abs((found.figure.value or 0) - 3000) < 5 * (15 * 3000) ** 0.5
    html = client_for(bob).get(place.get_absolute_url()).content.decode()
    assert "about" in html
    assert "by a sixteenth of them" in html


@time_machine.travel(NOON, tick=False)
def test_what_takes_long_comes_after_the_page(
    scope: Workspace, client_for: Browser, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = happen(scope)
    places = __import__(place_report.__module__, fromlist=["SOON_UP_TO"])
    monkeypatch.setattr(places, "SOON_UP_TO", 10)
    monkeypatch.setattr(places, "EXACT_UP_TO", 10)
    browser = client_for(bob)
    html = browser.get(place.get_absolute_url()).content.decode()
    for name, words in (("touchpoint_visitors", "130"), ("touchpoint_goals", "650 EUR")):
        url = reverse(name, args=[place.pk])
        assert url in html
        assert words in browser.get(f"{url}?window=30d").content.decode()


@time_machine.travel(NOON, tick=False)
def test_figures_agree_with_sums_worked_out_from_the_rows(
    scope: Workspace, client_for: Browser, bob: User
) -> None:
    place = happen(scope)
    with workspace_scope(scope.pk):
        report = place_report(
            workspace=scope, touchpoint=place.pk, period=Period(date(2026, 5, 1), TODAY)
        )
    assert sum(line.sums.visits for line in report.channels) == report.sums.visits
    assert [line.name for line in report.campaigns] == ["Spring"]
    assert report.campaigns[0].sums.visits == 65


def test_strangers_see_no_part_of_it(
    scope: Workspace, client_for: Browser, mallory: User, client: Client
) -> None:
    place = make_touchpoint(scope)
    browser = client_for(mallory)
    for name in ("touchpoint", "touchpoint_visitors", "touchpoint_goals", "touchpoint_around"):
        assert browser.get(reverse(name, args=[place.pk])).status_code == 404
    assert browser.get(reverse("touchpoint_export", args=[place.pk, "days"])).status_code == 404
    assert place.name not in browser.get(reverse("touchpoints")).content.decode()
    assert client.get(reverse("touchpoints")).status_code == 302
