"""Whoever lists, counts, selects, contacts, exports or erases sees a family as one person."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxm.customers.keys import crm_key, email_key, phone_key
from cxm.customers.models import Consent, Customer, Identity, Suggestion
from cxm.customers.privacy import erase_customer, export_customer
from cxm.customers.reports import (
    consents_of,
    contactable,
    families_of,
    family_ids,
    person_of,
    segments_of,
    sizes_of,
)
from cxm.customers.services import (
    create_customer,
    identify,
    merge,
    record_consent,
    set_identities,
    suppress,
    undo_merge,
)
from cxm.workspaces.models import Workspace
from tests.cxm.customers.make import Condition, make_customer, make_segment

MARA = email_key("mara@example.com")
OLD = email_key("mara@old.example")
SURVEY = ("survey", "email")


@pytest.fixture
def mara(scope: Workspace) -> Customer:
    """Two who are one: the winner has the plan and a consent, the loser the address."""
    with time_machine.travel(datetime(2026, 1, 10, tzinfo=UTC), tick=False):
        loser = make_customer(
            scope, OLD, language="da", traits={"plan": "basic", "city": "Aarhus", "n": 7}
        )
    winner = make_customer(
        scope, crm_key("shop", "1"), name="Mara", traits={"plan": "gold"}, consent=SURVEY
    )
    merge(winner=winner, loser=loser)
    return winner


def loser_of(customer: Customer) -> Customer:
    return Customer.objects.get(merged_into=customer)


def test_the_winners_facts_stand_first_and_the_rest_fills_gaps(mara: Customer) -> None:
    person = person_of(loser_of(mara))
    assert person.customer == mara
    assert (person.name, person.language) == ("Mara", "da")
    assert person.traits == {"plan": "gold", "city": "Aarhus", "n": 7}
    assert person.since == datetime(2026, 1, 10, tzinfo=UTC)


def test_families_of_many_take_one_query(mara: Customer, scope: Workspace) -> None:
    lone = make_customer(scope)
    loser = loser_of(mara)
    with CaptureQueriesContext(connection) as captured:
        found = families_of([mara.pk, loser.pk, lone.pk])
    assert len(captured) == 1
    assert found == {
        mara.pk: [mara.pk, loser.pk],
        loser.pk: [mara.pk, loser.pk],
        lone.pk: [lone.pk],
    }
    assert family_ids(loser) == found[loser.pk]


@pytest.mark.parametrize(
    "condition",
    [
        ("trait", "plan", "is", "gold"),
        ("trait", "city", "is", "Aarhus"),
        ("trait", "city", "is_set", ""),
        ("trait", "n", "greater", "6"),
        ("language", "", "is", "da"),
        ("identity", "email", "has", ""),
        ("identity", "crm", "has", ""),
        ("consent", "survey/email", "granted", ""),
        ("created_at", "", "before", "2026-01-11"),
    ],
)
def test_segments_test_the_whole_person(
    mara: Customer, scope: Workspace, condition: Condition
) -> None:
    segment = make_segment(scope, condition)
    assert list(segment.customers()) == [mara]
    assert segments_of(loser_of(mara)) == segments_of(mara) == [segment]
    assert sizes_of([segment]) == {segment.pk: 1}


@pytest.mark.parametrize(
    "condition",
    [
        ("trait", "plan", "is", "basic"),
        ("trait", "city", "is_not_set", ""),
        ("language", "", "is_not", "da"),
        ("identity", "email", "has_not", ""),
        ("consent", "survey/email", "not_granted", ""),
        ("created_at", "", "after", "2026-01-11"),
        ("created_at", "", "within_days", "30"),
    ],
)
def test_segments_leave_out_whom_the_whole_person_rules_out(
    mara: Customer, scope: Workspace, condition: Condition
) -> None:
    assert not make_segment(scope, condition).customers().exists()


def test_consent_of_one_holds_for_the_address_of_the_other(mara: Customer) -> None:
    for customer in (mara, loser_of(mara)):
        found = contactable(Customer.objects.filter(pk=customer.pk), *SURVEY)
        assert found.allowed == {customer.pk: OLD.value}


def test_the_latest_word_of_anybody_in_the_family_holds(mara: Customer) -> None:
    loser = loser_of(mara)
    record_consent(
        customer=loser, purpose="survey", channel="email", granted=False, source="a call"
    )
    everybody = Customer.objects.present()
    assert contactable(everybody, *SURVEY).refused == {mara.pk: "no_consent"}
    assert [line.granted for line in consents_of(mara).current] == [False]
    assert Consent.objects.current().count() == 1
    record_consent(
        customer=mara,
        purpose="survey",
        channel="email",
        granted=True,
        source="shop",
        at=datetime.now(UTC) - timedelta(days=400),
    )
    assert contactable(everybody, *SURVEY).refused == {mara.pk: "no_consent"}


def test_who_unsubscribed_with_one_address_is_not_written_to_at_another(
    mara: Customer, scope: Workspace
) -> None:
    another = make_customer(scope, MARA)
    merge(winner=mara, loser=another)
    suppress(channel="email", address=OLD.value, reason="bounce")
    assert contactable(Customer.objects.present(), *SURVEY).allowed == {mara.pk: MARA.value}
    suppress(channel="email", address=OLD.value, reason="unsubscribed")
    assert contactable(Customer.objects.present(), *SURVEY).refused == {mara.pk: "suppressed"}


def test_contacts_take_two_queries_however_large_the_families(
    mara: Customer, scope: Workspace
) -> None:
    for n in range(5):
        merge(winner=mara, loser=make_customer(scope, email_key(f"m{n}@example.com")))
    with CaptureQueriesContext(connection) as captured:
        contactable(Customer.objects.present(), *SURVEY)
    assert len(captured) == 2


def test_search_finds_the_person_by_what_a_part_is_known_by(mara: Customer) -> None:
    loser = loser_of(mara)
    for term in (OLD.value.upper(), loser.number, mara.number, "mar", "1"):
        assert list(Customer.objects.search(term)) == [mara]


def test_an_export_holds_the_whole_family(mara: Customer) -> None:
    loser = loser_of(mara)
    for customer in (mara, loser):
        export = export_customer(customer)
        assert export["customer"] == mara.number
        numbers = {row["number"] for row in export["tables"]["customers.customer"]["rows"]}
        assert numbers == {mara.number, loser.number}
        values = {row["value"] for row in export["tables"]["customers.identity"]["rows"]}
        assert values == {OLD.value, "1"}


def test_erasing_a_part_erases_the_whole_person(mara: Customer, scope: Workspace) -> None:
    loser = loser_of(mara)
    hint = make_customer(scope, crm_key("till", "1"))
    identify(keys=[crm_key("shop", "1"), crm_key("till", "1")])
    suppress(channel="email", address=OLD.value, reason="unsubscribed")
    erase_customer(loser)
    for customer in (mara, loser):
        customer.refresh_from_db()
        assert customer.is_erased
        assert (customer.name, customer.traits, customer.language) == ("", {}, "")
    assert not Identity.objects.exclude(customer=hint).exists()
    assert not Consent.objects.exists()
    assert not Suggestion.objects.exists()
    assert export_customer(mara)["suppressed_channels"] == []


def test_the_identities_of_a_person_are_set_as_a_whole(mara: Customer) -> None:
    set_identities(customer=mara, keys=[OLD, phone_key("+4570102030")])
    owners = dict(Identity.objects.values_list("kind", "customer"))
    assert owners == {"email": loser_of(mara).pk, "phone": mara.pk}


def test_who_was_taken_out_again_is_counted_again(mara: Customer, scope: Workspace) -> None:
    segment = make_segment(scope)
    assert segment.customers().count() == 1
    merged = loser_of(mara).merges_lost.get()
    undo_merge(merge=merged)
    assert segment.customers().count() == 2
    create_customer()
    assert segment.customers().count() == 3
