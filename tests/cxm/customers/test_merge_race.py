"""Merges and undos at once, on connections of their own."""

from __future__ import annotations

import pytest

from cxm.common.scope import workspace_scope
from cxm.customers.keys import crm_key
from cxm.customers.matching import CustomerFacts
from cxm.customers.models import Customer, Merge
from cxm.customers.privacy import erase_customer
from cxm.customers.services import identify_many, merge, undo_merge
from cxm.workspaces.models import Workspace
from tests.cxm.customers.make import make_customer
from tests.cxm.customers.test_identify_race import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def people(workspace: Workspace, count: int) -> list[Customer]:
    return [make_customer(workspace, crm_key("s", str(n))) for n in range(count)]


def fresh(customer: Customer) -> Customer:
    return Customer.objects.get(pk=customer.pk)


def test_two_who_merge_each_other_at_once_make_one_merge(workspace: Workspace) -> None:
    a, b = people(workspace, 2)
    found = at_once(
        workspace,
        lambda: merge(winner=fresh(a), loser=fresh(b)).pk,
        lambda: merge(winner=fresh(b), loser=fresh(a)).pk,
        lambda: merge(winner=fresh(a), loser=fresh(b)).pk,
    )
    assert len(set(found)) == 1
    with workspace_scope(workspace.pk):
        assert Merge.objects.count() == 1
        assert {fresh(a).root, fresh(b).root} == {Merge.objects.get().winner_id}


def test_a_ring_of_merges_at_once_becomes_one_family_and_no_circle(workspace: Workspace) -> None:
    ring = people(workspace, 4)
    at_once(
        workspace,
        *[
            lambda n=n: merge(winner=fresh(ring[n]), loser=fresh(ring[(n + 1) % 4])).pk
            for n in range(4)
        ],
    )
    with workspace_scope(workspace.pk):
        roots = {fresh(one).root for one in ring}
        assert len(roots) == 1
        assert Merge.objects.active().count() == 3
        assert Customer.objects.present().count() == 1


def test_facts_aliases_merges_and_undos_at_once_neither_lock_up_nor_lose(
    workspace: Workspace,
) -> None:
    crowd = people(workspace, 12)
    with workspace_scope(workspace.pk):
        made = [merge(winner=crowd[n], loser=crowd[n + 1]) for n in range(0, 12, 2)]
    keys = [crm_key("s", str(n)) for n in range(12)]
    rows = [CustomerFacts((key,), {"seen": place}) for place, key in enumerate(keys)]
    aliased = [CustomerFacts((keys[n],), aliases=(keys[n + 2],)) for n in (0, 4, 8)]
    at_once(
        workspace,
        lambda: identify_many(rows),
        lambda: identify_many(rows[::-1]),
        lambda: identify_many([*rows[::3], *aliased]),
        lambda: [undo_merge(merge=one) for one in made[::-1]],
        lambda: merge(winner=fresh(crowd[11]), loser=fresh(crowd[6])),
        # Several undos in one transaction: no order of locks within each can keep a ring away.
        again=True,
    )
    with workspace_scope(workspace.pk):
        edges = dict(Merge.objects.active().values_list("loser_id", "winner_id"))
        for one in Customer.objects.all():
            above = one.pk
            while above in edges:
                above = edges[above]
            assert one.root == above
        assert {one.traits["seen"] for one in map(fresh, crowd)} == set(range(12))


def test_who_is_erased_at_the_moment_of_a_merge_is_erased_or_refused(workspace: Workspace) -> None:
    a, b = people(workspace, 2)

    def join() -> str:
        try:
            merge(winner=fresh(a), loser=fresh(b))
        except Exception as error:
            return str(getattr(error, "code", error))
        return "merged"

    _, outcome = at_once(workspace, lambda: erase_customer(fresh(b)), join)
    with workspace_scope(workspace.pk):
        if outcome == "merged":
            assert fresh(a).is_erased
            assert fresh(b).is_erased
        else:
            assert outcome == "customer_erased"
            assert not fresh(a).is_erased
