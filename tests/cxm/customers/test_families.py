from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from cxm.customers.families import below, join, root_of

A, B, C, D = (UUID(int=n) for n in range(1, 5))
PEOPLE = [UUID(int=n) for n in range(8)]
PAIRS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=20)


def test_who_was_never_merged_is_their_own_root() -> None:
    assert root_of({}, A) == A
    assert below({}, A) == {A}


def test_a_chain_leads_to_its_end() -> None:
    edges = {A: B, B: C}
    assert [root_of(edges, one) for one in (A, B, C)] == [C, C, C]
    assert below(edges, B) == {A, B}
    assert below(edges, C) == {A, B, C}


def test_a_merge_of_a_merged_customer_joins_the_roots() -> None:
    edges = {A: B}
    assert join(edges, [(C, A)]) == [(C, B)]
    assert join(edges, [(A, D)]) == [(C, D)]
    assert {root_of(edges, one) for one in (A, B, C, D)} == {C}


@given(PAIRS)
def test_no_order_of_merges_closes_a_circle(pairs: list[tuple[UUID, UUID]]) -> None:
    edges: dict[UUID, UUID] = {}
    taken = join(edges, pairs)
    assert len(taken) == len(edges)
    for winner, loser in pairs:
        assert root_of(edges, winner) == root_of(edges, loser)
    roots = {root_of(edges, one) for one in PEOPLE}
    assert len(roots) == len(PEOPLE) - len(edges)
    assert sorted(one for root in roots for one in below(edges, root)) == PEOPLE


@given(PAIRS)
def test_what_is_one_already_takes_no_merge(pairs: list[tuple[UUID, UUID]]) -> None:
    edges: dict[UUID, UUID] = {uuid4(): A}
    join(edges, pairs)
    before = dict(edges)
    assert join(edges, pairs) == []
    assert edges == before
