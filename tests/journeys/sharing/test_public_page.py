"""What the holder of a link sees, and what nobody sees."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxm.common.clock import now
from cxm.common.scope import token_scope, workspace_scope
from cxm.common.tokens import make_token
from cxm.workspaces.models import Membership, User, Workspace
from journeys.maps.models import (
    Card,
    Comment,
    JourneyMap,
    Lane,
    MapView,
    Opportunity,
    ShareLink,
    Version,
)
from journeys.maps.services import publish_version, start_draft
from journeys.sharing.services import revoke_link
from surveys.responses.services import submit_response
from tests.journeys.make import draft_of, lane_of, make_map, make_touchpoint, steps_of
from tests.journeys.measures import measure_nps
from tests.journeys.sharing.make import link_to, make_link, page, split
from tests.journeys.story import make_story
from tests.surveys.make import make_survey

pytestmark = pytest.mark.django_db

NOTHING = "Nothing is here"


@pytest.fixture
def journey(workspace: Workspace) -> JourneyMap:
    with workspace_scope(workspace.pk):
        return make_story(workspace)


def told(shown: str) -> str:
    """Return all that a page tells about its map, by markup or to scripts."""
    markup, document = split(shown)
    text = markup.split("<main", 1)[1] + json.dumps(document, ensure_ascii=False)
    # Ids hold any digits.
    return re.sub(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", "id", text)


def test_whoever_has_the_link_reads_the_map_without_session_or_cookie(journey: JourneyMap) -> None:
    answer = Client().get(f"/j/{link_to(journey).token}/")
    assert answer.status_code == 200
    assert "Buying a lamp" in answer.content.decode()
    assert not answer.cookies
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_the_page_needs_no_style_attribute_and_no_inline_script(journey: JourneyMap) -> None:
    shown = page(link_to(journey, with_figures=True))
    assert " style=" not in shown
    assert not re.search(r"\son\w+=", shown)
    assert all(
        "nonce=" in tag or 'type="application/json"' in tag or "src=" in tag
        for tag in re.findall(r"<script[^>]*>", shown)
    )


def test_every_link_that_shows_nothing_answers_the_same(
    workspace: Workspace, journey: JourneyMap
) -> None:
    revoked = link_to(journey)
    expired = link_to(journey, expires_at=now() + timedelta(minutes=5))
    unpublished = link_to(journey, version=None)
    with workspace_scope(workspace.pk):
        revoke_link(link=revoked.link)
    tokens = [make_token(), "x", revoked.token, unpublished.token, expired.link.token_hash]
    answers = [Client().get(f"/j/{token}/") for token in tokens]
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        answers.append(Client().get(f"/j/{expired.token}/"))
    assert {answer.status_code for answer in answers} == {404}
    nonce = re.compile(r'nonce="[^"]*"')
    bodies = {nonce.sub("", answer.content.decode()) for answer in answers}
    assert len(bodies) == 1
    body = bodies.pop()
    assert NOTHING in body
    assert workspace.name not in body


def test_a_link_without_an_end_works_on(journey: JourneyMap) -> None:
    made = link_to(journey, expires_at=None)
    with time_machine.travel(datetime(2040, 1, 1, tzinfo=UTC), tick=False):
        page(made)


def test_a_row_is_seen_by_its_own_token_alone(journey: JourneyMap) -> None:
    made = link_to(journey)
    link_to(journey)
    assert not ShareLink.objects.exists()
    with token_scope(made.link.token_hash):
        assert [link.pk for link in ShareLink.objects.all()] == [made.link.pk]
        assert not JourneyMap.objects.exists()


def test_what_is_published_follows_and_what_is_pinned_stays(
    workspace: Workspace, journey: JourneyMap
) -> None:
    with workspace_scope(workspace.pk):
        first = draft_of(journey)
        publish_version(version=first, by=None)
        draft = start_draft(journey=journey)
        Card.objects.filter(lane=lane_of(draft, "actions")).update(text="Not yet for anybody")
    follows, pinned = link_to(journey, version=None), link_to(journey, version=first)
    to_draft = link_to(journey, version=draft)
    assert "Not yet for anybody" not in page(follows) + page(pinned)
    assert "<b>Draft</b>" in page(to_draft)
    assert "Not yet for anybody" in page(to_draft)
    with workspace_scope(workspace.pk):
        publish_version(version=draft, by=None)
    assert "Not yet for anybody" in page(follows)
    assert "Not yet for anybody" not in page(pinned)


@pytest.mark.parametrize("with_figures", [False, True])
def test_a_lane_that_is_not_chosen_is_nowhere(
    workspace: Workspace, journey: JourneyMap, with_figures: bool
) -> None:
    with workspace_scope(workspace.pk):
        draft = draft_of(journey)
        Card.objects.filter(lane=lane_of(draft, "pain_points")).update(text="Secret pain")
        places = list(
            Card.objects.filter(lane=lane_of(draft, "touchpoints")).values_list(
                "touchpoint__name", flat=True
            )
        )
        steps = {step.name for step in steps_of(draft)}
        hidden = lane_of(draft, "needs")
        Card.objects.filter(lane=hidden).update(text="Secret need")
    made = link_to(journey, "actions", "needs", "scores", with_figures=with_figures)
    assert "Secret need" in page(made)
    with workspace_scope(workspace.pk):
        Lane.objects.filter(pk=hidden.pk).update(hidden=True)
    shown = page(made)
    assert "Secret" not in shown
    assert str(hidden.key) not in shown
    assert not [name for name in places if name not in steps and name in shown]
    assert "We assume" not in told(shown)
    assert "jm-curve" not in shown
    _markup, document = split(shown)
    assert {lane["kind"] for lane in document["lanes"]} == (
        {"actions", "scores"} if with_figures else {"actions"}
    )
    assert {card["lane"] for card in document["cards"]} <= {
        lane["id"] for lane in document["lanes"]
    }
    assert document["touchpoints"] == {}


def test_without_figures_there_is_no_score_of_anything(
    workspace: Workspace, journey: JourneyMap
) -> None:
    made = link_to(journey)
    shown = page(made)
    assert "Delivery" in shown
    for trace in (
        "NPS",
        "−18",
        "142",
        "Off target",
        "Off",
        "jm-score",
        "They say",
        "They do",
        "t-bad",
        'class="said"',
        'class="does"',
        'class="dot',
    ):
        assert trace not in told(shown), trace
    assert "We assume" in shown
    document = split(shown)[1]
    assert document["urls"] == {}
    assert "scores" not in {lane["kind"] for lane in document["lanes"]}
    assert Client().get(f"/j/{made.token}/scores/").status_code == 404


def test_with_figures_each_comes_with_its_interval_and_n(journey: JourneyMap) -> None:
    shown = page(link_to(journey, with_figures=True))
    assert "<b>Delivery is off target.</b> NPS −18 [−31, −5], n 142" in shown
    assert "[−31, −5] · n 142" in shown
    results = re.findall(r'<div class="res">(.*?)</div>', shown, re.DOTALL)
    assert results
    assert all(re.search(r"n (= )?\d", result) or "n = " in result for result in results)


def test_what_people_wrote_stays_text(workspace: Workspace, journey: JourneyMap) -> None:
    nasty = "<script>alert(1)</script><b onclick=x>"
    with workspace_scope(workspace.pk):
        Card.objects.filter(lane=lane_of(draft_of(journey), "actions")).update(text=nasty)
        step = steps_of(draft_of(journey))[0]
        step.name = nasty
        step.save()
        JourneyMap.objects.filter(pk=journey.pk).update(name=nasty)
    shown = page(link_to(journey))
    assert "<script>alert" not in shown
    assert "<b onclick" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_openings_are_counted_once_a_minute_and_looks_alone_are_not(
    workspace: Workspace, journey: JourneyMap
) -> None:
    made = link_to(journey)
    start = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    with workspace_scope(workspace.pk):
        ShareLink.objects.update(expires_at=None)
    for seconds in (0, 20, 59, 61, 200):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            page(made)
            Client().head(f"/j/{made.token}/")
    with workspace_scope(workspace.pk):
        link = ShareLink.objects.get(pk=made.link.pk)
    assert link.opened == 3
    assert link.opened_at == start + timedelta(seconds=200)


def test_the_page_takes_the_same_queries_for_any_size(workspace: Workspace) -> None:
    counts = []
    for size in (1, 9):
        with workspace_scope(workspace.pk):
            places = [make_touchpoint(workspace, f"Place {size} {n}") for n in range(size)]
            for place in places:
                measure_nps(workspace, place, (60, 20, 20), target=20)
            made = make_link(make_map(workspace, *places), with_figures=True)
        page(made)
        with CaptureQueriesContext(connection) as queries:
            page(made)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 17


def test_words_are_german_for_who_reads_german(journey: JourneyMap) -> None:
    made = link_to(journey, with_figures=True)
    german = page(made, lang="de")
    assert '<html lang="de"' in german
    assert "was heute geschieht" in german
    answer = Client().get("/j/nothing/", headers={"accept-language": "de"})
    assert "Hier ist nichts" in answer.content.decode()


def test_figures_are_fetched_by_the_link_and_name_no_other_lanes_touchpoint(
    journey: JourneyMap,
) -> None:
    narrow = link_to(journey, "scores", "feelings", with_figures=True)
    browser = Client()
    address = split(page(narrow))[1]["urls"]["scores"]
    assert address == f"/j/{narrow.token}/scores/?lang=en"
    found = browser.get(address).json()
    assert found["finding"][0] == "Delivery is off target."
    assert {step["touchpoint"] for step in found["steps"].values()} == {None}
    assert "Parcel carrier" not in json.dumps(found)
    again = browser.get(address, {"seen": found["stamp"]})
    assert again.status_code == 204
    assert again["Cache-Control"] == "no-store, private"
    wide = link_to(journey, with_figures=True)
    steps = browser.get(f"/j/{wide.token}/scores/").json()["steps"].values()
    assert any(step["touchpoint"] for step in steps)


def test_the_document_tells_of_nobody_and_leads_nowhere(
    workspace: Workspace, alice: User, bob: User, journey: JourneyMap
) -> None:
    with workspace_scope(workspace.pk):
        member = Membership.objects.get(user=alice)
        Comment.objects.create(map=journey, author=member, text="Secret remark")
        MapView.objects.create(map=journey, name="Secret view", lanes=[])
        draft = draft_of(journey)
        Version.objects.filter(pk=draft.pk).update(note="Secret note")
        finding = Opportunity.objects.create(title="Secret idea", owner=member)
        Card.objects.filter(lane=lane_of(draft, "opportunities")).update(opportunity=finding)
        other = make_map(workspace, name="Secret journey")
        Card.objects.filter(lane=lane_of(draft, "actions")).update(linked_map=other)
    shown = page(link_to(journey, with_figures=True, by=member))
    assert "Secret" not in shown
    assert str(other.pk) not in shown
    for person in (alice, bob):
        assert person.name not in shown
        assert person.email not in shown
    markup, document = split(shown)
    assert "/app/" not in markup + json.dumps(document)
    assert set(document["may"].values()) == {False}
    assert document["people"] == document["views"] == []
    assert str(member.pk) not in shown


def test_quotes_are_read_anew_and_only_in_their_lane(
    workspace: Workspace, journey: JourneyMap
) -> None:
    with workspace_scope(workspace.pk):
        draft = draft_of(journey)
        place = lane_of(draft, "touchpoints").cards.exclude(touchpoint=None)[0].touchpoint
        survey = make_survey(workspace, kind="transactional", touchpoint=place)
        answer = submit_response(survey=survey, score=2, comment="I took a day off.")
        quotes = Lane.objects.filter(version=draft, kind="quotes").first()
        if quotes is None:
            quotes = Lane.objects.create(version=draft, kind="quotes", position=90)
        Card.objects.create(lane=quotes, step=steps_of(draft)[0], position=9, response_id=answer.pk)
    made = link_to(journey)
    assert page(made).count("I took a day off.") == 2
    assert '"score": 2' not in page(made)
    without = page(link_to(journey, "actions", "touchpoints"))
    assert "I took a day off." not in without
    assert str(answer.pk) not in without
    with workspace_scope(workspace.pk):
        answer.answers.exclude(text="").update(text="")
    assert "I took a day off." not in page(made)
    assert "This answer was deleted." in page(made)
