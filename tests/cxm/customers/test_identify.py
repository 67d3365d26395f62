import json
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.customers.keys import IdentityKey, anonymous_key, crm_key, email_key, phone_key
from cxm.customers.matching import CustomerFacts, Json
from cxm.customers.models import Customer, Identity
from cxm.customers.services import (
    add_identity,
    create_customer,
    identify,
    identify_many,
    remove_identity,
    resolve_many,
    set_identities,
    update_customer,
)
from cxm.workspaces.models import Workspace
from tests.cxm.customers.make import make_customer
from tests.make import make_workspace

MARA = email_key("mara@example.com")
BROWSER = anonymous_key("browser-1")
PHONE = phone_key("+4570102030")
SHOP = crm_key("shop", "88120")
TILL = crm_key("till", "4471")


def test_an_unknown_key_makes_a_customer_with_the_next_number(scope: Workspace) -> None:
    first = identify(keys=[MARA], name="Mara Lindqvist", language="en", traits={"plan": "gold"})
    second = identify(keys=[BROWSER])
    assert (first.number, second.number) == ("C-10001", "C-10002")
    assert (first.name, first.language, first.traits) == ("Mara Lindqvist", "en", {"plan": "gold"})


def test_numbers_begin_anew_in_each_workspace(scope: Workspace, other_workspace: Workspace) -> None:
    identify(keys=[MARA])
    with workspace_scope(other_workspace.pk):
        assert identify(keys=[MARA]).number == "C-10001"


def test_a_known_key_finds_its_customer(scope: Workspace) -> None:
    mara = identify(keys=[MARA])
    assert identify(keys=[email_key("MARA@Example.com")]) == mara
    assert Customer.objects.count() == 1


def test_a_key_that_comes_with_a_known_one_is_joined(scope: Workspace) -> None:
    visitor = identify(keys=[BROWSER])
    assert identify(keys=[MARA, BROWSER]) == visitor
    assert identify(keys=[SHOP, MARA]) == visitor
    assert resolve_many([BROWSER, MARA, SHOP]) == dict.fromkeys([BROWSER, MARA, SHOP], visitor.pk)


def test_the_strongest_known_key_wins_and_the_other_stays(scope: Workspace) -> None:
    mara = identify(keys=[SHOP])
    visitor = identify(keys=[BROWSER])
    (result,) = identify_many([CustomerFacts((BROWSER, SHOP))])
    assert result.customer == mara.pk
    assert result.conflicts == (BROWSER,)
    assert resolve_many([BROWSER]) == {BROWSER: visitor.pk}


def test_two_people_at_one_browser_stay_two(scope: Workspace) -> None:
    first = identify(keys=[crm_key("user", "1"), BROWSER])
    (result,) = identify_many([CustomerFacts((crm_key("user", "2"), BROWSER))])
    assert result.customer != first.pk
    assert result.status == "created"
    assert result.conflicts == (BROWSER,)


def test_a_new_system_of_the_same_strength_joins(scope: Workspace) -> None:
    mara = identify(keys=[SHOP])
    assert identify(keys=[TILL, SHOP]) == mara


def test_one_person_may_have_several_addresses(scope: Workspace) -> None:
    mara = identify(keys=[SHOP, MARA])
    assert identify(keys=[SHOP, email_key("work@example.com")]) == mara
    assert mara.identities.filter(kind="email").count() == 2


def test_the_status_says_what_a_row_changed(scope: Workspace) -> None:
    rows = [
        CustomerFacts((MARA,), {"plan": "gold"}),
        CustomerFacts((MARA,), {"plan": "gold"}),
        CustomerFacts((MARA,), {"plan": None}),
        CustomerFacts((MARA, BROWSER)),
        CustomerFacts((MARA, BROWSER)),
    ]
    results = identify_many(rows)
    assert [r.status for r in results] == [
        "created",
        "unchanged",
        "updated",
        "updated",
        "unchanged",
    ]
    assert Customer.objects.get().traits == {}


def test_an_empty_name_leaves_what_is_known(scope: Workspace) -> None:
    identify(keys=[MARA], name="Mara", language="da")
    mara = identify(keys=[MARA], name="", traits={"orders": 3})
    assert (mara.name, mara.language, mara.traits) == ("Mara", "da", {"orders": 3})


@pytest.mark.parametrize("traits", [{"a": "\x00"}, {"a": float("nan")}, {"": 1}, {"a": ["\ud800"]}])
def test_facts_that_cannot_be_kept_are_refused_when_made(traits: dict[str, Json]) -> None:
    with pytest.raises(ValueError, match="trait"):
        CustomerFacts((MARA,), traits)


def test_facts_need_a_key() -> None:
    with pytest.raises(ValueError, match="identities"):
        CustomerFacts(())


def test_without_a_workspace_nothing_is_written(db: None) -> None:
    with pytest.raises(RuntimeError, match="workspace_scope"):
        identify(keys=[MARA])


def queries_for(rows: list[CustomerFacts]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        identify_many(rows)
    return sum("SAVEPOINT" not in query["sql"] for query in queries.captured_queries)


def test_the_number_of_queries_does_not_grow_with_the_rows(scope: Workspace) -> None:
    def rows(first: int, last: int) -> list[CustomerFacts]:
        return [
            CustomerFacts((crm_key("shop", f"{n}"), email_key(f"c{n}@example.com")), {"n": n})
            for n in range(first, last)
        ]

    few, many = queries_for(rows(0, 3)), queries_for(rows(3, 903))
    assert few == many == 6
    # Half of them known: also reads what they hold, locks them and writes them back.
    assert queries_for(rows(450, 1350)) <= 9
    # All known, nothing to write: one look-up.
    assert queries_for([CustomerFacts(row.keys) for row in rows(0, 900)]) == 1
    assert Customer.objects.count() == 1350


def test_resolving_takes_one_query(scope: Workspace, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    identify(keys=[MARA, SHOP, BROWSER])
    with django_assert_num_queries(1):
        found = resolve_many([MARA, SHOP, BROWSER, TILL])
    assert set(found) == {MARA, SHOP, BROWSER}


KEYS = st.sampled_from(
    [crm_key("shop", str(n)) for n in range(3)]
    + [crm_key("till", str(n)) for n in range(2)]
    + [email_key(f"{n}@example.com") for n in range(3)]
    + [phone_key(f"+457010203{n}") for n in range(2)]
    + [anonymous_key(str(n)) for n in range(4)]
)
ROWS = st.lists(
    st.builds(
        CustomerFacts,
        st.lists(KEYS, min_size=1, max_size=4).map(tuple),
        st.dictionaries(
            st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 3)), max_size=2
        ),
        st.sampled_from(["", "Ann", "Bo"]),
        st.sampled_from(["", "en", "de"]),
    ),
    max_size=12,
)


def everything(results: list[UUID]) -> str:
    """Describe the workspace's customers by number, and which of them each row meant."""
    numbers = dict(Customer.objects.values_list("pk", "number"))
    people = {
        c.number: (
            c.name,
            c.language,
            c.traits,
            sorted(c.identities.values_list("kind", "system", "value")),
        )
        for c in Customer.objects.all()
    }
    return json.dumps([people, [numbers[pk] for pk in results]], sort_keys=True)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(known=ROWS, rows=ROWS)
def test_many_at_once_equal_one_after_the_other(
    db: None, known: list[CustomerFacts], rows: list[CustomerFacts]
) -> None:
    outcomes = []
    with transaction.atomic():
        for at_once in (True, False):
            with workspace_scope(make_workspace().pk):
                identify_many(known)
                if at_once:
                    found = identify_many(rows)
                else:
                    found = [identify_many([row])[0] for row in rows]
                outcomes.append(
                    everything([f.customer for f in found if f.customer])
                    + str([(f.status, f.conflicts) for f in found])
                )
        transaction.set_rollback(True)
    assert outcomes[0] == outcomes[1]


def test_an_identity_of_somebody_else_cannot_be_added(scope: Workspace) -> None:
    identify(keys=[MARA])
    other = create_customer(name="Other")
    with pytest.raises(DomainError) as refused:
        add_identity(customer=other, key=MARA)
    assert refused.value.code == "identity_taken"


def test_adding_an_identity_twice_changes_nothing(scope: Workspace) -> None:
    mara = create_customer(keys=[MARA])
    assert add_identity(customer=mara, key=MARA).customer == mara
    assert Identity.objects.count() == 1


def test_setting_identities_adds_and_removes(scope: Workspace) -> None:
    mara = create_customer(keys=[MARA, BROWSER])
    set_identities(customer=mara, keys=[BROWSER, SHOP])
    assert {identity.key for identity in mara.identities.all()} == {BROWSER, SHOP}


def test_a_removed_identity_is_free_again(scope: Workspace) -> None:
    mara = create_customer(keys=[MARA])
    remove_identity(identity=mara.identities.get())
    assert identify(keys=[MARA]) != mara


def test_a_stranger_sees_no_customer(workspace: Workspace, other_workspace: Workspace) -> None:
    make_customer(workspace, MARA)
    with workspace_scope(other_workspace.pk):
        assert resolve_many([MARA]) == {}
        assert Customer.objects.count() == 0
    assert Identity.objects.count() == 0


def test_a_trait_is_overlaid_not_replaced(scope: Workspace) -> None:
    identify(keys=[MARA], traits={"plan": "gold", "orders": 2})
    mara = identify(keys=[MARA], traits={"orders": 3})
    assert mara.traits == {"plan": "gold", "orders": 3}


def test_a_key_given_twice_counts_once(scope: Workspace) -> None:
    key: IdentityKey = email_key(" MARA@example.com ")
    mara = identify(keys=[MARA, key])
    assert mara.identities.count() == 1


def test_an_update_writes_only_what_is_given(scope: Workspace) -> None:
    read_before = create_customer(keys=[MARA], name="Mara", traits={"plan": "gold"})
    identify(keys=[MARA], traits={"orders": 3})
    update_customer(customer=read_before, name="Mara L.")
    mara = Customer.objects.get()
    assert (mara.name, mara.traits) == ("Mara L.", {"plan": "gold", "orders": 3})
