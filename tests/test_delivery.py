"""From the door to the mail server through a real broker and real workers that are killed."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.health.models import Heartbeat
from cxm.workspaces.models import Workspace
from surveys.invitations.models import Campaign, Invitation
from tests.brokers import Broker, broker, has_redis
from tests.surveys.conftest import MailServer, mail_server
from tests.surveys.make import make_launched, make_reachable, make_survey

__all__ = ["mail_server"]

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = 30
SEND = "surveys.invitations.tasks.send_due"
SWEEP = "surveys.invitations.tasks.sweep"


@pytest.fixture(params=["pgmq", "redis"])
def running(
    request: pytest.FixtureRequest, mail_server: MailServer, tmp_path: Path
) -> Iterator[Broker]:
    """Each broker in turn; Redis where it is installed, and always in CI."""
    if request.param == "redis" and not has_redis() and not os.environ.get("CI"):
        pytest.skip("no redis-server on this machine")
    name = str(connection.settings_dict["NAME"])
    with broker(request.param, database=name, mail_port=mail_server.port, folder=tmp_path) as found:
        yield found


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def statuses(workspace: Workspace, campaign: Campaign) -> Counter[str]:
    """Count the invitations of a campaign by status."""
    with workspace_scope(workspace.pk):
        rows = Invitation.objects.filter(campaign=campaign)
        return Counter(rows.values_list("status", flat=True))


def test_the_canary_comes_through(running: Broker, tmp_path: Path) -> None:
    running.start_worker(tmp_path / "worker.log")
    running.send("cxm.health.tasks.canary", "web")
    wait_for(Heartbeat.objects.filter(name="web", received_at__isnull=False).exists)


def test_a_send_survives_killed_workers_and_doubles_nothing(
    running: Broker, workspace: Workspace, mail_server: MailServer, tmp_path: Path
) -> None:
    people = [make_reachable(workspace) for _ in range(MAILS)]
    campaign = make_launched(make_survey(workspace))
    log = tmp_path / "worker.log"

    worker = running.start_worker(log)
    running.send(SEND)
    wait_for(lambda: len(mail_server.raw) >= MAILS // 3)
    running.kill(worker)
    with workspace_scope(workspace.pk):
        # As if the lease of what the dead worker held had run out.
        Invitation.objects.filter(status="sending").update(
            claimed_until=now() - timedelta(seconds=1)
        )

    running.start_worker(log)
    running.send(SWEEP)
    wait_for(lambda: not statuses(workspace, campaign)["sending"])
    running.send(SEND)
    wait_for(
        lambda: not statuses(workspace, campaign).keys() & {"queued", "sending"},
    )

    found = statuses(workspace, campaign)
    assert found["sent"] + found["uncertain"] == MAILS
    assert found["uncertain"] <= 1
    received = Counter(mail_server.recipients)
    assert max(received.values()) == 1
    assert len(people) - len(received) <= found["uncertain"]


def test_a_lost_broker_loses_nothing(
    running: Broker, workspace: Workspace, mail_server: MailServer, tmp_path: Path
) -> None:
    """The outbox is rows; a message that is gone is sent again by beat's next one."""
    make_reachable(workspace)
    campaign = make_launched(make_survey(workspace))
    running.send(SEND)
    running.lose_everything()
    running.start_worker(tmp_path / "worker.log")
    running.send(SEND)
    wait_for(lambda: statuses(workspace, campaign) == {"sent": 1})
    assert len(mail_server.raw) == 1
