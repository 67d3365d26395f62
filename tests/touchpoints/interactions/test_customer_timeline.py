"""What a customer did, as their page tells it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxm.customers.facts import Fact, facts_of
from cxm.customers.keys import anonymous_key, crm_key
from cxm.customers.matching import CustomerFacts
from cxm.customers.models import Customer, Identity
from cxm.customers.reports import family_ids
from cxm.customers.services import identify, merge, share_identity, split_identity
from cxm.customers.timeline import TimelineEntry, Wanted, entries_of
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import NOON, make_channel, make_record, make_source, make_touchpoint
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.services import ingest
from touchpoints.interactions.timeline import interactions_of

pytestmark = pytest.mark.django_db

MARA = CustomerFacts(keys=(crm_key("user", "mara"), anonymous_key("browser-1")))
Do = Callable[..., None]


@pytest.fixture
def do(scope: Workspace) -> Do:
    """Let the customer do something, some minutes after noon."""
    source, _key = make_source(scope)

    def something(minutes: float, **overrides: Any) -> None:
        at = NOON + timedelta(minutes=minutes)
        record = make_record(occurred_at=at, **{"customer": MARA, **overrides})
        ingest(source=source, records=[record], received_at=at)

    return something


def page(name: str) -> dict[str, Any]:
    return {"kind": "page", "event": name, "name": name, "url": f"https://shop.example/{name}"}


def told(text: str = "", limit: int = 50) -> list[TimelineEntry]:
    customer = Customer.objects.present().get()
    return list(interactions_of(Wanted(customer, family_ids(customer), limit, text=text)))


def titles(entries: list[TimelineEntry]) -> list[str]:
    return [str(entry.title) for entry in entries]


def test_a_visit_is_one_entry_with_where_it_led(scope: Workspace, do: Do) -> None:
    for minutes, name in enumerate(("Home", "Sofas", "Havn", "Havn", "Lund", "Fjord")):
        do(minutes, **page(name))
    do(6, event="Clicked")
    do(7, event="Page left", dwell_seconds=60.0, dwell_method="foreground")
    do(300, **page("Home"))
    later, visit = told()
    assert titles([visit, later]) == ["Visit, 8 minutes", "Home"]
    assert visit.detail == "Home, Sofas, Havn, Lund and 1 more"
    assert visit.at == NOON


def test_orders_and_what_happens_offline_stand_for_themselves(scope: Workspace, do: Do) -> None:
    place = make_touchpoint(scope, name="Store")
    do(0, **page("Cart"))
    do(1, **page("Checkout"))
    do(2, value=Decimal("240.5"), currency="EUR")
    do(
        3,
        kind="offline",
        event="Store visit",
        touchpoint=place.key,
        properties={"note": "Wants a call.", "place": "Aarhus"},
    )
    store, order, visit = told()
    assert titles([store, order, visit]) == ["Store visit", "Order Completed", "Visit, 1 minute"]
    assert store.detail == "Wants a call. · Aarhus"
    assert (store.tag, store.url) == ("Store", place.get_absolute_url())
    assert order.detail == "240.50 EUR"


def test_who_searches_sees_the_contacts_that_match(scope: Workspace, do: Do) -> None:
    for minutes, name in enumerate(("Home", "Sofas", "Havn")):
        do(minutes, **page(name))
    assert titles(told()) == ["Visit, 2 minutes"]
    assert titles(told("HAVN")) == ["Havn"]
    assert titles(told("shop.example/s")) == ["Sofas"]
    assert told("nothing") == []


def test_pages_of_any_size_tell_the_same(scope: Workspace, do: Do) -> None:
    for day in range(6):
        for minutes in range(3):
            do(day * 1440 + minutes, **page(f"Page {minutes}"))
        do(day * 1440 + 2, value=Decimal(5))
    customer = Customer.objects.get()
    whole = list(entries_of(customer, [customer.pk], limit=100, key="interactions"))
    assert titles(whole) == ["Order Completed", "Visit, 2 minutes"] * 6
    for limit in (1, 2, 5):
        found = list(entries_of(customer, [customer.pk], limit=limit, key="interactions"))
        assert found == whole


def test_the_number_of_queries_does_not_grow(scope: Workspace, do: Do) -> None:
    counts = []
    for day in range(4):
        for minutes in range(2):
            do(day * 1440 + minutes, **page("Home"))
        with CaptureQueriesContext(connection) as captured:
            assert len(told()) == day + 1
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_a_merged_customer_brings_what_they_did(scope: Workspace, do: Do) -> None:
    do(0, **page("Home"))
    other = identify(keys=[crm_key("till", "1")])
    do(60, event="Bought in the store", customer=CustomerFacts(keys=(crm_key("till", "1"),)))
    merge(winner=other, loser=Customer.objects.exclude(pk=other.pk).get())
    assert titles(told()) == ["Bought in the store", "Home"]


def test_a_shared_browser_gives_back_what_came_by_it_alone(scope: Workspace, do: Do) -> None:
    do(0, customer=None, **page("Before"))
    do(100, **page("Logged in"))
    do(200, customer=None, **page("After"))
    assert titles(told()) == ["After", "Logged in", "Before"]
    share_identity(identity=Identity.objects.get(kind="anonymous"))
    assert titles(told()) == ["Logged in"]
    do(300, customer=None, **page("Somebody else"))
    do(400, **page("Logged in again"))
    assert titles(told()) == ["Logged in again", "Logged in"]


def test_a_browser_that_is_split_off_takes_its_visits_along(scope: Workspace, do: Do) -> None:
    do(0, customer=None, **page("Before"))
    do(100, **page("Logged in"))
    new = split_identity(identity=Identity.objects.get(kind="anonymous"))
    theirs = Interaction.objects.filter(customer=new)
    assert [row.name for row in theirs] == ["Before"]


def test_facts_tell_the_first_and_the_last_contact(scope: Workspace, do: Do) -> None:
    lone = identify(keys=[crm_key("till", "1")])
    assert {one.title: one.fact for one in facts_of(lone, [lone.pk])}["Last contact"] is None
    for day in (0, 1, 3):
        do(day * 1440, **page(f"Day {day}"))
        do(day * 1440 + 5, **page("End"))
    customer = Customer.objects.exclude(pk=lone.pk).get()
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        found = {str(one.title): one.fact for one in facts_of(customer, [customer.pk])}
    assert found["First contact"] == Fact("20 May 2026", "Day 0")
    assert found["Last contact"] == Fact("23 May 2026", "End")
    assert found["Visits, last 12 months"] == Fact("3", "6 contacts")


def test_who_comes_back_by_themselves_is_told(scope: Workspace, do: Do) -> None:
    make_channel(scope, key="direct", name="Direct")
    three_days = 3 * 24 * 60
    do(-three_days, **page("Home"))
    do(0, **page("Home"))
    do(1, **page("Sofas"))
    do(600, **page("Lund"))
    single, back, first = told()
    assert (back.title, back.tag) == ("Visit, 1 minute", "Returning, direct")
    assert str(single.detail).endswith(" · Returning, direct")
    assert "Returning" not in f"{first.tag} {first.detail}"
