"""Campaigns through the API: what is taken and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cxm.common.clock import now
from cxm.workspaces.models import AuditEntry, Workspace
from tests.touchpoints.campaigns.make import (
    make_campaign,
    make_line,
    make_phases,
    make_placement,
    make_spend,
)
from tests.touchpoints.make import make_channel
from touchpoints.campaigns.models import Campaign, Placement, PlanLine, Spend

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
CAMPAIGNS = "/api/v1/marketing-campaigns/"
PLACEMENTS = "/api/v1/placements/"
LINES = "/api/v1/plan-lines/"
SPEND = "/api/v1/spend/"
SPRING = {"key": "spring", "name": "Spring", "starts_on": "2026-03-01", "ends_on": "2026-05-31"}


def codes(answer: object) -> dict[str, str]:
    """Return the codes of an answer by their pointers."""
    found: dict[str, str] = {}
    body = answer.json()  # type: ignore[attr-defined]
    for error in body.get("errors", []):
        found[error["pointer"]] = error["code"]
    return found


def test_a_campaign_takes_its_key_as_its_word(scope: Workspace, api: Api) -> None:
    answer = api("campaigns:write").post(CAMPAIGNS, SPRING)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["utm_campaign"] == "spring"
    assert answer.json()["currency"] == "EUR"
    assert AuditEntry.objects.filter(action="added", object_kind="campaigns.campaign").exists()


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"ends_on": "2026-02-28"}, "/ends_on", "dates_out_of_order"),
        ({"starts_on": "yesterday"}, "/starts_on", "invalid"),
        ({"currency": "ERU"}, "/currency", "invalid"),
        ({"currency": "eur"}, "/currency", "invalid"),
        ({"key": "Spring!"}, "/key", "invalid"),
        ({"key": "taken"}, "/key", "key_taken"),
        ({"utm_campaign": "TAKEN-word"}, "/utm_campaign", "word_taken"),
        ({"utm_id": "id-1"}, "/utm_id", "word_taken"),
        ({"status": "archived"}, "/status", "use_archive"),
        ({"status": "gone"}, "/status", "invalid_choice"),
        ({"owner": "019aabbb-0000-7000-8000-000000000000"}, "/owner", "does_not_exist"),
    ],
)
def test_a_wrong_campaign_is_refused(
    scope: Workspace, api: Api, fields: dict[str, str], pointer: str, code: str
) -> None:
    make_campaign(scope, key="taken", utm_campaign="Taken-Word", utm_id="ID-1")
    answer = api().post(CAMPAIGNS, {**SPRING, **fields})
    assert answer.status_code == 400
    assert codes(answer) == {pointer: code}


def test_a_change_is_checked_against_what_stays(scope: Workspace, api: Api) -> None:
    campaign = make_campaign(scope)
    answer = api().patch(f"{CAMPAIGNS}{campaign.pk}/", {"ends_on": "2026-04-01"})
    assert codes(answer) == {"/ends_on": "dates_out_of_order"}
    assert api().patch(f"{CAMPAIGNS}{campaign.pk}/", {"name": "New"}).status_code == 200


def test_a_key_needs_the_scope(scope: Workspace, api: Api) -> None:
    assert api("touchpoints:write").get(CAMPAIGNS).status_code == 403
    assert api("campaigns:read").get(CAMPAIGNS).status_code == 200
    assert api("campaigns:read").post(CAMPAIGNS, SPRING).status_code == 403


def test_campaigns_are_found_by_day_and_word(scope: Workspace, api: Api) -> None:
    may = make_campaign(scope)
    open_end = make_campaign(scope, ends_on=None)
    make_campaign(scope, starts_on="2026-06-01", ends_on="2026-06-30")

    def found(query: str) -> set[str]:
        return {row["id"] for row in api().get(f"{CAMPAIGNS}?{query}").json()["results"]}

    assert found("runs_on=2026-05-31") == {str(may.pk), str(open_end.pk)}
    assert found(f"utm_campaign={may.utm_campaign.upper()}") == {str(may.pk)}
    assert found("status=archived") == set()


def test_a_code_is_made_by_us_and_never_taken(scope: Workspace, api: Api) -> None:
    campaign = make_campaign(scope, utm_id="77")
    fields = {
        "campaign": str(campaign.pk),
        "name": "Newsletter",
        "target_url": "https://shop.example/spring",
        "source": "newsletter",
        "code": "mycodemycodemyco",
    }
    answer = api().post(PLACEMENTS, fields)
    assert answer.status_code == 201, answer.json()
    code = answer.json()["code"]
    assert len(code) == 16
    assert code != "mycodemycodemyco"
    assert answer.json()["landing_url"] == (
        f"https://shop.example/spring?utm_campaign={campaign.utm_campaign}"
        "&utm_source=newsletter&utm_id=77"
    )
    address = f"{PLACEMENTS}{answer.json()['id']}/"
    assert api().patch(address, {"code": "another"}).json()["code"] == code


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"target_url": ""}, "/target_url", "address_needed"),
        ({"target_url": "/spring"}, "/target_url", "invalid"),
        ({"target_url": "javascript:alert(1)"}, "/target_url", "invalid"),
        ({"target_url": "https://a@shop.example/"}, "/target_url", "invalid"),
        ({"kind": "banner"}, "/kind", "invalid_choice"),
        ({"name": "There"}, "/name", "name_taken"),
        ({"touchpoint": "019aabbb-0000-7000-8000-000000000000"}, "/touchpoint", "does_not_exist"),
    ],
)
def test_a_wrong_placement_is_refused(
    scope: Workspace, api: Api, fields: dict[str, str], pointer: str, code: str
) -> None:
    campaign = make_campaign(scope)
    make_placement(campaign, name="There")
    body = {"campaign": str(campaign.pk), "name": "New", "target_url": "https://shop.example/"}
    answer = api().post(PLACEMENTS, {**body, **fields})
    assert answer.status_code == 400
    assert codes(answer) == {pointer: code}


def test_a_pixel_needs_no_address(scope: Workspace, api: Api) -> None:
    body = {"campaign": str(make_campaign(scope).pk), "name": "Mail", "kind": "pixel"}
    answer = api().post(PLACEMENTS, body)
    assert answer.status_code == 201
    assert answer.json()["landing_url"] == ""


def test_what_belongs_to_a_campaign_stays_there(scope: Workspace, api: Api) -> None:
    one, other = make_campaign(scope), make_campaign(scope)
    for address, row in (
        (PLACEMENTS, make_placement(one)),
        (LINES, make_line(one)),
        (SPEND, make_spend(one)),
    ):
        answer = api().patch(f"{address}{row.pk}/", {"campaign": str(other.pk)})
        assert codes(answer) == {"/campaign": "settled"}, address
        assert api().patch(f"{address}{row.pk}/", {"campaign": str(one.pk)}).status_code == 200


def test_a_strangers_campaign_cannot_be_used(
    scope: Workspace, other_workspace: Workspace, api: Api
) -> None:
    theirs = make_campaign(other_workspace)
    body = {"campaign": str(theirs.pk), "name": "N", "kind": "pixel", "day": "2026-05-02"}
    for address in (PLACEMENTS, LINES, SPEND):
        answer = api().post(address, {**body, "amount": "1", "budget": "1"})
        assert codes(answer) == {"/campaign": "does_not_exist"}, address


def test_a_cell_of_the_plan_is_one_line(scope: Workspace, api: Api) -> None:
    campaign, channel = make_campaign(scope), make_channel(scope)
    (phase,) = make_phases(scope, "Awareness")
    body = {"campaign": str(campaign.pk), "channel": str(channel.pk), "budget": "100.50"}
    assert api().post(LINES, body).status_code == 201
    again = api().post(LINES, body)
    assert again.status_code == 400
    assert codes(again) == {"": "cell_taken"}
    assert api().post(LINES, {**body, "phase": str(phase.pk)}).status_code == 201
    assert api().post(LINES, {**body, "audience": "Parents"}).status_code == 201
    assert codes(api().post(LINES, {**body, "budget": "-1", "audience": "x"})) == {
        "/budget": "min_value"
    }


def test_the_plan_is_told_as_a_table(scope: Workspace, api: Api) -> None:
    campaign, channel = make_campaign(scope), make_channel(scope)
    first, second = make_phases(scope, "Awareness", "Conversion")
    line = make_line(campaign, channel=channel, phase=second, reach_target=500)
    make_line(campaign, budget=Decimal("0.10"))
    make_spend(campaign, line=line, amount=40)
    make_spend(campaign, amount=5)
    plan = api().get(f"{CAMPAIGNS}{campaign.pk}/plan/").json()
    assert plan["phases"] == [str(first.pk), str(second.pk), None]
    assert plan["rows"][0]["channel"] == str(channel.pk)
    assert plan["rows"][0]["cells"][1] == {"planned": "100.00", "spent": "40.00"}
    assert plan["rows"][1]["total"] == {"planned": "0.10", "spent": "5.00"}
    assert plan["total"] == {"planned": "100.10", "spent": "45.00"}
    assert plan["reach_target"] == 500


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"amount": "-1"}, "/amount", "min_value"),
        ({"amount": "1.005"}, "/amount", "max_decimal_places"),
        ({"amount": "much"}, "/amount", "invalid"),
        ({"day": "soon"}, "/day", "invalid"),
        ({"reference": "R-1"}, "/reference", "reference_taken"),
    ],
)
def test_wrong_spend_is_refused(
    scope: Workspace, api: Api, fields: dict[str, str], pointer: str, code: str
) -> None:
    campaign = make_campaign(scope)
    make_spend(campaign, reference="R-1")
    body = {"campaign": str(campaign.pk), "day": "2026-05-02", "amount": "10"}
    answer = api().post(SPEND, {**body, **fields})
    assert answer.status_code == 400
    assert codes(answer) == {pointer: code}


def test_spend_of_tomorrow_and_of_other_placements_is_refused(scope: Workspace, api: Api) -> None:
    campaign, other = make_campaign(scope), make_campaign(scope)
    tomorrow = (now() + timedelta(days=2)).date().isoformat()
    answer = api().post(
        SPEND,
        {
            "campaign": str(campaign.pk),
            "day": tomorrow,
            "amount": "1",
            "placement": str(make_placement(other).pk),
            "line": str(make_line(other).pk),
        },
    )
    assert codes(answer) == {
        "/day": "future",
        "/placement": "other_campaign",
        "/line": "other_campaign",
    }


def test_only_what_nobody_met_can_be_deleted(scope: Workspace, api: Api) -> None:
    running = make_campaign(scope)
    paid = make_campaign(scope, status="planned")
    make_spend(paid)
    seen = make_campaign(scope, status="planned")
    placement = make_placement(seen, last_seen_at=now())
    for campaign in (running, paid, seen):
        answer = api().delete(f"{CAMPAIGNS}{campaign.pk}/")
        assert (answer.status_code, answer.json()["code"]) == (422, "campaign_in_use")
    answer = api().delete(f"{PLACEMENTS}{placement.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (422, "placement_in_use")
    fresh = make_campaign(scope, status="planned")
    unseen = make_placement(fresh)
    assert api().delete(f"{PLACEMENTS}{unseen.pk}/").status_code == 204
    assert api().delete(f"{CAMPAIGNS}{fresh.pk}/").status_code == 204


def test_a_copy_has_new_codes_and_no_spend(scope: Workspace, api: Api) -> None:
    campaign = make_campaign(scope, key="spring")
    placement = make_placement(campaign, last_seen_at=now(), source="newsletter")
    make_line(campaign)
    make_spend(campaign)
    body = {"name": "Autumn", "key": "autumn", "starts_on": "2026-09-01"}
    answer = api().post(f"{CAMPAIGNS}{campaign.pk}/copy/", body)
    assert answer.status_code == 201, answer.json()
    copy = Campaign.objects.get(pk=answer.json()["id"])
    assert (copy.status, copy.utm_campaign, copy.ends_on) == (
        "planned",
        "autumn",
        copy.starts_on + timedelta(days=30),
    )
    new = Placement.objects.get(campaign=copy)
    assert (new.name, new.source, new.last_seen_at) == (placement.name, "newsletter", None)
    assert new.code != placement.code
    assert PlanLine.objects.get(campaign=copy).budget == 100
    assert not Spend.objects.filter(campaign=copy).exists()


def test_a_copy_needs_no_words(scope: Workspace, api: Api) -> None:
    campaign = make_campaign(scope, key="spring", name="Spring")
    address = f"{CAMPAIGNS}{campaign.pk}/copy/"
    assert [api().post(address).json()["key"] for _ in range(2)] == ["spring-2", "spring-3"]
    refused = api().post(address, {"key": "spring"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_campaign")


def test_the_archive_frees_the_words(scope: Workspace, api: Api) -> None:
    old = make_campaign(scope, key="old", utm_campaign="sale")
    answer = api().post(f"{CAMPAIGNS}{old.pk}/archive/")
    assert answer.json()["status"] == "archived"
    new = {**SPRING, "utm_campaign": "Sale"}
    assert api().post(CAMPAIGNS, new).status_code == 201
    refused = api().post(f"{CAMPAIGNS}{old.pk}/restore/")
    assert (refused.status_code, refused.json()["code"]) == (422, "word_taken")
    assert Campaign.objects.get(pk=old.pk).is_archived
    Campaign.objects.filter(key="spring").update(utm_campaign="spring")
    assert api().post(f"{CAMPAIGNS}{old.pk}/restore/").json()["status"] == "ended"
    verbs = AuditEntry.objects.filter(object_id=str(old.pk)).values_list("action", flat=True)
    assert set(verbs) == {"archived", "restored"}


@pytest.mark.parametrize("address", [CAMPAIGNS, PLACEMENTS, LINES, SPEND])
def test_a_list_takes_the_same_queries_however_long(
    scope: Workspace, api: Api, address: str
) -> None:
    client = api()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    def fill() -> None:
        campaign = make_campaign(scope)
        make_spend(campaign, placement=make_placement(campaign), line=make_line(campaign))

    fill()
    queries()
    before = queries()
    for _ in range(3):
        fill()
    assert queries() == before <= 8
