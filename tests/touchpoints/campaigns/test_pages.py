"""The pages that keep a campaign: forms, the plan's table, copy and archive."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cxm.common.clock import now
from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.touchpoints.campaigns.make import (
    make_campaign,
    make_line,
    make_phases,
    make_placement,
    make_spend,
    said,
    spend_address,
)
from tests.touchpoints.make import make_channel
from touchpoints.campaigns.models import Campaign, Placement, PlanLine, Spend
from touchpoints.campaigns.reports import plan_version

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def plan_address(campaign: Campaign) -> str:
    return reverse("marketing-plan", args=[campaign.pk])


def plan_data(campaign: Campaign, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the fields of the plan's form."""
    data: dict[str, Any] = {
        "version": plan_version(campaign.plan.all()),
        "row-TOTAL_FORMS": len(rows),
        "row-INITIAL_FORMS": 0,
    }
    for place, row in enumerate(rows):
        data |= {f"row-{place}-{name}": value for name, value in row.items()}
    return data | more


# --- the form of the admin ---------------------------------------------------------------


def inline(count: int = 0, **fields: Any) -> dict[str, Any]:
    return {
        "placements-TOTAL_FORMS": count,
        "placements-INITIAL_FORMS": 0,
        "placements-MIN_NUM_FORMS": 0,
        "placements-MAX_NUM_FORMS": 1000,
        **{f"placements-0-{name}": value for name, value in fields.items()},
    }


SPRING = {
    "name": "Spring",
    "key": "spring",
    "status": "planned",
    "starts_on": "2026-03-01",
    "ends_on": "2026-05-31",
    "currency": "eur",
}


def test_a_campaign_and_its_placements_are_made_by_one_form(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    fields = inline(1, name="Newsletter", kind="link", target_url="https://shop.example/")
    answer = client_for(alice).post(
        reverse("admin:campaigns_campaign_add"), {**SPRING, **fields, "placements-0-code": "mine"}
    )
    campaign = Campaign.objects.get()
    assert answer.headers["Location"] == plan_address(campaign)
    assert (campaign.utm_campaign, campaign.currency) == ("spring", "EUR")
    placement = Placement.objects.get()
    assert placement.code != "mine"
    assert AuditEntry.objects.filter(action="added", object_id=str(campaign.pk)).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_on": "2026-02-01"}, "The last day lies before the first"),
        ({"currency": "ERU"}, "is no currency"),
        ({"key": "taken"}, "Another campaign has this key"),
        ({"utm_campaign": "Taken"}, "has this word already"),
        ({"status": "archived"}, "Select a valid choice"),
        (inline(1, name="A", kind="link", target_url="shop"), "Write the whole address"),
        (inline(1, name="A", kind="qr", target_url=""), "need an address to lead to"),
    ],
)
def test_a_wrong_campaign_is_refused(
    client_for: Browser, alice: User, scope: Workspace, fields: dict[str, Any], words: str
) -> None:
    make_campaign(scope, key="taken")
    answer = client_for(alice).post(
        reverse("admin:campaigns_campaign_add"), {**SPRING, **inline(), **fields}
    )
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Campaign.objects.count() == 1


def test_only_the_button_takes_a_campaign_out_of_the_archive(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign = make_campaign(scope, status="archived")
    address = reverse("admin:campaigns_campaign_change", args=[campaign.pk])
    answer = client_for(alice).post(address, {**SPRING, **inline(), "status": "active"})
    assert "out of the archive first" in answer.content.decode()
    kept = client_for(alice).post(address, {**SPRING, **inline(), "status": "archived"})
    assert kept.status_code == 302


def test_staff_pages_open(client_for: Browser, alice: User, scope: Workspace) -> None:
    campaign = make_campaign(scope)
    placement, line = make_placement(campaign), make_line(campaign)
    other = make_placement(make_campaign(scope), name="Of another campaign")
    spend = make_spend(campaign, placement=placement, line=line)
    browser = client_for(alice)
    for model, row in (("campaign", campaign), ("placement", placement), ("spend", spend)):
        assert browser.get(reverse(f"admin:campaigns_{model}_changelist")).status_code == 200
        page = browser.get(reverse(f"admin:campaigns_{model}_change", args=[row.pk]))
        assert page.status_code == 200
    assert other.name not in page.content.decode()
    assert browser.get(reverse("admin:campaigns_campaign_add")).status_code == 200
    assert browser.get(reverse("admin:campaigns_placement_add")).status_code == 200
    assert browser.get(reverse("admin:campaigns_spend_add")).status_code == 403


def test_staff_lists_take_the_same_queries_however_long(
    client_for: Browser,
    alice: User,
    scope: Workspace,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for _ in range(5):
        campaign = make_campaign(scope)
        make_spend(campaign, placement=make_placement(campaign), line=make_line(campaign))
    browser = client_for(alice)
    for model in ("campaign", "placement", "spend"):
        address = reverse(f"admin:campaigns_{model}_changelist")
        browser.get(address)
        with django_assert_max_num_queries(30):
            assert browser.get(address).status_code == 200


def test_what_was_met_cannot_be_deleted_by_staff(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign = make_campaign(scope)
    placement = make_placement(campaign, last_seen_at=now())
    for model, row in (("campaign", campaign), ("placement", placement)):
        address = reverse(f"admin:campaigns_{model}_delete", args=[row.pk])
        assert client_for(alice).post(address, {"post": "yes"}).status_code == 403


# --- the plan ----------------------------------------------------------------------------


def test_the_plan_is_kept_as_a_table(client_for: Browser, alice: User, scope: Workspace) -> None:
    campaign, channel = make_campaign(scope), make_channel(scope)
    first, second = make_phases(scope, "Awareness", "Conversion")
    data = plan_data(
        campaign,
        {"channel": channel.pk, f"budget-{first.pk}": "1,250.50", "budget-any": "99", "reach": 400},
        {"audience": "  Parents  in cities ", f"budget-{second.pk}": "10"},
        {"audience": "", "budget-any": ""},
    )
    answer = client_for(alice).post(plan_address(campaign), data)
    assert answer.status_code == 302
    lines = {
        (line.channel_id, line.phase_id, line.audience): (line.budget, line.reach_target)
        for line in PlanLine.objects.all()
    }
    assert lines == {
        (channel.pk, first.pk, ""): (Decimal("1250.50"), 400),
        (channel.pk, None, ""): (Decimal(99), None),
        (None, second.pk, "Parents in cities"): (Decimal(10), None),
    }
    entry = AuditEntry.objects.get(action="planned")
    assert entry.changes == {"budget": ["0", "1359.50"]}
    page = client_for(alice).get(plan_address(campaign)).content.decode()
    assert 'value="1250.50"' in page
    assert "1,360" in page


def test_saving_the_same_plan_changes_nothing(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign, channel = make_campaign(scope), make_channel(scope)
    first, second = make_phases(scope, "Awareness", "Conversion")
    make_line(campaign, channel=channel, phase=first, reach_target=100)
    make_line(campaign, channel=channel, phase=second, reach_target=50)
    before = plan_version(campaign.plan.all())
    row = {
        "channel": channel.pk,
        f"budget-{first.pk}": "100",
        f"budget-{second.pk}": "100",
        "reach": "150",
    }
    answer = client_for(alice).post(plan_address(campaign), plan_data(campaign, row))
    assert "Nothing had changed" in said(answer)
    assert plan_version(campaign.plan.all()) == before
    client_for(alice).post(plan_address(campaign), plan_data(campaign, {**row, "reach": "160"}))
    told = campaign.plan.order_by("phase__position").values_list("reach_target", flat=True)
    assert list(told) == [160, None]


def test_a_line_with_spend_stays_when_its_row_is_emptied(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign = make_campaign(scope)
    paid, unpaid = make_line(campaign, audience="a"), make_line(campaign, audience="b")
    make_spend(campaign, line=paid)
    assert client_for(alice).post(plan_address(campaign), plan_data(campaign)).status_code == 302
    paid.refresh_from_db()
    assert paid.budget == 0
    assert not PlanLine.objects.filter(pk=unpaid.pk).exists()
    assert Spend.objects.get().line_id == paid.pk


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"budget-any": "much"}, "is no amount"),
        ({"budget-any": "-5"}, "not negative"),
        ({"budget-any": "1,250"}, "read in two ways"),
        ({"budget-any": "1.005"}, "read in two ways"),
        ({"budget-any": "10.0050"}, "two decimals at most"),
        ({"budget-any": "9999999999999"}, "too large"),
        ({"reach": "-1"}, "greater than or equal to 0"),
        ({"channel": "019aabbb-0000-7000-8000-000000000000"}, "Select a valid choice"),
        ({"audience": "x" * 201, "budget-any": "1"}, "at most 200 characters"),
    ],
)
def test_a_wrong_plan_is_refused(
    client_for: Browser, alice: User, scope: Workspace, row: dict[str, Any], words: str
) -> None:
    campaign = make_campaign(scope)
    answer = client_for(alice).post(plan_address(campaign), plan_data(campaign, row))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PlanLine.objects.exists()


def test_a_channel_and_target_group_stands_in_the_plan_once(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign = make_campaign(scope)
    rows = [{"audience": "a", "budget-any": "1"}, {"audience": " a ", "budget-any": "2"}]
    answer = client_for(alice).post(plan_address(campaign), plan_data(campaign, *rows))
    assert "has a row already" in answer.content.decode()
    assert not PlanLine.objects.exists()


def test_nobody_saves_over_a_plan_that_changed_meanwhile(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign = make_campaign(scope)
    data = plan_data(campaign, {"budget-any": "5"})
    make_line(campaign, audience="meanwhile")
    answer = client_for(alice).post(plan_address(campaign), data)
    assert answer.status_code == 422
    assert "changed the plan meanwhile" in answer.content.decode()
    assert PlanLine.objects.get().audience == "meanwhile"


def test_who_only_looks_changes_no_plan(client_for: Browser, bob: User, scope: Workspace) -> None:
    campaign = make_campaign(scope)
    browser = client_for(bob)
    page = browser.get(plan_address(campaign))
    assert page.status_code == 200
    assert "Save plan" not in page.content.decode()
    data = plan_data(campaign, {"budget-any": "5"})
    assert browser.post(plan_address(campaign), data).status_code == 403
    assert browser.post(spend_address(campaign), {"day": "2026-05-02"}).status_code == 403
    assert browser.post(reverse("marketing-copy", args=[campaign.pk])).status_code == 403
    assert browser.post(reverse("marketing-archive", args=[campaign.pk])).status_code == 403


# --- copy and archive --------------------------------------------------------------------


def test_a_campaign_is_copied_by_one_click(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign = make_campaign(scope, key="spring", name="Spring")
    make_placement(campaign)
    answer = client_for(alice).post(reverse("marketing-copy", args=[campaign.pk]))
    copy = Campaign.objects.exclude(pk=campaign.pk).get()
    assert copy.name == "Spring (2)"
    assert answer.headers["Location"] == reverse("admin:campaigns_campaign_change", args=[copy.pk])
    assert client_for(alice).get(answer.headers["Location"]).status_code == 200


def test_a_campaign_goes_to_the_archive_and_back(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign = make_campaign(scope, utm_campaign="sale")
    address = reverse("marketing-archive", args=[campaign.pk])
    browser = client_for(alice)
    browser.post(address)
    assert Campaign.objects.get(pk=campaign.pk).status == "archived"
    blocking = make_campaign(scope, utm_campaign="SALE")
    assert "has this word already" in said(browser.post(address))
    Campaign.objects.filter(pk=blocking.pk).delete()
    browser.post(address)
    assert Campaign.objects.get(pk=campaign.pk).status == "ended"
    assert browser.get(address).status_code == 405
