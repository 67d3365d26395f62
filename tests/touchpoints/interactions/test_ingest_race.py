"""Several processes taking in the same messages at once."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from cxm.common.scope import workspace_scope
from cxm.customers.keys import anonymous_key, crm_key
from cxm.customers.matching import CustomerFacts
from cxm.customers.models import Customer
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import NOON, make_record, make_source
from touchpoints.interactions.models import Interaction, SourceDay
from touchpoints.interactions.services import Batch, Sender, take

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, MESSAGES, PEOPLE = 4, 120, 30


def test_the_same_messages_at_once_are_stored_once_by_somebody(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    senders = []
    for one in (workspace, other_workspace):
        source, _key = make_source(one)
        with workspace_scope(one.pk):
            senders.append(Sender.of(source))
    barrier, failures = Barrier(THREADS), []

    def work(number: int) -> None:
        # Each begins somewhere else and takes the workspaces in another order.
        order = [*range(number * 7, MESSAGES), *range(number * 7)]
        try:
            barrier.wait(timeout=20)
            for begin in range(0, MESSAGES, 40):
                records = [
                    make_record(
                        f"m{n}",
                        anonymous_id=f"browser-{n % PEOPLE}",
                        customer=CustomerFacts(
                            keys=(
                                crm_key("user", f"u{n % PEOPLE}"),
                                anonymous_key(f"browser-{n % PEOPLE}"),
                            )
                        ),
                    )
                    for n in order[begin : begin + 40]
                ]
                lanes = senders if number % 2 else senders[::-1]
                for sender in lanes:
                    with workspace_scope(sender.workspace_id):
                        take([Batch(sender, records, NOON)])
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failures
    for one in (workspace, other_workspace):
        with workspace_scope(one.pk):
            assert Interaction.objects.count() == MESSAGES
            assert Customer.objects.count() == PEOPLE
            day = SourceDay.objects.get()
            assert (day.received, day.stored) == (THREADS * MESSAGES, MESSAGES)
            assert day.duplicate == day.received - day.stored
