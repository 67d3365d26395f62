"""What was spent on a campaign: entered by hand, taken in from a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.touchpoints.campaigns.make import (
    make_campaign,
    make_line,
    make_placement,
    make_spend,
    said,
    spend_address,
)
from touchpoints.campaigns.models import Campaign, Spend

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def test_spend_is_entered_by_hand(client_for: Browser, alice: User, scope: Workspace) -> None:
    campaign = make_campaign(scope)
    placement, line = make_placement(campaign), make_line(campaign)
    fields = {"day": "2026-05-02", "amount": "12,50", "placement": placement.pk, "line": line.pk}
    answer = client_for(alice).post(spend_address(campaign), fields)
    assert answer.status_code == 302
    spend = Spend.objects.get()
    assert (spend.amount, spend.placement_id, spend.line_id) == (
        Decimal("12.50"),
        placement.pk,
        line.pk,
    )
    assert AuditEntry.objects.filter(action="added", object_kind="campaigns.spend").exists()
    assert "12.50" in client_for(alice).get(spend_address(campaign)).content.decode()


def test_wrong_spend_is_refused(client_for: Browser, alice: User, scope: Workspace) -> None:
    campaign, other = make_campaign(scope), make_campaign(scope)
    make_spend(campaign, reference="R-1")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"amount": "x"}, "is no amount"),
        ({"amount": ""}, "Write an amount"),
        ({"day": ""}, "This field is required"),
        ({"day": (date.today() + timedelta(days=3)).isoformat()}, "has not come yet"),  # noqa: DTZ011
        ({"placement": make_placement(other).pk}, "Select a valid choice"),
        ({"line": make_line(other).pk}, "Select a valid choice"),
        ({"reference": "R-1"}, "was entered already"),
    ]
    for fields, words in wrong:
        data = {"day": "2026-05-02", "amount": "1", **fields}
        answer = client_for(alice).post(spend_address(campaign), data)
        assert answer.status_code == 422, fields
        assert words in answer.content.decode(), fields
    assert Spend.objects.count() == 1


def upload(client: Client, campaign: Campaign, text: str | bytes, **more: str) -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("spend.csv", content, content_type="text/csv")
    return client.post(spend_address(campaign), {"upload": "1", "file": file, **more})


def test_a_file_of_spend_is_taken_in_once(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign = make_campaign(scope)
    placement = make_placement(campaign, name="Search ads")
    text = (
        "Datum;Kosten;Platzierung;ID\r\n"
        "02.05.2026;1.250,50;search  ADS;A-1\r\n"
        "2026-05-03;10;;\r\n\r\n"
        "2026-05-03;10;;\r\n"
    )
    browser = client_for(alice)
    answer = upload(browser, campaign, b"\xef\xbb\xbf" + text.encode())
    assert answer.status_code == 302
    assert "3 rows added" in said(answer)
    assert set(Spend.objects.values_list("day", "amount", "placement")) == {
        (date(2026, 5, 2), Decimal("1250.50"), placement.pk),
        (date(2026, 5, 3), Decimal("10.00"), None),
    }
    assert Spend.objects.count() == 3
    upload(browser, campaign, text)
    assert Spend.objects.count() == 3
    upload(browser, campaign, text.replace("1.250,50", "1.300,00"))
    assert Spend.objects.get(reference="A-1").amount == 1300
    assert Spend.objects.count() == 3


def test_one_bad_row_keeps_the_file_out_unless_told(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign = make_campaign(scope)
    text = "day,amount\n2026-05-02,10\nsoon,10\n2026-05-02,1e9\n2026-05-04\n"
    answer = upload(client_for(alice), campaign, text)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was added: 3 rows cannot be read" in page
    assert "“soon” is no day" in page
    assert not Spend.objects.exists()
    answer = upload(client_for(alice), campaign, text, partial="on")
    assert "3 rows were left out" in answer.content.decode()
    assert Spend.objects.get().amount == 10


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"day;amount\n", "a heading and no rows"),
        (b"when;how much\n1;2\n", "has no column day, amount. It has: when, how much"),
        (b"\xff\xfe\x00\xd8", "not UTF-8"),
        (b"day;amount\n2026-05-02;\xe4\n", "not UTF-8"),
        (b"PK\x03\x04\x00\x00", "no CSV file"),
        (b'day;amount\n"2026-05-02;1\n', "Nothing was added"),
        (b"day;amount\n" + b"2026-05-02;1\n" * 10_001, "more than 10,000 rows"),
        (b"day;amount\n2026-05-02;1;surplus\n", "has 3 fields, the heading 2"),
        (b"day;amount;currency\n2026-05-02;1;USD\n", "kept in EUR"),
        (b"day;amount;placement\n2026-05-02;1;Nowhere\n", "no placement “Nowhere”"),
        (b"day;amount;campaign\n2026-05-02;1;nothing\n", "no campaign “nothing”"),
        (b"day;amount;reference\n2026-05-02;1;a\n2026-05-03;2;a\n", "Row 2 has this reference too"),
        (b"day;amount;reference\n2026-05-02;1;" + b"a" * 121 + b"\n", "At most 120 characters"),
        (b"day;amount\n2999-01-01;1\n", "has not come yet"),
    ],
)
def test_an_unusable_file_is_refused_in_words(
    client_for: Browser, alice: User, scope: Workspace, content: bytes, words: str
) -> None:
    answer = upload(client_for(alice), make_campaign(scope), content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Spend.objects.exists()


def test_a_file_on_a_campaigns_page_is_of_that_campaign(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    campaign, other = make_campaign(scope), make_campaign(scope)
    text = f"day;amount;campaign\n2026-05-02;1;{other.key}\n"
    assert "another campaign" in upload(client_for(alice), campaign, text).content.decode()
    own = f"day;amount;campaign\n2026-05-02;1;{campaign.key}\n"
    assert upload(client_for(alice), campaign, own).status_code == 302
