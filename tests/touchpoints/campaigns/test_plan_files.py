"""A media plan as a file: out, changed in a spreadsheet, and in again."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cxm.workspaces.models import User, Workspace
from tests.touchpoints.campaigns.make import make_campaign, make_line, make_phases, make_spend
from tests.touchpoints.make import make_channel
from touchpoints.campaigns.models import Campaign, PlanLine

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def upload(client: Client, campaign: Campaign, text: str | bytes, **more: str) -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("plan.csv", content, content_type="text/csv")
    address = reverse("marketing-plan", args=[campaign.pk])
    return client.post(address, {"upload": "1", "file": file, **more})


def told(campaign: Campaign) -> set[tuple[str, str, str, Decimal, int | None]]:
    return {
        (
            line.channel.name if line.channel else "",
            line.phase.name if line.phase else "",
            line.audience,
            line.budget,
            line.reach_target,
        )
        for line in campaign.plan.select_related("channel", "phase")
    }


def test_a_plan_leaves_and_comes_back_the_same(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    first, second = make_phases(scope, "Awareness", "Conversion")
    channel = make_channel(scope, name="=Paid Social")
    campaign, copy = make_campaign(scope), make_campaign(scope)
    make_line(campaign, channel=channel, phase=first, budget=Decimal("1250.50"), reach_target=900)
    make_line(campaign, channel=channel, phase=second, audience="Parents; cities")
    make_line(campaign, audience="@everyone")
    browser = client_for(alice)
    file = browser.get(reverse("marketing-plan-file", args=[campaign.pk, "csv"]))
    assert f"{campaign.key}-plan.csv" in file.headers["Content-Disposition"]
    assert upload(browser, copy, file.content).status_code == 302
    assert told(copy) == told(campaign)
    assert len(told(copy)) == 3
    book = browser.get(reverse("marketing-plan-file", args=[campaign.pk, "xlsx"]))
    assert book.content.startswith(b"PK")
    assert browser.get(reverse("marketing-plan-file", args=[campaign.pk, "pdf"])).status_code == 404


def test_a_file_adds_and_changes_and_leaves_the_rest(
    client_for: Browser, alice: User, scope: Workspace
) -> None:
    channel = make_channel(scope, key="email", name="E-mail")
    campaign = make_campaign(scope)
    make_line(campaign, channel=channel)
    make_line(campaign, audience="Stays")
    text = "Kanal;Budget;Reichweite\nEMAIL;1.200,00;2 500\n;5;\n"
    upload(client_for(alice), campaign, text)
    assert told(campaign) == {
        ("E-mail", "", "", Decimal("1200.00"), 2500),
        ("", "", "Stays", Decimal(100), None),
        ("", "", "", Decimal(5), None),
    }
    paid = PlanLine.objects.get(audience="Stays")
    make_spend(campaign, line=paid)
    upload(client_for(alice), campaign, "budget\n7\n", replace="on")
    assert told(campaign) == {
        ("", "", "Stays", Decimal(0), None),
        ("", "", "", Decimal(7), None),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("channel;phase\nEmail;x\n", "no column budget"),
        ("channel;budget\nNowhere;1\n", "There is no channel “Nowhere”"),
        ("phase;budget\nNever;1\n", "There is no phase “Never”"),
        ("budget\nmuch\n", "is no amount"),
        ("budget;reach\n1;some\n", "Write a whole number"),
        ("budget;reach\n1;99999999999\n", "Write a whole number"),
        ("budget;audience\n1;" + "x" * 201 + "\n", "At most 200 characters"),
        ("budget\n1\n2\n", "Row 2 is for the same channel"),
        ("budget\n1;2\n", "has 2 fields, the heading 1"),
        ("", "is empty"),
    ],
)
def test_one_wrong_row_keeps_the_plan_as_it_was(
    client_for: Browser, alice: User, scope: Workspace, text: str, words: str
) -> None:
    campaign = make_campaign(scope)
    make_line(campaign, audience="Stays")
    answer = upload(client_for(alice), campaign, text)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert told(campaign) == {("", "", "Stays", Decimal(100), None)}


def test_who_only_looks_uploads_no_plan(client_for: Browser, bob: User, scope: Workspace) -> None:
    campaign = make_campaign(scope)
    assert upload(client_for(bob), campaign, "budget\n1\n").status_code == 403
    file = reverse("marketing-plan-file", args=[campaign.pk, "csv"])
    assert client_for(bob).get(file).status_code == 200
