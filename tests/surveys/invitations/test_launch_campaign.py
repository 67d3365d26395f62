"""Whom a campaign asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.customers.keys import email_key
from cxm.customers.services import suppress
from cxm.workspaces.models import Workspace
from surveys.invitations.models import Campaign, Invitation
from surveys.invitations.reports import audience, progress
from surveys.invitations.services import SentBefore, launch_campaign, record_sent, send_due
from tests.cxm.customers.make import make_customer, make_segment
from tests.surveys.conftest import MailServer
from tests.surveys.make import (
    make_campaign,
    make_invited,
    make_launched,
    make_reachable,
    make_survey,
)

pytestmark = pytest.mark.django_db


def reasons(campaign: Campaign) -> dict[str, str]:
    return {
        row.customer.name: row.reason or row.status
        for row in Invitation.objects.filter(campaign=campaign).select_related("customer")
    }


def test_each_who_may_not_be_asked_is_left_out_with_a_reason(
    scope: Workspace, other_workspace: Workspace
) -> None:
    make_reachable(scope, name="fine")
    make_customer(scope, email_key("no@example.com"), name="silent")
    make_customer(scope, name="unreachable", consent=("survey", "email"))
    bounced = make_reachable(scope, name="bounced")
    suppress(channel="email", address=bounced.identities.get().value, reason="bounce")
    asked = make_reachable(scope, name="asked")
    survey = make_survey(scope)
    make_invited(survey, asked, at=now() - timedelta(days=89))
    long_ago = make_reachable(scope, name="long ago")
    make_invited(survey, long_ago, at=now() - timedelta(days=91))
    make_reachable(other_workspace, name="stranger")

    campaign = make_launched(survey, name="Now")
    assert reasons(campaign) == {
        "fine": "queued",
        "long ago": "queued",
        "silent": "no_consent",
        "unreachable": "no_address",
        "bounced": "suppressed",
        "asked": "recently_asked",
    }
    assert campaign.status == "sending"
    assert progress(campaign).chosen == 2


def test_a_segment_narrows_it_down(scope: Workspace) -> None:
    make_reachable(scope, name="gold", traits={"plan": "gold"})
    make_reachable(scope, name="basic", traits={"plan": "basic"})
    segment = make_segment(scope, ("trait", "plan", "is", "gold"))
    assert reasons(make_launched(make_survey(scope), segment=segment)) == {"gold": "queued"}


def test_a_customer_in_two_campaigns_is_asked_in_the_first(scope: Workspace) -> None:
    make_reachable(scope, name="Mara")
    survey = make_survey(scope)
    make_launched(survey)
    second = make_campaign(survey, name="Second")
    assert audience(second).allowed == ()
    with pytest.raises(DomainError) as refusal:
        launch_campaign(campaign=second)
    assert refusal.value.code == "nobody"


def test_a_campaign_is_launched_once_and_only_with_an_active_survey(scope: Workspace) -> None:
    make_reachable(scope)
    campaign = make_launched(make_survey(scope))
    with pytest.raises(DomainError) as refusal:
        launch_campaign(campaign=campaign)
    assert refusal.value.code == "launched"
    draft = make_campaign(make_survey(scope, status="draft"))
    with pytest.raises(DomainError) as refusal:
        launch_campaign(campaign=draft)
    assert refusal.value.code == "survey_not_active"


def test_a_launch_costs_the_same_for_many_customers(
    scope: Workspace, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(40):
        make_reachable(scope)
    campaign = make_campaign(make_survey(scope))
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        launch_campaign(campaign=campaign)
    assert Invitation.objects.count() == 40


def test_what_was_sent_before_is_written_down_without_a_mail(scope: Workspace) -> None:
    people = [make_reachable(scope) for _ in range(3)]
    campaign = make_campaign(make_survey(scope))
    moment = now() - timedelta(days=40)
    sent = [SentBefore(person.pk, moment) for person in people]
    first = record_sent(campaign=campaign, sent=sent)
    assert record_sent(campaign=campaign, sent=sent) == first
    campaign.refresh_from_db()
    assert campaign.status == "done"
    row = Invitation.objects.filter(campaign=campaign).first()
    assert row is not None
    assert (row.status, row.sent_at, row.expires_at) == (
        "sent",
        moment,
        moment + timedelta(days=14),
    )


def test_nothing_of_a_campaign_is_seen_from_elsewhere(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    make_reachable(workspace)
    make_launched(make_survey(workspace))
    assert not Invitation.objects.exists()
    with workspace_scope(other_workspace.pk):
        assert not Campaign.objects.exists()
        assert not Invitation.objects.exists()


def test_who_was_asked_by_another_campaign_meanwhile_is_passed_over(
    scope: Workspace, mail_server: MailServer
) -> None:
    customer = make_reachable(scope)
    survey = make_survey(scope)
    with time_machine.travel(now() - timedelta(days=1), tick=True):
        waiting = make_launched(survey)
    make_invited(survey, customer, name="By hand")

    send_due(workspace=scope)
    assert Invitation.objects.get(campaign=waiting).reason == "recently_asked"
    assert mail_server.raw == []
