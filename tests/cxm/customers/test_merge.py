from collections.abc import Sequence
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.customers.families import below, join, root_of
from cxm.customers.keys import crm_key, email_key
from cxm.customers.models import Consent, Customer, Identity, Merge, Suggestion
from cxm.customers.privacy import erase_customer
from cxm.customers.reports import family_ids
from cxm.customers.services import identify, merge, record_consent, resolve_many, undo_merge
from cxm.workspaces.models import AuditEntry, User, Workspace
from tests.cxm.customers.make import make_customer
from tests.make import make_workspace

MARA = email_key("mara@example.com")
SHOP = crm_key("shop", "88120")


def make_people(workspace: Workspace, count: int) -> list[Customer]:
    return [
        make_customer(workspace, crm_key(f"s{n}", str(n)), name=f"P{n}", traits={"n": n})
        for n in range(count)
    ]


def state() -> list[tuple[object, ...]]:
    """Return everything that a merge might touch by mistake."""
    return [
        *Customer.objects.order_by("pk").values_list(
            "pk", "number", "name", "language", "traits", "erased_at", "merged_into", "root"
        ),
        *Identity.objects.order_by("pk").values_list("pk", "customer", "kind", "value"),
        *Consent.objects.order_by("pk").values_list("pk", "customer", "granted", "at"),
    ]


def test_a_merge_moves_nothing_and_makes_one_family(scope: Workspace, alice: User) -> None:
    stays, goes = make_people(scope, 2)
    found = merge(winner=stays, loser=goes, by=alice)
    assert (found.winner, found.loser, found.by) == (stays, goes, alice)
    assert (goes.merged_into, goes.root, stays.root) == (stays, stays.pk, stays.pk)
    assert family_ids(goes) == family_ids(stays) == [stays.pk, goes.pk]
    assert resolve_many([crm_key("s1", "1")]) == {crm_key("s1", "1"): goes.pk}
    assert AuditEntry.objects.get(action="merged").object_id == str(goes.pk)


def test_undoing_restores_exactly(scope: Workspace, alice: User) -> None:
    stays, goes = make_people(scope, 2)
    record_consent(customer=goes, purpose="survey", channel="email", granted=True, source="x")
    before = state()
    found = merge(winner=stays, loser=goes)
    assert state() != before
    undo_merge(merge=found, by=alice)
    assert state() == before
    assert found.undone_by == alice
    at = found.undone_at
    assert undo_merge(merge=found).undone_at == at
    assert AuditEntry.objects.filter(action="undone merge of").count() == 1


def test_merging_twice_is_harmless(scope: Workspace) -> None:
    first, second, third = make_people(scope, 3)
    found = merge(winner=first, loser=second)
    assert merge(winner=first, loser=second) == found
    assert merge(winner=second, loser=first) == found
    merge(winner=second, loser=third)
    assert third.merged_into == first
    assert Merge.objects.count() == 2
    assert AuditEntry.objects.filter(action="merged").count() == 2


def test_a_family_goes_over_as_a_whole_and_comes_back_as_a_whole(scope: Workspace) -> None:
    a, b, c = make_people(scope, 3)
    merge(winner=b, loser=a)
    whole = state()
    found = merge(winner=c, loser=b)
    assert set(family_ids(c)) == {a.pk, b.pk, c.pk}
    undo_merge(merge=found)
    assert state() == whole


def test_an_older_merge_can_be_undone_below_a_newer_one(scope: Workspace) -> None:
    a, b, c = make_people(scope, 3)
    older = merge(winner=b, loser=a)
    merge(winner=c, loser=b)
    undo_merge(merge=older)
    a.refresh_from_db()
    assert a.merged_into is None
    assert family_ids(c) == [c.pk, b.pk]


def test_who_was_erased_is_merged_no_more(scope: Workspace) -> None:
    a, b, c = make_people(scope, 3)
    found = merge(winner=a, loser=b)
    erase_customer(b)
    a.refresh_from_db()
    assert a.is_erased
    for winner, loser in ((a, c), (c, a), (c, b)):
        with pytest.raises(DomainError) as refused:
            merge(winner=winner, loser=loser)
        assert refused.value.code == "customer_erased"
    with pytest.raises(DomainError) as refused:
        undo_merge(merge=found)
    assert refused.value.code == "customer_erased"


def test_nobody_is_merged_into_themselves(scope: Workspace) -> None:
    (a,) = make_people(scope, 1)
    with pytest.raises(DomainError, match="themselves"):
        merge(winner=a, loser=a)
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=a.pk).update(merged_into=a)


def test_customers_of_two_workspaces_are_never_merged(
    scope: Workspace, other_workspace: Workspace
) -> None:
    (a,) = make_people(scope, 1)
    stranger = make_customer(other_workspace)
    for winner, loser in ((a, stranger), (stranger, a)):
        with pytest.raises(DomainError) as refused:
            merge(winner=winner, loser=loser)
        assert refused.value.code == "other_workspace"


def test_an_undone_merge_is_not_suggested_and_not_made_by_a_system(scope: Workspace) -> None:
    first = identify(keys=[crm_key("user", "1")])
    second = identify(keys=[crm_key("user", "2")])
    undo_merge(merge=merge(winner=first, loser=second))
    identify(keys=[crm_key("user", "1")], aliases=[crm_key("user", "2")])
    second.refresh_from_db()
    assert second.merged_into is None
    assert not Suggestion.objects.waiting().exists()
    # A person may change their mind.
    merge(winner=first, loser=second)
    assert second.merged_into == first


Step = tuple[str, int, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
        st.tuples(st.just("undo"), st.integers(0, 20), st.just(0)),
    ),
    max_size=12,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
@pytest.mark.django_db
def test_any_order_of_merges_and_undos_is_what_the_edges_say(steps: Sequence[Step]) -> None:
    workspace = make_workspace()
    with workspace_scope(workspace.pk):
        people = make_people(workspace, 6)
        before = state()
        edges: dict[UUID, UUID] = {}
        made: list[Merge] = []
        for kind, one, two in steps:
            if kind == "merge" and one != two:
                expected = join(edges, [(people[one].pk, people[two].pk)])
                found = merge(winner=people[one], loser=people[two])
                if expected:
                    assert (found.winner_id, found.loser_id) == expected[0]
                    made.append(found)
            elif kind == "undo" and made:
                undone = made.pop(one % len(made))
                undo_merge(merge=undone)
                del edges[undone.loser_id]
            for person in people:
                person.refresh_from_db()
                root = root_of(edges, person.pk)
                assert person.root == root
                assert set(family_ids(person)) == below(edges, root)
        for undone in made[::-1] if len(steps) % 2 else made:
            undo_merge(merge=undone)
        assert state() == before
