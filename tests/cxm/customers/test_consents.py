from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cxm.common.clock import now
from cxm.customers.keys import email_key, phone_key
from cxm.customers.models import Consent, Customer, Suppression
from cxm.customers.privacy import erase_customer
from cxm.customers.reports import contactable
from cxm.customers.services import (
    ConsentEvent,
    is_suppressed,
    record_consent,
    record_consents_many,
    suppress,
    unsuppress,
)
from cxm.workspaces.models import Workspace
from tests.cxm.customers.make import make_customer

MARA = email_key("mara@example.com")
WORK = email_key("mara@work.example")
PHONE = phone_key("+4570102030")
LONG_AGO = datetime(2025, 3, 12, 10, tzinfo=UTC)


def say(customer: Customer, granted: bool, at: datetime, channel: str = "email") -> Consent:
    return record_consent(
        customer=customer,
        purpose="survey",
        channel=channel,
        granted=granted,
        source="checkout",
        at=at,
    )


def test_the_latest_event_holds(scope: Workspace) -> None:
    mara = make_customer(scope, MARA)
    say(mara, False, LONG_AGO + timedelta(days=1))
    say(mara, True, LONG_AGO)
    yes_by_sms = say(mara, True, LONG_AGO, "sms")
    current = Consent.objects.current()
    assert {(c.channel, c.granted) for c in current} == {("email", False), ("sms", True)}
    # A filter before or after must not change what "latest" means.
    assert list(current.filter(granted=True)) == [yes_by_sms]
    assert list(Consent.objects.filter(granted=True).current()) == [yes_by_sms]


def test_of_two_at_one_moment_the_one_written_later_holds(scope: Workspace) -> None:
    mara = make_customer(scope, MARA)
    say(mara, True, LONG_AGO)
    later = say(mara, False, LONG_AGO)
    assert list(Consent.objects.current()) == [later]


def test_consent_without_a_time_holds_from_now(scope: Workspace) -> None:
    mara = make_customer(scope, MARA, consent=("survey", "email"))
    assert now() - mara.consents.get().at < timedelta(minutes=1)


def test_the_database_refuses_to_change_an_event(scope: Workspace) -> None:
    mara = make_customer(scope, MARA)
    event = say(mara, True, LONG_AGO)
    event.granted = False
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        event.save()
    event.refresh_from_db()
    assert event.granted


@pytest.mark.parametrize("words", [("spam", "email"), ("survey", "fax")])
def test_unknown_words_are_refused(words: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="Choose one of"):
        ConsentEvent(MARA_ID, words[0], words[1], granted=True)


MARA_ID = Customer().pk


def test_many_events_take_one_insert(
    scope: Workspace, django_assert_num_queries: Callable[[int], Any]
) -> None:
    mara = make_customer(scope, MARA)
    events = [
        ConsentEvent(mara.pk, "survey", "email", bool(n % 2), at=LONG_AGO + timedelta(days=n))
        for n in range(300)
    ]
    with django_assert_num_queries(1):
        record_consents_many(events)
    assert Consent.objects.current().get().granted


def test_suppression_knows_an_address_however_it_is_written(scope: Workspace) -> None:
    assert suppress(channel="email", address="Mara@Example.com", reason="bounce")
    assert not suppress(channel="email", address="mara@example.com", reason="bounce")
    assert is_suppressed(channel="email", address=" MARA@example.com")
    assert not is_suppressed(channel="email", address="other@example.com")
    assert unsuppress(channel="email", address="mara@EXAMPLE.com")
    assert not unsuppress(channel="email", address="mara@example.com")


def test_a_person_s_own_word_outweighs_a_bounce(scope: Workspace) -> None:
    suppress(channel="email", address="mara@example.com", reason="bounce")
    suppress(channel="email", address="mara@example.com", reason="complaint")
    suppress(channel="email", address="mara@example.com", reason="bounce")
    assert Suppression.objects.get().reason == "complaint"


@pytest.mark.parametrize(
    ("channel", "address", "reason"),
    [("web", "x", "bounce"), ("email", "nonsense", "bounce"), ("email", "a@b.example", "moody")],
)
def test_nonsense_cannot_be_suppressed(
    scope: Workspace, channel: str, address: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=r"is no"):
        suppress(channel=channel, address=address, reason=reason)


def test_who_may_be_contacted_and_why_not(
    scope: Workspace, django_assert_num_queries: Callable[[int], Any]
) -> None:
    agreed = ("survey", "email")
    yes = make_customer(scope, MARA, consent=agreed)
    never_asked = make_customer(scope, email_key("b@example.com"))
    no_address = make_customer(scope, PHONE, consent=agreed)
    unsubscribed = make_customer(scope, email_key("c@example.com"), WORK, consent=agreed)
    suppress(channel="email", address="c@example.com", reason="unsubscribed")
    bounced = make_customer(
        scope, email_key("d@example.com"), email_key("d@work.example"), consent=agreed
    )
    suppress(channel="email", address="d@example.com", reason="bounce")
    dead = make_customer(scope, email_key("e@example.com"), consent=agreed)
    suppress(channel="email", address="e@example.com", reason="bounce")
    erased = make_customer(scope, email_key("f@example.com"), consent=agreed)
    erase_customer(erased)
    withdrew = make_customer(scope, email_key("g@example.com"), consent=agreed)
    say(withdrew, False, now() + timedelta(seconds=1))
    with django_assert_num_queries(2):
        allowed, refused = contactable(Customer.objects.all(), "survey", "email")
    assert allowed == {yes.pk: "mara@example.com", bounced.pk: "d@work.example"}
    assert refused == {
        never_asked.pk: "no_consent",
        no_address.pk: "no_address",
        unsubscribed.pk: "suppressed",
        dead.pk: "suppressed",
        erased.pk: "erased",
        withdrew.pk: "no_consent",
    }


def test_a_phone_serves_text_messages_and_calls(scope: Workspace) -> None:
    mara = make_customer(scope, PHONE, consent=("survey", "sms"))
    assert contactable(Customer.objects.all(), "survey", "sms").allowed == {mara.pk: PHONE.value}
    assert contactable(Customer.objects.all(), "survey", "phone").refused == {mara.pk: "no_consent"}
    assert contactable(Customer.objects.all(), "survey", "post").refused == {mara.pk: "no_address"}


def test_a_sliced_list_of_customers_can_be_asked_about(scope: Workspace) -> None:
    mara = make_customer(scope, MARA, consent=("survey", "email"))
    make_customer(scope, WORK, consent=("survey", "email"))
    chosen = Customer.objects.filter(pk=mara.pk)
    assert list(contactable(chosen, "survey", "email").allowed) == [mara.pk]
