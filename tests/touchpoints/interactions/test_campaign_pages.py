"""How campaigns go: figures that add up, pages, files and what they cost in queries."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cxm.workspaces.models import User, Workspace
from tests.touchpoints.campaigns.make import (
    make_campaign,
    make_line,
    make_phases,
    make_placement,
    make_spend,
)
from tests.touchpoints.make import NOON, make_channel, make_goal, make_record, make_source
from touchpoints.campaigns.models import Campaign, Placement
from touchpoints.catalogue.models import Goal
from touchpoints.interactions.campaigns_report import briefs, campaign_report, span_of
from touchpoints.interactions.records import PLACEMENT_CLICKED, PLACEMENT_VIEWED
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
FAST = 0.3


@pytest.fixture(autouse=True)
def today() -> Any:
    """It is noon on 20 May 2026."""
    with time_machine.travel(NOON, tick=True):
        yield


class Crowd:
    """Visitors of a campaign, each new."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.source, _key = make_source(workspace)
        self.number = 0

    def come(
        self,
        campaign: Campaign,
        *,
        visits: int,
        buying: int = 0,
        at: datetime = NOON,
        placement: Placement | None = None,
        value: str | None = None,
    ) -> None:
        """Let visits come by the campaign's word; the first ones buy."""
        records = []
        for place in range(visits):
            self.number += 1
            who = f"visitor-{self.number}"
            words = {"name": campaign.utm_campaign.upper(), "source": "ads"}
            if placement is not None:
                words["id"] = placement.code
            records.append(
                make_record(
                    key=f"{who}:page",
                    kind="page",
                    event="Home",
                    campaign=words,
                    url="https://shop.example/",
                    anonymous_id=who,
                    occurred_at=at,
                )
            )
            if place < buying:
                records.append(
                    make_record(
                        key=f"{who}:buy",
                        event="purchase",
                        value=Decimal(value) if value else None,
                        currency="EUR" if value else "",
                        anonymous_id=who,
                        occurred_at=at + timedelta(minutes=1),
                    )
                )
        ingest(source=self.source, records=records, received_at=at)

    def meet(self, placement: Placement, *, views: int = 0, clicks: int = 0) -> None:
        """Let a placement be seen and clicked, each time by somebody new."""
        records = []
        for event, times in ((PLACEMENT_VIEWED, views), (PLACEMENT_CLICKED, clicks)):
            for _ in range(times):
                self.number += 1
                records.append(
                    make_record(
                        key=f"met-{self.number}",
                        event=event,
                        anonymous_id=f"reader-{self.number}",
                        occurred_at=NOON,
                        code=placement.code,
                    )
                )
        ingest(source=self.source, records=records, received_at=NOON)


def page_of(campaign: Campaign, window: str = "all") -> str:
    return f"{reverse('marketing-campaign', args=[campaign.pk])}?window={window}"


def test_figures_add_up(scope: Workspace) -> None:
    make_goal(scope)
    campaign = make_campaign(scope)
    placement = make_placement(campaign)
    crowd = Crowd(scope)
    crowd.come(campaign, visits=150, buying=30, value="20")
    crowd.come(campaign, visits=50, buying=10, placement=placement, value="30")
    crowd.come(campaign, visits=7, at=NOON - timedelta(days=10))
    make_spend(campaign, amount=500, placement=placement)
    make_spend(campaign, amount=100, day=NOON.date())
    report = campaign_report(workspace=scope, campaign=campaign, window="all")
    assert (report.sums.visits, report.sums.won, report.visitors) == (207, 40, 207)
    assert report.spent == 600
    assert report.value == 30 * 20 + 10 * 30
    assert report.valued == 40
    assert report.rate.shown
    assert report.rate.figure.value == pytest.approx(100 * 40 / 207)
    assert report.cost_per_visit.value == pytest.approx(600 / 207)
    assert report.cost_per_conversion.value == pytest.approx(15)
    assert report.cost_per_conversion.low is not None
    assert report.cost_per_conversion.high is not None
    assert report.cost_per_conversion.low < 15 < report.cost_per_conversion.high
    assert report.return_on_spend.value == pytest.approx(900 / 600)
    assert report.return_on_spend.n == 40
    by_name = {line.placement and line.placement.pk: line for line in report.placements}
    assert (by_name[placement.pk].visits, by_name[placement.pk].won) == (50, 10)
    assert by_name[placement.pk].spent == 500
    assert (by_name[None].visits, by_name[None].won) == (157, 30)
    assert by_name[None].spent == 100
    assert sum(step.sums.visits for step in report.course) == report.sums.visits
    assert sum(step.spent for step in report.course) == report.spent
    assert sum(line.sums.visits for line in report.channels) == report.sums.visits
    assert sum(line.visits for line in report.placements) == report.sums.visits


def test_a_window_is_compared_with_the_days_right_before(scope: Workspace) -> None:
    make_goal(scope)
    campaign = make_campaign(scope)
    crowd = Crowd(scope)
    for back in range(7):
        crowd.come(campaign, visits=40, buying=16, at=NOON - timedelta(days=back))
        crowd.come(campaign, visits=20, buying=2, at=NOON - timedelta(days=7 + back))
    make_spend(campaign, amount=10, day=NOON.date() - timedelta(days=7))
    make_spend(campaign, amount=90, day=NOON.date() - timedelta(days=6))
    report = campaign_report(workspace=scope, campaign=campaign, window="7d")
    assert report.compared is not None
    assert report.compared.end == report.span.start - timedelta(days=1)
    assert report.sums.visits == 280
    assert report.spent == 90
    assert report.visits.change is not None
    assert (report.visits.change.value, report.visits.change.clear) == (140, True)
    assert report.rate.change is not None
    assert report.rate.change.clear
    (goal,) = report.goals
    assert (goal.conversions, goal.before) == (112, 14)


def test_placements_that_count_views_have_a_click_rate(scope: Workspace) -> None:
    campaign = make_campaign(scope)
    mail = make_placement(campaign, kind="pixel", name="Mail")
    crowd = Crowd(scope)
    crowd.meet(mail, views=200, clicks=30)
    report = campaign_report(workspace=scope, campaign=campaign, window="30d")
    (line,) = [line for line in report.placements if line.placement is not None]
    assert (line.views, line.clicks) == (200, 30)
    assert line.click_rate is not None
    assert line.click_rate.figure.value == pytest.approx(15)
    assert report.click_rate is not None
    assert report.click_rate.figure.n == 200


def test_money_in_another_currency_is_told_and_not_added(scope: Workspace) -> None:
    make_goal(scope)
    campaign = make_campaign(scope, currency="USD")
    Crowd(scope).come(campaign, visits=3, buying=2, value="50")
    make_spend(campaign, amount=10)
    report = campaign_report(workspace=scope, campaign=campaign, window="all")
    assert report.value == report.valued == 0
    assert report.other_values == {"EUR": 100}
    assert report.return_on_spend.value is None


def test_few_visits_give_no_share_and_no_price(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    make_goal(scope)
    campaign = make_campaign(scope)
    Crowd(scope).come(campaign, visits=20, buying=10)
    make_spend(campaign, amount=100)
    report = campaign_report(workspace=scope, campaign=campaign, window="all")
    assert not report.rate.shown
    assert not report.cost_per_conversion.shown
    page = client_for(alice).get(page_of(campaign)).content.decode()
    assert "of n 20 visits, too few for a share" in page
    assert "50\u202f%" not in page


def test_the_whole_campaign_holds_what_came_before_and_after(scope: Workspace) -> None:
    campaign = make_campaign(scope, starts_on=date(2026, 5, 5), ends_on=date(2026, 5, 10))
    Crowd(scope).come(campaign, visits=1, at=NOON)
    make_spend(campaign, day=date(2026, 4, 20))
    span, compared = span_of(campaign, "all", scope)
    assert (span.start, span.end, compared) == (date(2026, 4, 20), NOON.date(), None)
    planned = make_campaign(scope, starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 3))
    assert span_of(planned, "all", scope)[0].days == 1


def test_a_page_takes_few_queries_and_little_time(
    scope: Workspace,
    client_for: Browser,
    alice: User,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    make_goal(scope)
    campaign = make_campaign(scope)
    (phase,) = make_phases(scope, "Awareness")
    crowd = Crowd(scope)
    for number in range(4):
        placement = make_placement(campaign, channel=make_channel(scope))
        line = make_line(campaign, phase=phase, channel=make_channel(scope))
        make_spend(campaign, placement=placement, line=line)
        crowd.come(campaign, visits=30, buying=3, placement=placement, at=NOON - timedelta(number))
    browser = client_for(alice)
    browser.get(page_of(campaign))
    before = datetime.now()  # noqa: DTZ005
    with django_assert_max_num_queries(36):
        assert browser.get(page_of(campaign, "30d")).status_code == 200
    assert (datetime.now() - before).total_seconds() < FAST  # noqa: DTZ005


@pytest.mark.parametrize("window", ["all", "7d", "30d", "90d", "nonsense"])
def test_an_empty_campaign_has_a_page_that_leads_on(
    scope: Workspace, client_for: Browser, alice: User, window: str
) -> None:
    campaign = make_campaign(scope)
    page = client_for(alice).get(page_of(campaign, window))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Nothing came in yet" in text
    assert reverse("marketing-plan", args=[campaign.pk]) in text
    assert "Add placements" in text
    assert "Add a goal" in text


def test_figures_leave_as_files(scope: Workspace, client_for: Browser, alice: User) -> None:
    make_goal(scope)
    campaign = make_campaign(scope)
    placement = make_placement(campaign, name="=1+1")
    Crowd(scope).come(campaign, visits=120, buying=12, placement=placement)
    make_spend(campaign, amount=60, placement=placement)
    browser = client_for(alice)

    def file(what: str) -> list[dict[str, str]]:
        address = reverse("marketing-campaign-file", args=[campaign.pk, what, "csv"])
        answer = browser.get(f"{address}?window=30d")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert f"{campaign.key}-{what}-" in answer.headers["Content-Disposition"]
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    days = file("days")
    assert len(days) == 30
    assert days[-1]["visits"] == "120"
    assert sum(Decimal(row["spend_EUR"]) for row in days) == 60
    (row,) = file("placements")
    assert (row["placement"], row["visits"], row["conversions"]) == ("'=1+1", "120", "12")
    assert float(row["conversion_percent"]) == 10
    (goal,) = file("goals")
    assert (goal["primary"], goal["conversions"]) == ("1", "12")
    assert sum(int(row["visits"]) for row in file("channels")) == 120
    book = browser.get(reverse("marketing-campaign-file", args=[campaign.pk, "days", "xlsx"]))
    assert book.content.startswith(b"PK")
    for what, kind in (("everything", "csv"), ("days", "pdf")):
        wrong = reverse("marketing-campaign-file", args=[campaign.pk, what, kind])
        assert browser.get(wrong).status_code == 404


def test_the_list_says_how_each_campaign_goes(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    make_goal(scope)
    campaign = make_campaign(scope, name="Spring sale", audience="Parents")
    make_line(campaign, budget=1000)
    make_spend(campaign, amount=900)
    make_campaign(scope, name="Old one", status="archived")
    Crowd(scope).come(campaign, visits=12, buying=2)
    address = reverse("marketing-campaigns")
    browser = client_for(alice)
    page = browser.get(address).content.decode()
    assert "Spring sale" in page
    assert "Old one" not in page
    assert "Ahead of plan" in page
    assert "day 20 of 31" in page
    assert "Old one" in browser.get(f"{address}?status=archived").content.decode()
    assert "Spring sale" in browser.get(f"{address}?q=parents").content.decode()
    assert "No campaign fits" in browser.get(f"{address}?q=winter").content.decode()


def test_the_list_takes_the_same_queries_however_long(
    scope: Workspace,
    client_for: Browser,
    alice: User,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for _ in range(8):
        campaign = make_campaign(scope)
        make_placement(campaign)
        make_line(campaign)
        make_spend(campaign)
    browser = client_for(alice)
    browser.get(reverse("marketing-campaigns"))
    with django_assert_max_num_queries(28):
        assert browser.get(reverse("marketing-campaigns")).status_code == 200


def test_a_list_without_campaigns_leads_to_the_first(
    scope: Workspace, client_for: Browser, alice: User, bob: User
) -> None:
    address = reverse("marketing-campaigns")
    add = reverse("admin:campaigns_campaign_add")
    assert add in client_for(alice).get(address).content.decode()
    assert add not in client_for(bob).get(address).content.decode()


def test_briefs_are_sums_of_all_days(scope: Workspace) -> None:
    make_goal(scope)
    one, other = make_campaign(scope), make_campaign(scope)
    crowd = Crowd(scope)
    crowd.come(one, visits=5, buying=1)
    crowd.come(one, visits=4, at=NOON - timedelta(days=60))
    crowd.come(other, visits=2, at=NOON - timedelta(days=1))
    found = briefs(workspace=scope, campaigns=[one, other])
    assert (found[one.pk].sums.visits, found[one.pk].sums.won) == (9, 1)
    assert sum(found[one.pk].recent) == 0, "today is not over"
    assert found[other.pk].recent[-2:] == [0, 2]
    assert Goal.objects.count() == 1
