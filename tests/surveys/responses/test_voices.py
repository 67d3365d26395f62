"""What the wing of surveys hands over about touchpoints."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxm.common.clock import now
from cxm.common.ids import uuid7
from cxm.common.scope import workspace_scope
from cxm.customers.privacy import erase_customer
from cxm.workspaces.models import Workspace
from surveys.responses.models import Response
from surveys.responses.services import forget_old, submit_response
from tests.surveys.make import make_invited, make_reachable, make_survey, make_touchpoint
from touchpoints.catalogue.models import Touchpoint
from touchpoints.catalogue.voices import ask_url, asked, by_ids, voices

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(scope: Workspace) -> Touchpoint:
    return make_touchpoint(scope, name="Delivery")


def answer(place: Touchpoint, comment: str, score: int = 3, days_ago: int = 1) -> Response:
    workspace = Workspace.objects.get(pk=place.workspace_id)
    survey = make_survey(
        workspace, kind="transactional", touchpoint=place, name=f"After {place.name}"
    )
    return submit_response(
        survey=survey, score=score, comment=comment, at=now() - timedelta(days=days_ago)
    )


def test_words_come_newest_first_with_score_and_survey(scope: Workspace, place: Touchpoint) -> None:
    answer(place, "It came at last.", score=7, days_ago=9)
    newest = answer(place, "I took a day off for nothing.", score=1)
    answer(place, "", score=10)
    answer(make_touchpoint(scope, name="Store"), "Kind people.", score=9)
    found = voices(scope, [place.pk])
    assert [voice.text for voice in found] == ["I took a day off for nothing.", "It came at last."]
    first = found[0]
    assert (first.id, first.score, first.group, first.measure) == (newest.pk, 1, "detractor", "NPS")
    assert (first.survey, first.touchpoint_id) == ("After Delivery", place.pk)
    assert len(voices(scope, None)) == 3


def test_words_are_searched_and_cut_by_day(scope: Workspace, place: Touchpoint) -> None:
    answer(place, "The TRACKING said today.", days_ago=3)
    answer(place, "100 % fine", days_ago=30)
    assert [v.text for v in voices(scope, [place.pk], q="tracking")] == ["The TRACKING said today."]
    assert [v.text for v in voices(scope, [place.pk], q="%")] == ["100 % fine"]
    assert len(voices(scope, [place.pk], since=now() - timedelta(days=7))) == 1


def test_what_was_erased_or_is_too_old_is_gone(workspace: Workspace) -> None:
    place = make_touchpoint(workspace)
    survey = make_survey(workspace, kind="transactional", touchpoint=place)
    customer = make_reachable(workspace)
    invitation, *_tokens = make_invited(survey, customer)
    with workspace_scope(workspace.pk):
        theirs = submit_response(invitation=invitation, score=2, comment="Call me at home.")
        old = submit_response(
            survey=survey, score=8, comment="Long ago.", at=now() - timedelta(days=3000)
        )
        assert set(by_ids([theirs.pk, old.pk, uuid7()])) == {theirs.pk, old.pk}
        erase_customer(customer)
        forget_old(workspace=workspace)
        assert by_ids([theirs.pk, old.pk]) == {}
        assert voices(workspace, [place.pk]) == []


def test_a_stranger_hears_nothing(
    scope: Workspace, place: Touchpoint, other_workspace: Workspace
) -> None:
    given = answer(place, "Ours.")
    with workspace_scope(other_workspace.pk):
        assert voices(other_workspace, [place.pk]) == []
        assert by_ids([given.pk]) == {}
        assert asked(other_workspace, [place.pk]) == []


def test_surveys_say_whom_they_asked_and_who_answered(workspace: Workspace) -> None:
    place = make_touchpoint(workspace)
    survey = make_survey(workspace, kind="transactional", touchpoint=place, name="After delivery")
    make_survey(workspace, kind="transactional", touchpoint=place, name="Draft", status="draft")
    make_survey(workspace)
    answered, *_ = make_invited(survey, make_reachable(workspace))
    make_invited(survey, make_reachable(workspace))
    make_invited(survey, make_reachable(workspace), at=now() - timedelta(days=200))
    with workspace_scope(workspace.pk):
        submit_response(invitation=answered, score=9, comment="")
        submit_response(survey=survey, score=4, via="store")
        with CaptureQueriesContext(connection) as queries:
            first, second = asked(workspace, [place.pk])
        assert len(queries) == 1
        assert (first.survey, first.answers, first.invited, first.answered) == (
            "After delivery",
            2,
            3,
            1,
        )
        assert first.url == f"/app/results/{survey.pk}/"
        assert (second.survey, second.answers, second.invited, second.state) == (
            "Draft",
            0,
            0,
            "Draft",
        )
        (recent, _draft) = asked(workspace, [place.pk], since=now() - timedelta(days=90))
        assert (recent.invited, recent.answered) == (2, 1)
    assert f"touchpoint={place.pk}" in ask_url(place.pk)


def test_each_reading_is_one_query_along_its_index(scope: Workspace, place: Touchpoint) -> None:
    given = [answer(place, f"Number {n}", days_ago=n + 1) for n in range(5)]
    with CaptureQueriesContext(connection) as queries:
        voices(scope, [place.pk], limit=3)
        by_ids([row.pk for row in given])
    assert len(queries) == 2
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "responses_place" in plan
