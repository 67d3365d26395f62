"""Two transactions at once, on two connections."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from cxm.common.deadlocks import again_after_deadlock
from cxm.common.scope import workspace_scope
from cxm.customers.keys import anonymous_key, email_key
from cxm.customers.matching import CustomerFacts
from cxm.customers.models import Customer, Identity
from cxm.customers.services import identify, identify_many
from cxm.workspaces.models import Workspace

MARA = email_key("mara@example.com")


def at_once(
    workspace: Workspace, *works: Callable[[], object], again: bool = False
) -> list[object]:
    """Run the works in transactions that begin together, and return what each returned.

    With `again`, one that PostgreSQL ends to break a ring of waiters begins once more.
    """
    barrier = threading.Barrier(len(works))
    results: dict[int, object] = {}
    begun: set[int] = set()

    def once(place: int, work: Callable[[], object]) -> None:
        with workspace_scope(workspace.pk), transaction.atomic():
            Customer.objects.count()
            if place not in begun:
                begun.add(place)
                barrier.wait(timeout=10)
            results[place] = work()

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            (again_after_deadlock(once) if again else once)(place, work)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return [results[place] for place in range(len(works))]


@pytest.mark.django_db(transaction=True)
def test_one_new_key_in_two_transactions_makes_one_customer(workspace: Workspace) -> None:
    found = at_once(workspace, *[lambda: identify(keys=[MARA]).pk] * 4)
    assert len(set(found)) == 1
    with workspace_scope(workspace.pk):
        assert Customer.objects.count() == Identity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_rows_in_opposite_order_neither_lock_up_nor_double(workspace: Workspace) -> None:
    rows = [CustomerFacts((anonymous_key(str(n)),), {"n": n}) for n in range(50)]
    at_once(
        workspace,
        lambda: identify_many(rows)[0].customer,
        lambda: identify_many(rows[::-1])[0].customer,
    )
    # Once more, now that all are known and only their rows are locked.
    changed = [CustomerFacts(row.keys, {"n": -1}) for row in rows]
    at_once(
        workspace,
        lambda: identify_many(changed)[0].customer,
        lambda: identify_many(changed[::-1])[0].customer,
    )
    with workspace_scope(workspace.pk):
        assert Customer.objects.count() == 50
        assert sorted(Customer.objects.values_list("number", flat=True)) == [
            f"C-{n}" for n in range(10_001, 10_051)
        ]
