"""Answers that come in, one by one and in bulk, and the figures made of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.customers.models import Customer
from cxm.customers.timeline import Wanted
from cxm.kpis.registry import Tally
from cxm.kpis.reports import figure
from cxm.kpis.services import recompute, score_workspace
from cxm.workspaces.models import Workspace
from surveys.invitations.metrics import response_rate
from surveys.invitations.models import Invitation
from surveys.invitations.services import SentBefore, record_sent
from surveys.responses.metrics import days_with_answers, nps
from surveys.responses.models import Answer, Response
from surveys.responses.panels import overdue_replies, typical
from surveys.responses.reports import Quote
from surveys.responses.services import (
    Submission,
    forget_old,
    mark_replied,
    submit_response,
    submit_responses,
)
from surveys.responses.timeline import answers
from tests.surveys.make import (
    make_campaign,
    make_invited,
    make_reachable,
    make_survey,
    make_touchpoint,
)

pytestmark = pytest.mark.django_db


def on(moment: datetime, *scores: int) -> list[Submission]:
    return [Submission(submitted_at=moment, score=score) for score in scores]


def test_relational_and_transactional_answers_are_never_pooled(scope: Workspace) -> None:
    scope.timezone = "Pacific/Auckland"
    scope.save()
    place = make_touchpoint(scope)
    # 22:30 in UTC is the next day in Auckland.
    moment = datetime.fromisoformat("2026-06-10T22:30:00+00:00")
    submit_responses(survey=make_survey(scope), submissions=on(moment, 0, 7, 7, 9, 9, 9))
    about = make_survey(scope, kind="transactional", touchpoint=place)
    submit_responses(survey=about, submissions=on(moment, 10, 6))

    day = date(2026, 6, 11)
    assert list(days_with_answers()) == [day]
    assert list(nps({date(2026, 6, 10)})) == []
    assert set(nps({day})) == {
        Tally("workspace", scope.pk, day, n=6, successes=3, failures=1),
        Tally("touchpoint", place.pk, day, n=2, successes=1, failures=1),
    }


def test_scores_follow_answers_and_changes_and_recomputing_agrees(scope: Workspace) -> None:
    survey = make_survey(scope)
    moment = now() - timedelta(days=1)
    submit_responses(survey=survey, submissions=on(moment, *[10] * 50, *[7] * 30, *[0] * 20))
    score_workspace(workspace=scope, now=now())
    found = figure("workspace", scope.pk, "nps", "30d").figure
    assert (found.value, found.n) == (30, 100)
    assert found.low == pytest.approx(14.051, abs=0.001)
    assert found.high == pytest.approx(44.201, abs=0.001)

    invitation, _token, _stop = make_invited(survey, make_reachable(scope), at=moment)
    submit_response(invitation=invitation, score=0, at=moment)
    submit_response(invitation=invitation, score=10)
    score_workspace(workspace=scope, now=now())
    changed = figure("workspace", scope.pk, "nps", "30d").figure
    assert changed.n == 101
    assert changed.value == pytest.approx(100 * 31 / 101)
    recompute(workspace=scope, now=now())
    assert figure("workspace", scope.pk, "nps", "30d").figure == changed


def test_bulk_answers_come_in_once(
    scope: Workspace, django_assert_max_num_queries: Callable[..., object]
) -> None:
    survey = make_survey(scope)
    people = [make_reachable(scope) for _ in range(20)]
    moment = now() - timedelta(days=10)
    sent = record_sent(
        campaign=make_campaign(survey), sent=[SentBefore(one.pk, moment) for one in people]
    )
    submissions = [
        Submission(
            submitted_at=moment + timedelta(hours=number),
            score=number % 11,
            comment="Words" if number % 2 else "",
            invitation_id=sent[person.pk],
        )
        for number, person in enumerate(people)
    ]
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        assert submit_responses(survey=survey, submissions=submissions) == 20
    assert submit_responses(survey=survey, submissions=submissions) == 0
    assert Response.objects.count() == 20
    assert Answer.objects.filter(text="Words").count() == 10
    assert set(Response.objects.values_list("customer", flat=True)) == {one.pk for one in people}
    (rate,) = response_rate({moment.date()})
    assert (rate.n, rate.successes) == (20, 20)


def test_what_cannot_be_is_refused(scope: Workspace) -> None:
    survey, other = make_survey(scope), make_survey(scope, name="Other")
    invitation, _token, _stop = make_invited(survey, make_reachable(scope))

    def refused(row: Submission) -> str:
        with pytest.raises(DomainError) as refusal:
            submit_responses(survey=other, submissions=[row])
        return refusal.value.code

    assert refused(Submission(now(), 11)) == "off_scale"
    assert refused(Submission(now(), -1)) == "off_scale"
    assert refused(Submission(now(), 5, "x" * 2001)) == "too_long"
    assert refused(Submission(now(), 5, invitation_id=invitation.pk)) == "unknown_invitation"
    late = Submission(now() + timedelta(days=15), 5, invitation_id=invitation.pk)
    with pytest.raises(DomainError, match="expired"):
        submit_responses(survey=survey, submissions=[late])
    assert not Response.objects.exists()


def test_an_answer_without_an_invitation_names_its_customer(scope: Workspace) -> None:
    customer = make_reachable(scope)
    response = submit_response(
        survey=make_survey(scope), customer=customer, score=9, via="phone", comment="Kind"
    )
    assert (response.customer, response.via) == (customer, "phone")
    entry, *rest = answers(Wanted(customer, [customer.pk], 10))
    assert (entry.score, entry.detail, entry.kind) == (9, "Kind", "answer")
    assert rest == []


def test_replies_that_are_late_need_somebody(scope: Workspace) -> None:
    response = submit_response(survey=make_survey(scope), score=2, wants_reply=True)
    assert overdue_replies(scope) is None
    with time_machine.travel(now() + timedelta(days=5), tick=False):
        need = overdue_replies(scope)
        assert need is not None
        assert (need.count, need.severity) == (1, "bad")
        assert mark_replied(responses=[response.pk]) == 1
        assert mark_replied(responses=[response.pk]) == 0
        assert overdue_replies(scope) is None


def test_words_are_deleted_when_their_time_is_over_and_figures_stay(scope: Workspace) -> None:
    survey = make_survey(scope)
    invitation, _token, _stop = make_invited(survey, make_reachable(scope))
    submit_response(invitation=invitation, score=3, comment="Late again")
    submit_response(survey=survey, score=9, comment="Fine", at=now() + timedelta(days=100))
    days = set(days_with_answers())
    before = list(nps(days)), list(response_rate(days))

    assert forget_old(workspace=scope, at=now() + timedelta(days=24 * 31 + 1)) == 1
    assert list(Answer.objects.exclude(text="").values_list("text", flat=True)) == ["Fine"]
    old = Response.objects.order_by("submitted_at")[0]
    assert (old.customer, old.invitation) == (None, None)
    assert (list(nps(days)), list(response_rate(days))) == before
    assert forget_old(workspace=scope, at=now() + timedelta(days=24 * 31 + 1)) == 0
    assert Invitation.objects.get().answered_at is not None
    assert Customer.objects.count() == 1


def quote(topic: int, score: int, comment: str) -> Quote:
    return Quote(
        UUID(int=score),
        score,
        comment,
        now(),
        "Survey",
        UUID(int=topic),
        f"Place {topic}",
        None,
        False,
        None,
        None,
    )


def test_quotes_are_typical_and_one_for_each_large_topic() -> None:
    found = [quote(1, score, f"a{score}") for score in (0, 6, 7, 7, 10)]
    found += [quote(2, 10, "b"), quote(2, 9, "b")]
    found += [quote(3, 1, "c")]
    chosen = typical(found, 2)
    assert [one.touchpoint_name for one in chosen] == ["Place 1", "Place 2"]
    assert chosen[0].score == 7
