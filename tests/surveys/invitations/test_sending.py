"""From the queue to a real mail server, whatever it answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from cxm.common.clock import now
from cxm.customers.services import is_suppressed, record_consent, suppress
from cxm.workspaces.models import Workspace
from surveys.invitations import pacing, tasks
from surveys.invitations.models import Campaign, Invitation, InvitationToken
from surveys.invitations.services import (
    pause_campaign,
    resolve_uncertain,
    resume_campaign,
    retry_failed,
    send_due,
)
from tests.surveys.conftest import MailServer
from tests.surveys.make import make_launched, make_reachable, make_survey

pytestmark = pytest.mark.django_db


def only(campaign: Campaign) -> Invitation:
    return Invitation.objects.get(campaign=campaign)


def test_a_campaign_reaches_everybody_once(scope: Workspace, mail_server: MailServer) -> None:
    people = [make_reachable(scope) for _ in range(25)]
    campaign = make_launched(make_survey(scope))

    assert send_due(workspace=scope) == 25
    assert send_due(workspace=scope) == 0

    addresses = {person.identities.get().value for person in people}
    assert set(mail_server.recipients) == addresses
    assert len(mail_server.raw) == 25
    # Two batches and one connection.
    assert mail_server.connections == 1
    campaign.refresh_from_db()
    assert campaign.status == "done"
    assert set(Invitation.objects.values_list("status", flat=True)) == {"sent"}


def test_only_hashes_of_the_secrets_are_stored(scope: Workspace, mail_server: MailServer) -> None:
    make_reachable(scope)
    make_launched(make_survey(scope))
    send_due(workspace=scope)

    mail = mail_server.raw[0].decode()
    hashes = list(InvitationToken.objects.values_list("token_hash", flat=True))
    assert len(hashes) == 2
    assert all(digest not in mail for digest in hashes)


def test_a_refusal_for_now_is_tried_again_later(scope: Workspace, mail_server: MailServer) -> None:
    make_reachable(scope, "later@example.com")
    campaign = make_launched(make_survey(scope))
    send_due(workspace=scope)

    invitation = only(campaign)
    assert (invitation.status, invitation.reason) == ("queued", "put_off")
    assert invitation.handed_over_at is None
    assert "4.2.1" in invitation.detail
    assert invitation.due_at > now() + pacing.PAUSES[0] - timedelta(seconds=5)
    assert send_due(workspace=scope) == 0

    for pause in pacing.PAUSES:
        with time_machine.travel(only(campaign).due_at + timedelta(seconds=1), tick=True):
            send_due(workspace=scope)
        assert pause
    assert (only(campaign).status, only(campaign).reason) == ("failed", "gave_up")
    assert mail_server.raw == []


@pytest.mark.parametrize(
    ("address", "status", "reason", "suppressed"),
    [
        ("nobody@example.com", "failed", "bounced", True),
        ("policy@example.com", "failed", "refused", False),
        ("spam@example.com", "failed", "refused", False),
        ("full@example.com", "queued", "put_off", False),
        ("cut@example.com", "queued", "put_off", False),
        ("lost@example.com", "uncertain", "connection_lost", False),
    ],
)
def test_each_answer_of_the_server_has_its_fate(
    scope: Workspace,
    mail_server: MailServer,
    address: str,
    status: str,
    reason: str,
    suppressed: bool,
) -> None:
    make_reachable(scope, address)
    campaign = make_launched(make_survey(scope))
    last = make_reachable(scope, "zoe@example.com")
    other = make_launched(make_survey(scope), name="Second")
    send_due(workspace=scope)

    invitation = only(campaign)
    assert (invitation.status, invitation.reason) == (status, reason)
    assert is_suppressed(channel="email", address=address) is suppressed
    # The ones behind it are not held up.
    assert Invitation.objects.get(campaign=other, customer=last).status == "sent"


def test_an_uncertain_mail_is_never_sent_again_by_itself(
    scope: Workspace, mail_server: MailServer
) -> None:
    make_reachable(scope, "lost@example.com")
    campaign = make_launched(make_survey(scope))
    send_due(workspace=scope)
    assert len(mail_server.raw) == 1

    with time_machine.travel(now() + timedelta(days=30), tick=True):
        send_due(workspace=scope)
    assert len(mail_server.raw) == 1
    assert only(campaign).status == "uncertain"

    assert resolve_uncertain(workspace=scope, invitations=[only(campaign).pk], arrived=True) == 1
    assert only(campaign).status == "sent"


def test_a_person_may_send_an_uncertain_or_failed_mail_again(
    scope: Workspace, mail_server: MailServer
) -> None:
    make_reachable(scope, "lost@example.com")
    make_reachable(scope, "policy@example.com")
    campaign = make_launched(make_survey(scope))
    send_due(workspace=scope)
    ids = list(Invitation.objects.values_list("pk", flat=True))

    assert resolve_uncertain(workspace=scope, invitations=ids, arrived=False) == 1
    assert retry_failed(invitations=ids) == 1
    campaign.refresh_from_db()
    assert campaign.status == "sending"
    assert send_due(workspace=scope) == 2


def test_nothing_is_lost_while_the_mail_server_is_down(
    scope: Workspace, mail_server: MailServer
) -> None:
    make_reachable(scope)
    campaign = make_launched(make_survey(scope))
    mail_server.stop()
    send_due(workspace=scope)

    invitation = only(campaign)
    assert (invitation.status, invitation.reason, invitation.attempts) == (
        "queued",
        "server_down",
        0,
    )

    mail_server.start()
    with time_machine.travel(now() + timedelta(minutes=2), tick=True):
        assert send_due(workspace=scope) == 1
    assert only(campaign).status == "sent"


def test_the_connection_is_made_again_between_mails(
    scope: Workspace, mail_server: MailServer
) -> None:
    for name in ("lost1", "a", "lost2", "b"):
        make_reachable(scope, f"{name}@example.com")
    make_launched(make_survey(scope))
    send_due(workspace=scope)
    assert sorted(mail_server.recipients) == [
        "a@example.com",
        "b@example.com",
        "lost1@example.com",
        "lost2@example.com",
    ]


def test_who_withdrew_after_the_launch_gets_nothing(
    scope: Workspace, mail_server: MailServer
) -> None:
    withdrawn = make_reachable(scope)
    suppressed = make_reachable(scope)
    gone = make_reachable(scope)
    campaign = make_launched(make_survey(scope))
    record_consent(
        customer=withdrawn, purpose="survey", channel="email", granted=False, source="test"
    )
    suppress(channel="email", address=suppressed.identities.get().value, reason="complaint")
    gone.identities.all().delete()
    send_due(workspace=scope)

    assert mail_server.raw == []
    reasons = dict(Invitation.objects.filter(campaign=campaign).values_list("customer", "reason"))
    assert reasons == {
        withdrawn.pk: "no_consent",
        suppressed.pk: "suppressed",
        gone.pk: "no_address",
    }


def test_a_paused_campaign_sends_nothing_until_it_goes_on(
    scope: Workspace, mail_server: MailServer
) -> None:
    make_reachable(scope)
    campaign = make_launched(make_survey(scope))
    pause_campaign(campaign=campaign)
    assert send_due(workspace=scope) == 0
    resume_campaign(campaign=campaign)
    assert send_due(workspace=scope) == 1


def test_a_closed_survey_is_not_sent(scope: Workspace, mail_server: MailServer) -> None:
    make_reachable(scope)
    survey = make_survey(scope)
    campaign = make_launched(survey)
    survey.status = "closed"
    survey.save()
    send_due(workspace=scope)
    assert (only(campaign).status, only(campaign).reason) == ("skipped", "survey_closed")
    assert mail_server.raw == []


def test_one_that_cannot_be_written_does_not_stop_the_others(
    scope: Workspace, mail_server: MailServer
) -> None:
    broken, fine = make_reachable(scope), make_reachable(scope)
    survey = make_survey(scope, languages=["en"])
    # A survey without a question in the database has nothing to say; compose still works.
    make_launched(survey)
    broken.identities.update(value="two@example.com\nBcc: all@example.com")
    send_due(workspace=scope)
    assert mail_server.recipients == [fine.identities.get().value]
    assert Invitation.objects.get(customer=broken).reason == "bad_address"


def test_the_task_goes_through_all_workspaces(
    workspace: Workspace, other_workspace: Workspace, mail_server: MailServer
) -> None:
    for one in (workspace, other_workspace):
        make_reachable(one, f"mara@{one.slug}.example.com")
        make_launched(make_survey(one))
    tasks.send_due()
    assert sorted(mail_server.recipients) == [
        "mara@elsewhere.example.com",
        "mara@nordhaven.example.com",
    ]
    tasks.send_due()
    tasks.send_due(str(workspace.pk))
    tasks.sweep()
    assert len(mail_server.raw) == 2
    # A workspace that has vanished meanwhile is no error.
    tasks.send_due("0197a2a0-0000-7000-8000-000000000000")
