"""Answers and invitations of some customers alone, compared with a count in Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from cxm.common.scope import workspace_scope
from cxm.customers.models import Customer
from cxm.customers.privacy import erase_customer
from cxm.customers.services import merge, undo_merge
from cxm.kpis.registry import Tally, get_metric
from cxm.workspaces.models import Workspace
from surveys.invitations.metrics import response_rate
from surveys.invitations.models import Invitation
from surveys.invitations.services import SentBefore, record_sent
from surveys.responses.metrics import nps
from surveys.responses.models import Answer
from surveys.responses.services import Submission, submit_responses
from tests.cxm.customers.make import make_customer, make_segment
from tests.surveys.make import make_campaign, make_survey, make_touchpoint

pytestmark = pytest.mark.django_db

NOON = datetime.fromisoformat("2026-06-10T12:00:00+00:00")
DAYS = {NOON.date() - timedelta(days=number) for number in range(-2, 25)}


def said(customer: Customer | None, score: int, moment: datetime = NOON) -> Submission:
    return Submission(
        submitted_at=moment, score=score, customer_id=customer.pk if customer else None
    )


def counted(chosen: set[UUID], zone: str) -> set[Tally]:
    """Count the answers of some people by hand, one after the other."""
    groups: dict[tuple[str, UUID, date], list[int]] = defaultdict(list)
    for answer in Answer.objects.filter(number__isnull=False).select_related("response__customer"):
        response = answer.response
        person = response.customer
        if person is None or (person.merged_into_id or person.pk) not in chosen:
            continue
        day = response.submitted_at.astimezone(ZoneInfo(zone)).date()
        about = (
            ("touchpoint", response.touchpoint_id)
            if response.touchpoint_id
            else ("workspace", response.workspace_id)
        )
        groups[*about, day].append(answer.number or 0)
    return {
        Tally(
            *at,
            n=len(scores),
            successes=sum(score > 8 for score in scores),
            failures=sum(score < 7 for score in scores),
        )
        for at, scores in groups.items()
    }


def test_both_measures_are_by_customer() -> None:
    assert get_metric("nps").of_customers is nps
    assert get_metric("response_rate").of_customers is response_rate


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_the_tallies_of_a_segment_are_those_counted_by_hand(scope: Workspace, zone: str) -> None:
    scope.timezone = zone
    scope.save()
    people = [
        make_customer(scope, language="de" if number % 3 else "fr", traits={"n": number})
        for number in range(12)
    ]
    merge(winner=people[1], loser=people[0])
    merge(winner=people[3], loser=people[2])
    places = [make_touchpoint(scope), make_touchpoint(scope)]
    surveys = [make_survey(scope, name="Whole")] + [
        make_survey(scope, name=place.name, kind="transactional", touchpoint=place)
        for place in places
    ]
    for which, survey in enumerate(surveys):
        submit_responses(
            survey=survey,
            submissions=[
                said(
                    person if number % 5 else None,
                    (number * 7 + which * 3) % 11,
                    NOON - timedelta(hours=number * 17 + which),
                )
                for number, person in enumerate(people * 2)
            ],
        )
    germans = make_segment(scope, ("language", "", "is", "de")).customers()
    chosen = set(germans.values_list("pk", flat=True))
    assert 0 < len(chosen) < len(people)
    found = list(nps(DAYS, customers=germans))
    assert set(found) == counted(chosen, zone)
    assert len(found) == len(set(found))
    assert {tally.subject_kind for tally in found} == {"workspace", "touchpoint"}


def test_without_customers_everybody_counts_and_with_none_nobody(scope: Workspace) -> None:
    one = make_customer(scope)
    submit_responses(survey=make_survey(scope), submissions=[said(one, 9), said(None, 0)])
    (everybody,) = nps(DAYS)
    assert (everybody.n, everybody.successes, everybody.failures) == (2, 1, 1)
    (mine,) = nps(DAYS, customers=Customer.objects.present())
    assert (mine.n, mine.successes, mine.failures) == (1, 1, 0)
    assert list(nps(DAYS, customers=Customer.objects.none())) == []


def test_what_was_said_before_a_merge_counts_for_the_one_who_stays(scope: Workspace) -> None:
    stays, goes, other = (make_customer(scope) for _ in range(3))
    survey = make_survey(scope)
    submit_responses(survey=survey, submissions=[said(stays, 9), said(goes, 2), said(other, 10)])
    both = Customer.objects.present().filter(pk__in=[stays.pk, goes.pk])

    record = merge(winner=stays, loser=goes)
    (tally,) = nps(DAYS, customers=both)
    assert (tally.n, tally.successes, tally.failures) == (2, 1, 1)
    assert list(nps(DAYS, customers=Customer.objects.present().filter(pk=goes.pk))) == []

    undo_merge(merge=record)
    (mine,) = nps(DAYS, customers=Customer.objects.filter(pk=stays.pk))
    assert (mine.n, mine.failures) == (1, 0)


def test_who_was_erased_is_in_no_group(scope: Workspace) -> None:
    gone = make_customer(scope)
    submit_responses(survey=make_survey(scope), submissions=[said(gone, 9)])
    erase_customer(gone)
    assert list(nps(DAYS, customers=make_segment(scope).customers())) == []


def test_invitations_are_kept_to_people_too(scope: Workspace) -> None:
    stays, goes, other = (make_customer(scope) for _ in range(3))
    campaign = make_campaign(make_survey(scope))
    record_sent(campaign=campaign, sent=[SentBefore(one.pk, NOON) for one in (stays, goes, other)])
    Invitation.objects.filter(customer=goes).update(answered_at=NOON)
    merge(winner=stays, loser=goes)
    (rate,) = response_rate(DAYS, customers=Customer.objects.present().filter(pk=stays.pk))
    assert (rate.n, rate.successes) == (2, 1)
    (everybody,) = response_rate(DAYS)
    assert (everybody.n, everybody.successes) == (3, 1)


def test_a_group_sees_its_own_workspace_only(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    for place, score in ((workspace, 9), (other_workspace, 0)):
        with workspace_scope(place.pk):
            submit_responses(
                survey=make_survey(place), submissions=[said(make_customer(place), score)] * 3
            )
    with workspace_scope(workspace.pk):
        (mine,) = nps(DAYS, customers=make_segment(workspace).customers())
        assert (mine.subject_id, mine.n, mine.successes) == (workspace.pk, 3, 3)
        theirs = Customer.objects.for_workspace(other_workspace)
        assert list(nps(DAYS, customers=theirs)) == []
