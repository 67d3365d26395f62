"""Pain points and opportunities as rows of their own: changed, merged, put on maps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import AuditEntry, Membership, User, Workspace
from journeys.maps.models import Card, JourneyMap, Operation, Opportunity, PainPoint
from journeys.maps.plans import MapPlan, StagePlan, StepPlan
from journeys.maps.services import publish_version, start_draft
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint, steps_of, texts_of
from tests.journeys.maps import ops

pytestmark = pytest.mark.django_db

ClientFor = Callable[[User], Client]
PAINS, IDEAS = "/app/journeys/pain-points/", "/app/journeys/opportunities/"


def pain_texts(journey: JourneyMap) -> list[str]:
    return [text for _s, _p, text in texts_of(lane_of(draft_of(journey), "pain_points"))]


# --- one of them -------------------------------------------------------------------------


def test_a_change_reaches_every_draft_and_no_published_version(
    editor: Client, journey: JourneyMap, pain: PainPoint
) -> None:
    published = publish_version(version=draft_of(journey), by=None)
    draft = start_draft(journey=journey)
    editor.post(f"{PAINS}{pain.pk}/", {"title": "Nobody  knows\nthe day", "severity": "3"})
    pain.refresh_from_db()
    assert (pain.title, pain.severity) == ("Nobody knows the day", 3)
    assert set(pain_texts(journey)) == {"Nobody knows the day"}
    cards = Card.objects.filter(lane__version=draft, pain_point=pain)
    assert {card.severity for card in cards} == {3}
    assert {c.text for c in Card.objects.filter(lane__version=published, pain_point=pain)} == {
        "Nobody knows"
    }
    assert AuditEntry.objects.filter(action="changed", object_id=str(pain.pk)).exists()


def test_whoever_has_the_draft_open_learns_of_it(
    editor: Client, journey: JourneyMap, pain: PainPoint
) -> None:
    draft = draft_of(journey)
    editor.post(f"{PAINS}{pain.pk}/", {"title": "Nobody says", "severity": "2"})
    operations = Operation.objects.filter(version=draft)
    assert {op.content["fields"]["text"] for op in operations} == {"Nobody says"}
    assert len({op.content["id"] for op in operations}) == 2
    draft.refresh_from_db()
    assert draft.revision == operations.count()


def test_whoever_has_the_draft_open_learns_how_an_opportunity_is_weighed(
    editor: Client, journey: JourneyMap, idea: Opportunity, alice: User
) -> None:
    draft = draft_of(journey)
    owner = Membership.objects.get(user=alice)
    sent = {"title": idea.title, "status": idea.status, "impact": "4", "effort": "2"}
    editor.post(f"{IDEAS}{idea.pk}/", {**sent, "owner": str(owner.pk)})

    news = ops.sync(editor, draft, since=0)
    assert news["opportunities"][str(idea.pk)] == {
        "impact": 4, "effort": 2, "owner": str(owner.pk),
    }  # fmt: skip
    assert len(news["ops"]) == 1
    # What changes nothing tells nobody.
    editor.post(f"{IDEAS}{idea.pk}/", {**sent, "owner": str(owner.pk)})
    assert ops.sync(editor, draft, since=1)["ops"] == []


def test_an_opportunity_is_weighed_and_given_to_somebody(
    editor: Client, idea: Opportunity, alice: User
) -> None:
    owner = Membership.objects.get(user=alice)
    editor.post(
        f"{IDEAS}{idea.pk}/",
        {"title": idea.title, "status": "done", "impact": "4", "effort": "2", "owner": owner.pk},
    )
    idea.refresh_from_db()
    assert (idea.impact, idea.effort, idea.owner, idea.status) == (4, 2, owner, "done")
    assert {card.status for card in Card.objects.filter(opportunity=idea)} == {"done"}


def test_a_finding_on_no_draft_is_changed_alone(
    editor: Client, journey: JourneyMap, pain: PainPoint
) -> None:
    publish_version(version=draft_of(journey), by=None)
    editor.post(f"{PAINS}{pain.pk}/", {"title": "Other words", "severity": ""})
    pain.refresh_from_db()
    assert (pain.title, pain.severity) == ("Other words", None)
    published = Card.objects.filter(pain_point=pain)
    assert {card.text for card in published} == {"Nobody knows"}
    # The next draft says what it says today.
    start_draft(journey=journey)
    assert set(pain_texts(journey)) == {"Other words"}
    assert {card.severity for card in published.filter(text="Other words")} == {None}


def test_a_new_one_is_put_on_a_map(editor: Client, journey: JourneyMap) -> None:
    answer = editor.post(f"{PAINS}new/", {"title": "No one answers", "severity": "3"})
    row = PainPoint.objects.get(title="No one answers")
    assert answer.headers["Location"] == f"{PAINS}{row.pk}/"
    step = steps_of(draft_of(journey))[1]
    editor.post(f"{PAINS}{row.pk}/add/", {"step": step.pk})
    card = Card.objects.get(pain_point=row)
    assert (card.step, card.text, card.severity, card.lane.kind) == (
        step, "No one answers", 3, "pain_points",
    )  # fmt: skip
    shown = editor.post(f"{PAINS}{row.pk}/add/", {"step": step.pk}, follow=True).content.decode()
    assert "It stands on that step already." in shown


def test_a_map_without_the_lane_gets_it_and_one_without_a_draft_too(
    editor: Client, journey: JourneyMap, idea: Opportunity
) -> None:
    plan = MapPlan(stages=[StagePlan("Only", steps=[StepPlan("Looks")])], lanes=["actions"])
    other = make_map(journey.workspace, plan=plan)
    draft = draft_of(other)
    step = steps_of(draft)[0]
    publish_version(version=draft, by=None)
    editor.post(f"{IDEAS}{idea.pk}/add/", {"step": step.pk})
    added = Card.objects.get(opportunity=idea, lane__version=draft_of(other))
    assert added.step.name == step.name
    assert added.lane.kind == "opportunities"


# --- merged and deleted ------------------------------------------------------------------


@pytest.fixture
def twin(journey: JourneyMap) -> PainPoint:
    """The same said in other words, on another map."""
    other = make_map(journey.workspace, make_touchpoint(journey.workspace), name="Moving")
    pain = PainPoint.objects.create(
        workspace=journey.workspace, title="No idea when", description="Heard in ten calls"
    )
    Card.objects.filter(lane__version__map=other, lane__kind="pain_points").update(
        pain_point=pain, text=pain.title, severity=None
    )
    return pain


def test_merging_leaves_one(editor: Client, pain: PainPoint, twin: PainPoint) -> None:
    answer = editor.post(f"{PAINS}{twin.pk}/merge/", {"into": pain.pk}, follow=True)
    assert "Merged." in answer.content.decode()
    assert not PainPoint.objects.filter(pk=twin.pk).exists()
    cards = Card.objects.filter(pain_point=pain)
    assert cards.count() == 3
    assert {(card.text, card.severity) for card in cards} == {("Nobody knows", 2)}
    pain.refresh_from_db()
    assert pain.description == "Heard in ten calls"


def test_what_was_published_keeps_its_words_when_merged(
    editor: Client, pain: PainPoint, twin: PainPoint
) -> None:
    moving = JourneyMap.objects.get(name="Moving")
    published = publish_version(version=draft_of(moving), by=None)
    answer = editor.post(f"{PAINS}{twin.pk}/merge/", {"into": pain.pk}, follow=True)
    shown = answer.content.decode()
    assert "Published and older versions keep what they said." in shown
    assert "A draft was begun for Moving" in shown
    assert pain_texts(moving) == ["Nobody knows"]
    assert Card.objects.get(lane__version=published, pain_point=twin).text == "No idea when"
    assert "<b>No idea when</b>" not in editor.get(PAINS).content.decode()
    assert "<b>No idea when</b>" in editor.get(f"{PAINS}?use=older").content.decode()


def test_two_in_one_cell_become_one_card(
    editor: Client, journey: JourneyMap, pain: PainPoint
) -> None:
    draft = draft_of(journey)
    lane, step = lane_of(draft, "pain_points"), steps_of(draft)[0]
    other = PainPoint.objects.create(workspace=journey.workspace, title="Unclear")
    Card.objects.create(
        workspace=journey.workspace,
        lane=lane, step=step, position=1, text="Unclear", pain_point=other,
    )  # fmt: skip
    editor.post(f"{PAINS}{other.pk}/merge/", {"into": pain.pk})
    assert texts_of(lane) == [("Step 1", 0, "Nobody knows"), ("Step 2", 0, "Nobody knows")]


def test_merging_needs_another_one_of_this_workspace(
    editor: Client, pain: PainPoint, other_workspace: Workspace
) -> None:
    with workspace_scope(other_workspace.pk):
        foreign = PainPoint.objects.create(workspace=other_workspace, title="Theirs")
    for into in (pain.pk, foreign.pk, "x", ""):
        answer = editor.post(f"{PAINS}{pain.pk}/merge/", {"into": into}, follow=True)
        assert "Choose the one that stays." in answer.content.decode()
    assert Card.objects.filter(pain_point=pain).count() == 2


def test_only_what_no_card_names_is_deleted(
    editor: Client, journey: JourneyMap, pain: PainPoint
) -> None:
    answer = editor.post(f"{PAINS}{pain.pk}/delete/", follow=True)
    assert "It stands on Buying" in answer.content.decode()
    unused = PainPoint.objects.create(workspace=journey.workspace, title="Old")
    assert "Delete for good" in editor.get(f"{PAINS}{unused.pk}/").content.decode()
    editor.post(f"{PAINS}{unused.pk}/delete/")
    assert list(PainPoint.objects.all()) == [pain]


# --- who may -----------------------------------------------------------------------------


def test_a_viewer_may_look_and_not_touch(client_for: ClientFor, bob: User, pain: PainPoint) -> None:
    viewer = client_for(bob)
    shown = viewer.get(f"{PAINS}{pain.pk}/").content.decode()
    assert "Nobody knows" in shown
    assert "<textarea" not in shown
    for path in (f"{pain.pk}/", f"{pain.pk}/merge/", f"{pain.pk}/add/", f"{pain.pk}/delete/"):
        assert viewer.post(PAINS + path, {"title": "x"}).status_code == 403
    assert viewer.get(f"{PAINS}new/").status_code == 403


def test_a_stranger_finds_nothing(
    client_for: ClientFor, mallory: User, pain: PainPoint, idea: Opportunity
) -> None:
    stranger = client_for(mallory)
    for base, row in ((PAINS, pain), (IDEAS, idea)):
        assert "Buying" not in stranger.get(base).content.decode()
        assert stranger.get(f"{base}{row.pk}/").status_code == 404
        for path in ("", "merge/", "add/", "delete/"):
            assert stranger.post(f"{base}{row.pk}/{path}").status_code == 404


def test_what_people_write_is_never_markup(editor: Client, scope: Workspace) -> None:
    wicked = "<script>alert(1)</script>"
    row = PainPoint.objects.create(workspace=scope, title=wicked, description=wicked)
    for path in (PAINS, f"{PAINS}{row.pk}/"):
        assert "<script>alert" not in editor.get(path).content.decode()


# --- the API -----------------------------------------------------------------------------


def test_the_api_counts_filters_and_changes(
    api: Callable[..., APIClient], journey: JourneyMap, pain: PainPoint
) -> None:
    client = api("journeys:read", "journeys:write")
    PainPoint.objects.create(workspace=journey.workspace, title="Unused", severity=3)
    address = "/api/v1/pain-points/"
    found = client.get(f"{address}?severity=2").json()["results"]
    assert [(row["title"], row["maps"], row["steps"]) for row in found] == [("Nobody knows", 1, 2)]
    for query, titles in (
        ("unused=true", ["Unused"]),
        ("unused=false", ["Nobody knows"]),
        (f"map={journey.pk}", ["Nobody knows"]),
        ("q=no+knows", ["Nobody knows"]),
        ("severity__gte=3", ["Unused"]),
    ):
        rows = client.get(f"{address}?{query}").json()["results"]
        assert [row["title"] for row in rows] == titles, query
    places = client.get(f"{address}{pain.pk}/places/").json()
    assert [place["step_name"] for place in places] == ["Step 1", "Step 2"]
    answer = client.patch(f"{address}{pain.pk}/", {"title": "Nobody says"}, format="json")
    assert answer.json()["title"] == "Nobody says"
    assert set(pain_texts(journey)) == {"Nobody says"}
    assert client.delete(f"{address}{pain.pk}/").json()["code"] == "finding_in_use"


def test_the_api_merges(api: Callable[..., APIClient], pain: PainPoint, twin: PainPoint) -> None:
    answer = api().post(
        f"/api/v1/pain-points/{twin.pk}/merge/", {"into": str(pain.pk)}, format="json"
    )
    assert answer.json()["steps"] == 3
    assert not PainPoint.objects.filter(pk=twin.pk).exists()


def test_an_owner_of_another_workspace_is_refused(
    api: Callable[..., APIClient], idea: Opportunity, mallory: User, other_workspace: Workspace
) -> None:
    with workspace_scope(other_workspace.pk):
        foreign = Membership.objects.get(user=mallory).pk
    client = api()
    address = f"/api/v1/opportunities/{idea.pk}/"
    assert client.patch(address, {"owner": str(foreign)}, format="json").status_code == 400
    assert client.patch(address, {"impact": 6}, format="json").status_code == 400
    assert client.patch(address, {"impact": 5, "effort": 1}, format="json").json()["impact"] == 5
