"""What a file says of pain points and opportunities; what is there already stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cxm.workspaces.models import User, Workspace
from journeys.exports.incoming import Draft, Known, read, resolve
from journeys.exports.reports import load_sheet
from journeys.exports.services import import_map, preview_map
from journeys.exports.tables import csv_file
from journeys.maps.models import Opportunity, PainPoint
from journeys.maps.plans import CardPlan, FindingPlan, MapPlan, StagePlan, StepPlan
from tests.journeys.make import draft_of, make_map
from tests.make import make_member

IMPORT = "/api/v1/journey-maps/import/"
HEAD = "step,lane,text,impact,effort,owner,description"
DORA = UUID(int=1)
KNOWN = Known(members={"dora@example.com": DORA, "dora": DORA, "kim": None})


def resolved(*rows: str, known: Known = KNOWN) -> Draft:
    table = "\n".join([HEAD, *(f"Hears,{row}" for row in rows)])
    return resolve(read(table.encode(), "a.csv"), known)


def finding_of(draft: Draft) -> FindingPlan:
    """Return what the only card says of its finding."""
    [card] = [
        card
        for stage in draft.plan.stages
        for step in stage.steps
        for cards in step.cards.values()
        for card in cards
    ]
    return card.finding


def test_a_list_says_what_opportunities_are_worth() -> None:
    draft = resolved("Opportunities,Call back,4,2,Dora@Example.com,In an hour")
    assert finding_of(draft) == FindingPlan("In an hour", 4, 2, DORA)
    assert draft.problems == ()


@pytest.mark.parametrize(
    ("row", "code", "kept"),
    [
        ("Opportunities,x,6,,,", "no_size", FindingPlan()),
        ("Opportunities,x,1.5,2,,", "no_size", FindingPlan(effort=2)),
        ("Opportunities,x,,much,,", "no_size", FindingPlan()),
        ("Opportunities,x,,,Nobody,", "unknown_owner", FindingPlan()),
        ("Opportunities,x,,,Kim,", "owner_twice", FindingPlan()),
        ("Pain points,x,3,,,Why", "no_such_field", FindingPlan("Why")),
        ("Actions,x,,,,Why", "no_such_field", FindingPlan()),
        ("Pain points,x,,,," + "y" * 6_000, "too_long", FindingPlan("y" * 5_000)),
    ],
)
def test_what_does_not_fit_is_left_out_and_said(row: str, code: str, kept: FindingPlan) -> None:
    draft = resolved(row)
    assert [problem.code for problem in draft.problems] == [code]
    assert finding_of(draft) == kept
    assert not draft.blocked


def test_a_description_alone_is_the_text_of_cards() -> None:
    draft = resolve(read(b"step,lane,description\nHears,Pain points,Slow\n", "a.csv"), KNOWN)
    assert finding_of(draft) == FindingPlan()
    assert draft.cards == 1


@pytest.mark.django_db
def test_rows_that_are_there_stay_as_they_are(scope: Workspace) -> None:
    there = Opportunity.objects.create(title="Call back", impact=1, description="Mine")
    raw = read(f"{HEAD}\nHears,Opportunities,Call back,5,2,,Theirs\n".encode(), "a.csv")
    [problem] = preview_map(workspace=scope, raw=raw).problems
    assert (problem.code, problem.blocks) == ("finding_there", False)
    assert "“Call back” is in this workspace already. It stays as it is" in problem.text
    import_map(workspace=scope, raw=raw, name="New")
    there.refresh_from_db()
    assert (there.impact, there.description) == (1, "Mine")
    made = Opportunity.objects.exclude(pk=there.pk).get()
    assert (made.impact, made.effort, made.description) == (5, 2, "Theirs")


def test_many_titles_that_are_taken_are_one_remark() -> None:
    titles = [f"Idea {n}" for n in range(7)]
    known = Known(findings=frozenset(("opportunity", title) for title in titles))
    draft = resolved(*(f"Opportunities,{title},,,," for title in titles), known=known)
    [problem] = draft.problems
    assert problem.text.startswith("7 pain points and opportunities")
    assert "“Idea 4”, …)" in problem.text
    assert "Idea 5" not in problem.text


@pytest.mark.django_db
def test_cards_of_one_title_share_what_one_of_them_says(scope: Workspace) -> None:
    rows = ["Pain points,Slow,,,,", "Pain points,Slow,,,,Since May", "Friction,Slow,,,,In June"]
    table = "\n".join([HEAD, *(f"Hears,{row}" for row in rows)]).encode()
    import_map(workspace=scope, raw=read(table, "a.csv"), name="New")
    found = PainPoint.objects.order_by("description")
    assert [(row.description, row.cards.count()) for row in found] == [
        ("In June", 1),
        ("Since May", 2),
    ]


@pytest.mark.django_db
def test_owners_leave_by_name_and_come_back(scope: Workspace, alice: User) -> None:
    member = make_member(scope, email="dora@example.com", name="=Dora").memberships.get()
    ideas = [CardPlan("Faster", finding=FindingPlan("How", 4, 3, member.pk))]
    plan = MapPlan([StagePlan("A", [StepPlan("B", {"opportunities": ideas})])])
    journey = make_map(scope, plan=plan)
    version = draft_of(journey)
    written = csv_file(load_sheet(version, workspace=scope, figures=False))
    assert b"example.com" not in written
    import_map(workspace=scope, raw=read(written, "a.csv"), name="Again")
    found = Opportunity.objects.values_list("owner", "impact", "effort", "description")
    assert list(found) == [(member.pk, 4, 3, "How")] * 2


@pytest.mark.django_db
def test_members_of_other_workspaces_own_nothing_here(
    api: Callable[..., APIClient], scope: Workspace, other_workspace: Workspace
) -> None:
    make_member(other_workspace, email="kim@example.com", name="Kim")
    table = f"{HEAD}\nHears,Opportunities,Call back,,,kim@example.com,\n".encode()
    sent = {"file": SimpleUploadedFile("a.csv", table), "name": "New"}
    made = api("journeys:write").post(IMPORT, sent, format="multipart")
    assert [problem["code"] for problem in made.json()["problems"]] == ["unknown_owner"]
    assert Opportunity.objects.get().owner is None
