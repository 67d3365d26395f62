"""Many rows of spend at once through the API: each counts once, a bad one stops no other."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from cxm.common.clock import day_of, now
from cxm.workspaces.models import AuditEntry, Workspace
from tests.touchpoints.campaigns.make import make_campaign, make_placement
from touchpoints.campaigns.csvfiles import UnreadableFileError
from touchpoints.campaigns.models import Spend
from touchpoints.campaigns.services import import_spend
from touchpoints.campaigns.spendfiles import RawSpend, read_spend

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
BULK = "/api/v1/spend/bulk/"


def sent(client: APIClient, *rows: Any, query: str = "") -> tuple[int, list[dict[str, Any]]]:
    """Send rows and return the status with the results."""
    answer = client.post(f"{BULK}{query}", {"rows": list(rows)})
    return answer.status_code, answer.json().get("results", [])


def row(campaign: str, **more: str) -> dict[str, str]:
    return {"campaign": campaign, "day": "2026-05-02", "amount": "10.00", **more}


def test_rows_are_added_once_and_corrected(scope: Workspace, api: Api) -> None:
    campaign = make_campaign(scope, key="spring")
    placement = make_placement(campaign, name="Search ads")
    client = api("campaigns:write")
    rows = [
        row("spring", reference="A", placement=placement.code),
        row("spring", reference="B", placement="search ads", amount="5"),
        row("spring"),
        row("spring"),
    ]
    status, results = sent(client, *rows)
    assert (status, [one["status"] for one in results]) == (200, ["added"] * 4)
    assert sum(Spend.objects.values_list("amount", flat=True)) == 35
    assert Spend.objects.filter(placement=placement).count() == 2
    assert [one["status"] for one in sent(client, *rows)[1]] == ["known"] * 4
    changed = sent(client, {**rows[0], "amount": "12"}, rows[1])[1]
    assert [one["status"] for one in changed] == ["changed", "known"]
    assert Spend.objects.get(reference="A").amount == 12
    entries = AuditEntry.objects.filter(action="spend imported").order_by("created_at")
    assert [entry.changes["added"][1] for entry in entries] == ["4", "0"]


def test_a_bad_row_stops_no_other(scope: Workspace, api: Api) -> None:
    make_campaign(scope, key="spring")
    status, results = sent(
        api(),
        row("spring"),
        row("nowhere"),
        {"campaign": "spring"},
        "not a row",
        row("spring", day="2026-13-01"),
        row("spring", amount="1,234"),
        row("spring", currency="USD"),
        row("spring", placement="none"),
        row("spring", day="2999-01-01"),
    )
    assert status == 207
    assert [one["status"] for one in results] == ["added"] + ["failed"] * 8
    codes = [[(error["pointer"], error["code"]) for error in one["errors"]] for one in results]
    assert codes == [
        [],
        [("/campaign", "unknown_campaign")],
        [("/day", "required"), ("/amount", "required")],
        [("", "invalid")],
        [("/day", "invalid_day")],
        [("/amount", "invalid_amount")],
        [("/currency", "other_currency")],
        [("/placement", "unknown_placement")],
        [("/day", "future")],
    ]
    assert Spend.objects.count() == 1


@pytest.mark.parametrize("bad", [{"campaign": "spring"}, row("nowhere")])
def test_all_or_none_when_asked(scope: Workspace, api: Api, bad: dict[str, str]) -> None:
    make_campaign(scope, key="spring")
    status, results = sent(api(), row("spring"), bad, query="?atomic=true")
    assert (status, [one["status"] for one in results]) == (207, ["failed", "failed"])
    assert results[0]["errors"][0]["code"] == "not_written"
    assert not Spend.objects.exists()


def test_too_many_rows_and_none_are_refused(scope: Workspace, api: Api) -> None:
    make_campaign(scope, key="spring")
    assert api().post(BULK, {"rows": []}).status_code == 400
    assert api().post(BULK, {"rows": [row("spring")] * 1001}).status_code == 400
    assert api().post(BULK, {}).status_code == 400
    assert api("campaigns:read").post(BULK, {"rows": [row("spring")]}).status_code == 403


def test_another_workspaces_campaign_is_unknown(
    scope: Workspace, other_workspace: Workspace, api: Api
) -> None:
    make_campaign(other_workspace, key="theirs")
    assert sent(api(), row("theirs"))[1][0]["errors"][0]["code"] == "unknown_campaign"


def test_many_rows_take_the_same_queries(scope: Workspace) -> None:
    campaigns = [make_campaign(scope) for _ in range(3)]

    def queries(number: int, mark: str) -> int:
        rows = [
            RawSpend(n, "2026-05-02", "1", campaigns[n % 3].key, reference=f"{mark}{n}")
            for n in range(number)
        ]
        with CaptureQueriesContext(connection) as captured:
            assert import_spend(workspace=scope, rows=rows).added == number
        return len(captured)

    assert queries(3, "a") == queries(300, "b") <= 12


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amounts=st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=30),
    again=st.integers(1, 3),
)
def test_what_is_stored_is_what_was_sent_however_often(
    scope: Workspace, amounts: list[Decimal], again: int
) -> None:
    campaign = make_campaign(scope)
    today = day_of(now(), scope.timezone).isoformat()
    rows = [RawSpend(n, today, str(amount), campaign.key) for n, amount in enumerate(amounts)]
    for _ in range(again):
        outcome = import_spend(workspace=scope, rows=rows)
        assert outcome.saved
        assert outcome.added + outcome.known == len(rows)
    stored = Spend.objects.filter(campaign=campaign).values_list("amount", flat=True)
    assert sorted(stored) == sorted(amounts)


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reading(content: bytes) -> None:
    try:
        rows = read_spend(content)
    except UnreadableFileError:
        return
    assert rows
