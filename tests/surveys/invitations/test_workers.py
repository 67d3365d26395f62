"""Many workers at once, and workers that die: nothing is lost and nothing is sent twice."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from surveys.invitations import pacing
from surveys.invitations.models import Campaign, Invitation
from surveys.invitations.services import send_due, sweep
from tests.surveys.conftest import MailServer
from tests.surveys.invitations.worker import start
from tests.surveys.make import make_launched, make_reachable, make_survey

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def database() -> str:
    return str(connection.settings_dict["NAME"])


def statuses(campaign: Campaign) -> Counter[str]:
    return Counter(Invitation.objects.filter(campaign=campaign).values_list("status", flat=True))


def after_the_lease() -> time_machine.travel:
    return time_machine.travel(now() + pacing.LEASE + timedelta(seconds=5), tick=True)


def test_workers_at_once_send_each_mail_once(workspace: Workspace, mail_server: MailServer) -> None:
    people = [make_reachable(workspace) for _ in range(60)]
    campaign = make_launched(make_survey(workspace))

    workers = [start(workspace.pk, database(), mail_server.port) for _ in range(3)]
    assert [worker.wait(120) for worker in workers] == [0, 0, 0]

    with workspace_scope(workspace.pk):
        assert statuses(campaign) == {"sent": 60}
        campaign.refresh_from_db()
        assert campaign.status == "done"
        expected = {person.identities.get().value for person in people}
    assert sorted(mail_server.recipients) == sorted(expected)


def test_a_worker_killed_while_it_hands_over_leaves_one_uncertain_and_the_rest_queued(
    workspace: Workspace, mail_server: MailServer
) -> None:
    make_reachable(workspace, "slow@example.com")
    campaign = make_launched(make_survey(workspace))
    with workspace_scope(workspace.pk):
        # The slow one is due first; the others lie in the same claim behind it.
        Invitation.objects.update(due_at=now() - timedelta(hours=1))
    others = [make_reachable(workspace) for _ in range(4)]
    second = make_launched(make_survey(workspace), name="Second")

    worker = start(workspace.pk, database(), mail_server.port)
    wait_for(mail_server.reached.is_set)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    mail_server.go_on.set()

    with workspace_scope(workspace.pk):
        assert statuses(campaign) == {"sending": 1}
        assert Counter(statuses(second)) == {"sending": 4, "skipped": 1}
        # The lease still runs: neither sweeper nor another worker touches what is claimed.
        assert sweep(workspace=workspace) == (0, 0)
        assert send_due(workspace=workspace) == 0
        with after_the_lease():
            assert sweep(workspace=workspace) == (4, 1)
            assert send_due(workspace=workspace) == 4
            assert sweep(workspace=workspace) == (0, 0)
        assert statuses(campaign) == {"uncertain": 1}
        assert Counter(statuses(second)) == {"sent": 4, "skipped": 1}
        expected = {person.identities.get().value for person in others}
    assert Counter(mail_server.recipients) == Counter(expected | {"slow@example.com"})


def test_workers_killed_again_and_again_neither_lose_nor_double_a_mail(
    workspace: Workspace, mail_server: MailServer
) -> None:
    people = [make_reachable(workspace) for _ in range(50)]
    campaign = make_launched(make_survey(workspace))

    for received in (1, 14, 30):
        worker = start(workspace.pk, database(), mail_server.port)
        wait_for(lambda enough=received: len(mail_server.raw) >= enough)  # type: ignore[misc]
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
        with workspace_scope(workspace.pk), after_the_lease():
            sweep(workspace=workspace)
    with workspace_scope(workspace.pk), after_the_lease():
        send_due(workspace=workspace)
        found = statuses(campaign)
        uncertain = set(
            Invitation.objects.filter(status="uncertain").values_list("customer", flat=True)
        )
        address = {person.pk: person.identities.get().value for person in people}

    assert found["sent"] + found["uncertain"] == 50
    assert found["uncertain"] <= 3
    received_by = Counter(mail_server.recipients)
    assert max(received_by.values()) == 1
    # Whoever is marked as sent got the mail; of the uncertain ones nobody knows.
    missing = set(address.values()) - set(received_by)
    assert missing <= {address[customer] for customer in uncertain}
