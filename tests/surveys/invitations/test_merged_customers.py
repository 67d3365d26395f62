"""Customers who were merged are one person for whoever asks them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.customers.keys import email_key
from cxm.customers.services import is_suppressed, merge
from cxm.workspaces.models import Workspace
from surveys.invitations.models import Invitation
from surveys.invitations.reports import RECENTLY_ASKED, audience
from surveys.invitations.services import send_due
from tests.cxm.customers.make import make_customer
from tests.surveys.conftest import MailServer
from tests.surveys.make import (
    make_campaign,
    make_invited,
    make_launched,
    make_reachable,
    make_survey,
)

pytestmark = pytest.mark.django_db


def test_a_person_is_chosen_once_and_within_one_gap(scope: Workspace) -> None:
    survey = make_survey(scope)
    stays, goes = make_reachable(scope), make_reachable(scope)
    make_invited(survey, goes, at=now() - timedelta(days=2))
    campaign = make_campaign(survey)
    assert audience(campaign).allowed == (stays.pk,)
    merge(winner=stays, loser=goes)
    chosen = audience(campaign)
    assert chosen.allowed == ()
    assert chosen.refused == {stays.pk: RECENTLY_ASKED}


@pytest.mark.parametrize("gap_days", [0, 90])
def test_two_of_a_campaign_who_are_merged_meanwhile_get_one_mail(
    scope: Workspace, mail_server: MailServer, gap_days: int
) -> None:
    scope.contact_gap_days = gap_days
    scope.save()
    stays, goes = make_reachable(scope), make_reachable(scope)
    make_launched(make_survey(scope))
    merge(winner=stays, loser=goes)
    send_due(workspace=scope)
    assert len(mail_server.raw) == 1
    assert sorted(Invitation.objects.values_list("status", "reason")) == [
        ("sent", ""),
        ("skipped", RECENTLY_ASKED),
    ]


def test_consent_of_one_and_the_address_of_the_other_make_a_mail(
    scope: Workspace, mail_server: MailServer
) -> None:
    agreed = make_customer(scope, consent=("survey", "email"))
    reached = make_customer(scope, email_key("mara@example.com"))
    merge(winner=agreed, loser=reached)
    make_launched(make_survey(scope))
    send_due(workspace=scope)
    assert mail_server.recipients == ["mara@example.com"]


def test_who_stops_the_mails_stops_them_for_the_whole_person(workspace: Workspace) -> None:
    stays, goes = (
        make_reachable(workspace, "a@example.com"),
        make_reachable(workspace, "b@example.com"),
    )
    survey = make_survey(workspace)
    _invitation, _token, stop = make_invited(survey, goes)
    with workspace_scope(workspace.pk):
        merge(winner=stays, loser=goes)
    Client().post(f"/u/{stop}/")
    with workspace_scope(workspace.pk):
        for address in ("a@example.com", "b@example.com"):
            assert is_suppressed(channel="email", address=address)
        assert audience(make_campaign(survey, name="Next")).allowed == ()
