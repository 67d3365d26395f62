from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.customers.keys import anonymous_key, crm_key, email_key
from touchpoints.interactions.records import Record, Refused
from touchpoints.interactions.segment import (
    BATCH,
    LARGEST_EVENT,
    MOST_EVENTS,
    BadCallError,
    Caller,
    open_call,
    read_call,
)

AT = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def call(kind: str = BATCH, **body: object) -> list[Record | Refused]:
    return read_call(json.dumps(body).encode(), kind, AT)


def one(kind: str = "track", **body: object) -> Record:
    item = call(kind, **{"event": "Order", "userId": "u1", "messageId": "m1", **body})[0]
    assert isinstance(item, Record), item
    return item


def refused(kind: str = "track", **body: object) -> Refused:
    item = call(kind, **body)[0]
    assert isinstance(item, Refused), item
    return item


def test_a_track_call_is_read_whole() -> None:
    record = one(
        anonymousId="a1",
        properties={"revenue": "12.50", "currency": "eur", "visitor_type": "New"},
        context={"page": {"url": "https://x.example/a"}, "ip": "203.0.113.7", "sessionId": 17},
        writeKey="k",
    )
    assert record.key == "segment:m1"
    assert (record.kind, record.event, record.url) == ("track", "Order", "https://x.example/a")
    assert (record.value, record.currency, record.visit) == (Decimal("12.50"), "EUR", "17")
    assert record.anonymous_id == "a1"
    assert record.customer is not None
    assert record.customer.keys == (crm_key("user", "u1"), anonymous_key("a1"))
    assert record.occurred_at == AT


def test_network_addresses_are_kept_nowhere() -> None:
    found = call(
        context={"ip": "203.0.113.7", "locale": "da"},
        batch=[
            {"type": "track", "event": "A", "userId": "u", "context": {"ip": "203.0.113.8"}},
            {"type": "track", "userId": "u", "context": {"ip": "203.0.113.9"}},
        ],
    )
    assert "203.0.113" not in repr(found)
    assert isinstance(found[0], Record)
    assert found[0].context == {"locale": "da"}


def test_pages_and_screens_are_known_by_their_name() -> None:
    record = one("page", event="", name="  Home   page ")
    assert (record.kind, record.event, record.name) == ("page", "Home page", "Home page")


def test_identify_gives_traits_and_contact_keys() -> None:
    record = one(
        "identify",
        traits={"email": "Ann@Example.com", "firstName": "Ann", "phone": "not a number", "n": 1},
    )
    assert record.customer is not None
    assert record.customer.keys == (crm_key("user", "u1"), email_key("ann@example.com"))
    assert record.customer.name == "Ann"
    assert record.customer.traits["phone"] == "not a number"


def test_the_anonymous_are_nobody_until_they_say_who_they_are() -> None:
    record = one("identify", userId=None, anonymousId="a1", traits={"plan": "gold"})
    assert record.customer is None
    named = one("identify", userId=None, anonymousId="a1", traits={"email": "a@example.com"})
    assert named.customer is not None


def test_by_a_websites_key_nobody_says_that_two_customers_are_one() -> None:
    body = {"userId": "u1", "previousId": "u2", "messageId": "m"}
    (record,) = read_call(json.dumps(body).encode(), "alias", AT, caller=Caller(public=True))
    assert isinstance(record, Record)
    assert record.customer is not None
    assert record.customer.aliases == (anonymous_key("u2"),)


def test_alias_joins_the_id_before() -> None:
    record = one("alias", previousId="a0")
    assert record.customer is not None
    assert record.customer.keys == (crm_key("user", "u1"),)
    assert record.customer.aliases == (anonymous_key("a0"), crm_key("user", "a0"))


def test_the_senders_clock_is_set_right() -> None:
    record = one(timestamp="2020-01-01T00:00:10Z", sentAt="2020-01-01T00:01:10Z")
    assert record.occurred_at == AT - timedelta(minutes=1)


def test_the_batch_says_when_it_was_sent() -> None:
    item = call(
        sentAt="2020-01-01T00:01:10.000Z",
        batch=[
            {
                "type": "track",
                "event": "A",
                "userId": "u",
                "originalTimestamp": "2020-01-01T00:00:10Z",
                "timestamp": "2019-01-01T00:00:10Z",
            }
        ],
    )[0]
    assert isinstance(item, Record)
    assert item.occurred_at == AT - timedelta(minutes=1)


def test_a_time_without_sent_at_is_taken_as_it_is() -> None:
    assert one(timestamp="2020-01-01T02:00:00+02:00").occurred_at == datetime(
        2020, 1, 1, tzinfo=UTC
    )
    assert one(timestamp=1577836800000).occurred_at == datetime(2020, 1, 1, tzinfo=UTC)


@given(
    skew=st.timedeltas(min_value=timedelta(days=-3000), max_value=timedelta(days=3000)),
    ago=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=300)),
)
def test_no_clock_however_wrong_moves_an_event(skew: timedelta, ago: timedelta) -> None:
    sent = AT + skew
    record = one(sentAt=sent.isoformat(), timestamp=(sent - ago).isoformat())
    assert record.occurred_at == AT - ago


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("track", {"userId": "u"}, "no_event"),
        ("track", {"event": "A"}, "no_identity"),
        ("track", {"event": "A", "userId": {}}, "no_identity"),
        ("track", {"event": "A", "userId": "u", "timestamp": "soon"}, "bad_time"),
        ("track", {"event": "A", "userId": "u", "timestamp": "1999-01-01"}, "time_out_of_range"),
        ("track", {"event": "A", "userId": "u", "messageId": "m" * 100}, "bad_message_id"),
        ("track", {"event": "A", "userId": "u" * 300}, "bad_customer"),
        ("batch", {"batch": [{"event": "A", "userId": "u"}]}, "unknown_type"),
        ("batch", {"batch": ["x"]}, "not_an_object"),
        (
            "batch",
            {"batch": [{"type": "track", "event": "A", "userId": "u", "x": "y" * LARGEST_EVENT}]},
            "event_too_large",
        ),
    ],
)
def test_what_is_no_event_says_why(kind: str, body: dict[str, object], reason: str) -> None:
    assert refused(kind, **body).reason == reason


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("track", b"{", "invalid_json"),
        ("track", b"\xff\xfe", "invalid_json"),
        ("track", b"[" * 20_000, "invalid_json"),
        ("track", b"[]", "invalid_body"),
        ("batch", b"{}", "invalid_body"),
        ("track", json.dumps({"event": "x" * LARGEST_EVENT}).encode(), "event_too_large"),
        ("batch", json.dumps({"batch": [1] * (MOST_EVENTS + 1)}).encode(), "too_many_events"),
    ],
)
def test_a_body_that_cannot_be_read_says_why(kind: str, body: bytes, code: str) -> None:
    with pytest.raises(BadCallError) as raised:
        open_call(body, kind)
    assert raised.value.code == code
    with pytest.raises(BadCallError):
        read_call(body, kind, AT)


def test_the_key_is_found_in_the_body_and_in_the_first_event() -> None:
    assert open_call(b'{"writeKey": "k1"}', "track") == ("k1", 1)
    assert open_call(b'{"batch": [], "writeKey": "k2"}', BATCH) == ("k2", 0)
    assert open_call(b'{"batch": [{"writeKey": "k3"}, {}]}', BATCH) == ("k3", 2)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
json_values = plain | st.lists(plain, max_size=3) | st.dictionaries(st.text(max_size=8), plain)
names = st.sampled_from(
    ["type", "event", "userId", "anonymousId", "messageId", "timestamp", "sentAt", "properties",
     "context", "traits", "name", "originalTimestamp", "previousId", "batch", "writeKey"]
)  # fmt: skip


@given(st.dictionaries(names, json_values), st.sampled_from(["track", "identify", "page", "batch"]))
def test_no_json_whatever_breaks_the_reading(body: dict[str, object], kind: str) -> None:
    try:
        found = read_call(json.dumps(body).encode(), kind, AT)
    except BadCallError:
        return
    assert all(isinstance(item, Record | Refused) for item in found)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_break_the_reading(body: bytes) -> None:
    with pytest.raises(BadCallError):
        read_call(b"\x00" + body, "track", AT)
