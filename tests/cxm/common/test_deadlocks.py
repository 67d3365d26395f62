"""A transaction that a deadlock ended begins again; anything else goes on to the caller."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from django.db import OperationalError, connection, transaction

from cxm.common.deadlocks import again_after_deadlock
from cxm.common.scope import workspace_scope
from cxm.customers.keys import crm_key
from cxm.customers.models import Customer
from cxm.customers.services import identify
from cxm.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


@again_after_deadlock
def rename(tries: list[int], ids: tuple[UUID, UUID], meet: threading.Barrier) -> None:
    """Change two rows in the given order, and wait in between until the other has begun too."""
    tries.append(1)
    with transaction.atomic():
        Customer.objects.filter(pk=ids[0]).update(name="first")
        if len(tries) == 1:
            meet.wait(10)
        Customer.objects.filter(pk=ids[1]).update(name="second")


def test_who_waits_in_a_ring_begins_again(workspace: Workspace) -> None:
    with workspace_scope(workspace.pk):
        one, two = (identify(keys=[crm_key("till", str(n))]).pk for n in range(2))
    tries: tuple[list[int], list[int]] = ([], [])
    meet = threading.Barrier(2)

    def run(place: int) -> None:
        with workspace_scope(workspace.pk):
            rename(tries[place], (one, two) if place else (two, one), meet)
        connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(map(len, tries)) == [1, 2]
    with workspace_scope(workspace.pk):
        assert set(Customer.objects.values_list("name", flat=True)) == {"first", "second"}


def test_other_errors_go_on(workspace: Workspace) -> None:
    calls = []

    @again_after_deadlock
    def fail() -> None:
        calls.append(1)
        raise OperationalError("the disk is full")

    with pytest.raises(OperationalError, match="disk"):
        fail()
    assert len(calls) == 1
