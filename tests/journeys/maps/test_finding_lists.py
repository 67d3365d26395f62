"""The lists of pain points and opportunities: found, filtered, sorted, taken along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook

from cxm.workspaces.models import Membership, User
from journeys.maps.finding_square import place
from journeys.maps.models import Card, JourneyMap, Opportunity, PainPoint
from journeys.maps.services import publish_version, start_draft
from tests.journeys.counting import queries_of
from tests.journeys.make import draft_of, make_map, make_touchpoint

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
PAINS, IDEAS = "/app/journeys/pain-points/", "/app/journeys/opportunities/"


def test_a_finding_is_listed_once_with_all_its_places(editor: Client, pain: PainPoint) -> None:
    shown = editor.get(PAINS).content.decode()
    assert shown.count("<b>Nobody knows</b>") == 1
    assert "Where it stands: 2 places" in shown
    card = Card.objects.filter(pain_point=pain).order_by("step__stage__position")[0]
    assert f"?card={card.pk}" in shown
    assert "Buying · Step 1" in shown
    assert "Major" in shown


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("q=nobody", True),
        ("q=somebody", False),
        ("severity=2", True),
        ("severity=3", False),
        ("severity=x", True),
        ("use=unused", False),
        ("use=older", False),
    ],
)
def test_pain_points_are_kept_to_what_is_asked(
    editor: Client, pain: PainPoint, query: str, there: bool
) -> None:
    shown = editor.get(f"{PAINS}?{query}").content.decode()
    assert ("<b>Nobody knows</b>" in shown) is there
    assert ("Nothing fits." in shown) is not there


def test_findings_are_kept_to_a_map(editor: Client, pain: PainPoint, journey: JourneyMap) -> None:
    other = make_map(journey.workspace)
    assert "Nobody knows" in editor.get(f"{PAINS}?map={journey.pk}").content.decode()
    assert "Nothing fits." in editor.get(f"{PAINS}?map={other.pk}").content.decode()
    assert "Nothing fits." in editor.get(f"{PAINS}?map={uuid4()}").content.decode()


def test_opportunities_are_kept_to_status_and_owner(
    editor: Client, idea: Opportunity, alice: User, bob: User
) -> None:
    owner, other = (Membership.objects.get(user=user) for user in (alice, bob))
    Opportunity.objects.filter(pk=idea.pk).update(owner=owner)
    for query, there in (
        ("status=planned", True),
        ("status=done", False),
        (f"owner={owner.pk}", True),
        (f"owner={other.pk}", False),
    ):
        shown = editor.get(f"{IDEAS}?{query}").content.decode()
        assert ("<b>Show it</b>" in shown) is there, query


@pytest.mark.parametrize("order", ["impact", "effort", "status", "owner", "title", "maps", "x"])
def test_opportunities_are_sorted(editor: Client, idea: Opportunity, order: str) -> None:
    Opportunity.objects.create(
        workspace=idea.workspace, title="Ask first", impact=5, effort=1, status="done"
    )
    shown = editor.get(f"{IDEAS}?order={order}").content.decode()
    first = shown.index("<b>Ask first</b>") < shown.index("<b>Show it</b>")
    assert first is (order not in ("status", "maps", "owner") or order == "owner")


def test_the_square_shows_what_has_impact_and_effort(editor: Client, idea: Opportunity) -> None:
    assert "mf-square" not in editor.get(IDEAS).content.decode()
    Opportunity.objects.filter(pk=idea.pk).update(impact=5, effort=1)
    shown = editor.get(IDEAS).content.decode()
    for words in ("mf-square", "Quick wins", "Big bets", "Fill-ins", "Not now"):
        assert words in shown
    (mark,) = place([Opportunity.objects.get()])
    assert mark.at is not None
    assert (mark.number, mark.at.x, mark.at.y) == (1, 120.0, 54.0)


def test_lists_cost_the_same_with_more_findings(editor: Client, journey: JourneyMap) -> None:
    for address in (PAINS, IDEAS):
        editor.get(address)
    before = [queries_of(editor, address) for address in (PAINS, IDEAS)]
    for _round in range(4):
        make_map(journey.workspace, make_touchpoint(journey.workspace))
    assert [queries_of(editor, address) for address in (PAINS, IDEAS)] == before


def test_a_reader_sees_what_is_published(
    editor: Client, client_for: ClientFor, bob: User, journey: JourneyMap, pain: PainPoint
) -> None:
    publish_version(version=draft_of(journey), by=None)
    draft = start_draft(journey=journey)
    Card.objects.filter(lane__version=draft, pain_point=pain).delete()
    assert "Where it stands: 2 places" in client_for(bob).get(PAINS).content.decode()
    assert "<b>Nobody knows</b>" not in editor.get(PAINS).content.decode()
    assert "<b>Nobody knows</b>" in editor.get(f"{PAINS}?use=older").content.decode()


def test_lists_go_out_as_csv_and_workbook(editor: Client, pain: PainPoint) -> None:
    PainPoint.objects.filter(pk=pain.pk).update(title="=1+1")
    text = editor.get(f"{PAINS}?format=csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["title"], row["severity"], row["maps"], row["steps"]) == (
        "'=1+1",
        "Major",
        "1",
        "2",
    )
    assert row["where"] == "Buying · Step 1; Buying · Step 2"
    answer = editor.get(f"{IDEAS}?format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[2]][1:3] == ["Show it", "Planned"]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="opportunities-')
