from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from cxm.common.scope import workspace_scope
from cxm.customers.keys import anonymous_key, crm_key, email_key
from cxm.customers.matching import CustomerFacts
from cxm.customers.models import Customer
from cxm.kpis.models import StaleDay
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import NOON, make_record, make_source, make_touchpoint
from touchpoints.interactions.models import Interaction, MessageKey, Quarantined, SourceDay
from touchpoints.interactions.records import Counts, Record, Refused, RefusedRecordError
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db


def take(workspace: Workspace, *records: Record | Refused, name: str = "Web shop") -> Counts:
    source, _key = make_source(workspace, name)
    with workspace_scope(workspace.pk):
        return ingest(source=source, records=records, received_at=NOON)


def test_a_record_is_stored_whole(scope: Workspace) -> None:
    record = make_record(
        "m1",
        value=Decimal("12.5"),
        currency="EUR",
        quantity=3,
        dwell_seconds=64.5,
        dwell_method="reported",
        url="https://shop.example/thanks",
        properties={"visitor_type": "New", "ø": [1, None, {"x": True}]},
        context={"locale": "da"},
    )
    assert take(scope, record) == Counts(read=1, stored=1)
    row = Interaction.objects.get()
    assert (row.event, row.value, row.currency, row.quantity) == (
        "Order Completed",
        Decimal("12.5"),
        "EUR",
        3,
    )
    assert (row.dwell_seconds, row.dwell_method) == (64.5, "reported")
    assert row.properties == {"visitor_type": "New", "ø": [1, None, {"x": True}]}
    assert row.context == {"locale": "da"}
    assert row.occurred_at == NOON
    assert Interaction.objects.with_id(row.id).get() == row


def test_the_same_message_counts_once_whatever_its_time(scope: Workspace) -> None:
    source, _key = make_source(scope)
    first = make_record("m1")
    again = make_record("m1", occurred_at=NOON - timedelta(days=70))
    assert ingest(source=source, records=[first], received_at=NOON).stored == 1
    assert ingest(source=source, records=[again], received_at=NOON) == Counts(1, 0, 1, 0)
    assert Interaction.objects.get().occurred_at == NOON


def test_a_message_twice_in_one_batch_counts_once(scope: Workspace) -> None:
    assert take(scope, make_record("m1"), make_record("m1"), make_record("m2")) == Counts(
        3, 2, 1, 0
    )


def test_the_same_message_in_two_workspaces_is_two(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    for one in (workspace, other_workspace):
        assert take(one, make_record("m1")).stored == 1
    with workspace_scope(workspace.pk):
        assert Interaction.objects.count() == 1
        assert MessageKey.objects.count() == 1


def test_a_bad_row_leaves_its_neighbours_alone(scope: Workspace) -> None:
    bad = make_record("m3", properties={"note": "nul \x00"}, raw={"note": "nul \x00"})
    records = [*(make_record(f"m{n}") for n in range(3)), bad, make_record("m4")]
    assert take(scope, *records) == Counts(5, 4, 0, 1)
    row = Quarantined.objects.get()
    assert row.reason == "refused_by_database"
    assert "\\u0000" in row.raw


def test_what_is_refused_is_kept_once_and_counted_as_duplicate_after(scope: Workspace) -> None:
    source, _key = make_source(scope)
    bad = Refused("b1", "no_event", "The track call has no event.", {"type": "track"}, "segment")
    for expected in (Counts(1, 0, 0, 1), Counts(1, 0, 1, 0)):
        assert ingest(source=source, records=[bad], received_at=NOON) == expected
    assert Quarantined.objects.get().detail == "The track call has no event."


def test_touchpoints_are_found_and_unknown_ones_refused(scope: Workspace) -> None:
    paid = make_touchpoint(scope, key="paid", event_names=["order completed"])
    shop = make_touchpoint(scope, key="shop", page_prefix="/shop")
    take(
        scope,
        make_record("by-event"),
        make_record("by-page", kind="page", event="Shop", url="https://x.example/shop/a"),
        make_record("by-key", touchpoint="shop"),
        make_record("by-none", event="Nothing"),
        make_record("unknown", touchpoint="gone"),
    )
    found = dict(Interaction.objects.values_list("event", "touchpoint_id"))
    assert found["Shop"] == shop.pk
    assert found["Nothing"] is None
    assert set(
        Interaction.objects.filter(event="Order Completed").values_list("touchpoint", flat=True)
    ) == {paid.pk, shop.pk}
    assert Quarantined.objects.get().reason == "unknown_touchpoint"


def test_customers_are_found_or_made_and_anonymous_rows_adopted(scope: Workspace) -> None:
    source, _key = make_source(scope)
    ingest(source=source, records=[make_record("before")], received_at=NOON)
    assert Interaction.objects.get().customer_id is None
    assert not Customer.objects.exists()
    facts = CustomerFacts(
        keys=(crm_key("user", "u1"), email_key("ann@example.com"), anonymous_key("browser-1"))
    )
    ingest(source=source, records=[make_record("known", customer=facts)], received_at=NOON)
    ingest(source=source, records=[make_record("after")], received_at=NOON)
    customer = Customer.objects.get()
    assert set(Interaction.objects.values_list("customer", flat=True)) == {customer.pk}


def test_a_duplicate_changes_no_customer(scope: Workspace) -> None:
    source, _key = make_source(scope)
    named = make_record(
        "m1", customer=CustomerFacts(keys=(crm_key("user", "u1"),), traits={"plan": "gold"})
    )
    ingest(source=source, records=[named], received_at=NOON)
    old = replace(
        named, customer=CustomerFacts(keys=(crm_key("user", "u1"),), traits={"plan": "old"})
    )
    ingest(source=source, records=[old], received_at=NOON)
    assert Customer.objects.get().traits == {"plan": "gold"}


def test_days_of_the_workspace_become_stale(scope: Workspace) -> None:
    scope.timezone = "Pacific/Auckland"
    scope.save()
    take(scope, make_record(occurred_at=datetime(2026, 5, 19, 13, 0, tzinfo=UTC)))
    assert [d.day.isoformat() for d in StaleDay.objects.filter(feed="interactions")] == [
        "2026-05-20"
    ]


def test_counters_add_up_for_each_source_and_day(scope: Workspace) -> None:
    source, _key = make_source(scope)
    bad = Refused("b", "no_event", "No event.", {}, "segment")
    for _ in range(2):
        ingest(source=source, records=[make_record("m1"), bad], received_at=NOON)
    later = NOON + timedelta(days=1)
    ingest(source=source, records=[make_record("m2")], received_at=later)
    rows = [
        (row.day.day, row.received, row.stored, row.duplicate, row.quarantined)
        for row in SourceDay.objects.order_by("day")
    ]
    assert rows == [(20, 4, 1, 2, 1), (21, 1, 1, 0, 0)]
    source.refresh_from_db()
    assert source.last_seen_at == later


def test_a_time_that_is_yet_to_come_is_refused(scope: Workspace) -> None:
    assert take(scope, make_record(occurred_at=NOON + timedelta(days=3))).quarantined == 1
    assert Quarantined.objects.get().reason == "time_ahead"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"occurred_at": datetime(1999, 12, 31, tzinfo=UTC)}, "time_out_of_range"),
        ({"kind": "teleport"}, "unknown_kind"),
        ({"quantity": 0}, "quantity_out_of_range"),
        ({"dwell_seconds": -1.0, "dwell_method": "reported"}, "dwell_out_of_range"),
        ({"dwell_seconds": float("nan"), "dwell_method": "reported"}, "dwell_out_of_range"),
        ({"dwell_seconds": 1.0}, "unknown_dwell_method"),
        ({"value": Decimal(10) ** 15}, "value_out_of_range"),
    ],
)
def test_a_record_that_cannot_be_is_no_record(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedRecordError) as raised:
        make_record(**fields)
    assert raised.value.reason == reason


def test_ingestion_takes_the_same_statements_however_many_rows(
    scope: Workspace, django_assert_num_queries: object
) -> None:
    source, _key = make_source(scope)
    ingest(source=source, records=[make_record()], received_at=NOON)
    with django_assert_num_queries(26):  # type: ignore[operator]
        ingest(source=source, records=[make_record() for _ in range(50)], received_at=NOON)


def test_outside_its_workspace_nothing_is_seen_or_taken(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    take(workspace, make_record("m1"))
    with workspace_scope(other_workspace.pk):
        assert not Interaction.objects.exists()
        assert not SourceDay.objects.exists()
    assert not Interaction.objects.exists()
    assert not MessageKey.objects.exists()
