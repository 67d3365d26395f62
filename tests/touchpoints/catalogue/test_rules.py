"""Rules decide before event names and addresses, in their order, by conditions that all hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchpoints.catalogue.conditions import (
    FIELDS,
    IS_NOT,
    OPERATORS,
    PROPERTY,
    Condition,
    Contact,
    Facts,
    Glob,
    InvalidConditionError,
    all_hold,
    compiled,
    read_conditions,
)
from touchpoints.catalogue.matching import Matcher

CONTACT = Contact(
    event="Product Viewed",
    url="https://Shop.example/Coffee/Espresso/?colour=red#reviews",
    kind="track",
    source="Web shop",
    utm={"source": "Google", "medium": "cpc", "campaign": "Autumn 2026"},
    properties={
        "plan": "Pro",
        "price": 19.5,
        "gift": True,
        "tags": ["New", "Organic"],
        "product": {"category": "Beans"},
    },
)


@dataclass
class Place:
    key: str
    event_names: list[str] = field(default_factory=list)
    page_prefix: str = ""
    status: str = "active"
    pk: UUID = field(default_factory=uuid4)


@dataclass
class Rule:
    touchpoint_id: UUID
    conditions: list[dict[str, str]]
    position: int = 0
    is_active: bool = True
    pk: UUID = field(default_factory=uuid4)


SHOP = Place("shop", ["product viewed"], "/")
BEANS = Place("beans")
OTHER = Place("other")


def holds(field: str, operator: str, value: str, name: str = "") -> bool:
    return compiled(Condition(field, operator, value, name)).holds(Facts(CONTACT))


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("address", "is", "/coffee/espresso"),
        ("address", "is", "https://shop.example/coffee/espresso/"),
        ("address", "is", "/coffee/espresso/?colour=red"),
        ("address", "is_not", "/coffee"),
        ("address", "begins", "/coffee"),
        ("address", "begins", "shop.example"),
        ("address", "begins", "/"),
        ("address", "begins", "https://shop.example/coffee/"),
        ("address", "contains", "ESPRESSO"),
        ("address", "contains", "?colour="),
        ("address", "pattern", "/coffee/*"),
        ("address", "pattern", "*.example/*/espresso*"),
        ("event", "is", " product   VIEWED"),
        ("event", "pattern", "product *"),
        ("kind", "is", "track"),
        ("source", "is", "web shop"),
        ("utm_source", "is", "google"),
        ("utm_campaign", "begins", "autumn"),
        ("utm_term", "is_not", "anything"),
    ],
)
def test_each_field_and_operator_holds(field: str, operator: str, value: str) -> None:
    assert holds(field, operator, value)


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("address", "is", "/coffee"),
        ("address", "is", "other.example/coffee/espresso"),
        ("address", "is", "/coffee/espresso?colour=blue"),
        ("address", "is_not", "/coffee/espresso"),
        ("address", "begins", "/espresso"),
        ("address", "begins", "/coff"),
        ("address", "begins", "shop.exam"),
        ("address", "pattern", "/coffee"),
        ("address", "contains", "colour"),  # the query counts where a question mark is written
        ("event", "is", "product"),
        ("kind", "is", "page"),
        ("utm_term", "contains", "a"),
    ],
)
def test_what_is_otherwise_does_not_hold(field: str, operator: str, value: str) -> None:
    assert not holds(field, operator, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan", "pro"),
        ("price", "19.5"),
        ("gift", "true"),
        ("tags", "organic"),
        ("product.category", "beans"),
    ],
)
def test_properties_are_compared_as_text(name: str, value: str) -> None:
    assert holds(PROPERTY, "is", value, name)
    assert not holds(PROPERTY, "is", f"{value}x", name)
    assert not holds(PROPERTY, "is_not", value, name)


def test_campaign_words_are_read_from_the_address_too() -> None:
    rule = compiled(Condition("utm_campaign", "is", "Spring sale"))
    address = "https://shop.example/?utm_campaign=spring%20sale"
    assert rule.holds(Facts(Contact(url=address)))
    assert rule.holds(Facts(Contact(utm={"name": "spring sale"})))
    assert not rule.holds(Facts(Contact(url=address, utm={"campaign": "other"})))


def test_a_rule_comes_before_event_names_and_addresses() -> None:
    rule = Rule(BEANS.pk, [{"field": "address", "operator": "begins", "value": "/coffee"}])
    assert Matcher([SHOP, BEANS]).match(CONTACT) == SHOP.pk
    matcher = Matcher([SHOP, BEANS], [rule])
    assert matcher.match(CONTACT) == BEANS.pk
    assert matcher.rule_of(CONTACT) == rule.pk
    assert matcher.match(replace(CONTACT, url="/tea")) == SHOP.pk
    assert Matcher([SHOP, BEANS], [replace(rule, is_active=False)]).match(CONTACT) == SHOP.pk


def test_all_conditions_of_a_rule_must_hold() -> None:
    conditions = [
        {"field": "utm_medium", "operator": "is", "value": "cpc"},
        {"field": "property", "name": "plan", "operator": "is", "value": "free"},
    ]
    matcher = Matcher([BEANS], [Rule(BEANS.pk, conditions)])
    assert matcher.match(CONTACT) is None
    assert matcher.match(replace(CONTACT, properties={"plan": "Free"})) == BEANS.pk


def test_a_retired_touchpoint_is_found_by_its_key_alone() -> None:
    retired = Place("old", ["product viewed"], "/coffee", "retired")
    rule = Rule(retired.pk, [{"field": "kind", "operator": "is", "value": "track"}])
    matcher = Matcher([retired], [rule])
    assert matcher.match(CONTACT) is None
    assert matcher.by_key("old") == retired.pk


def test_a_rule_that_cannot_be_read_holds_for_nothing() -> None:
    broken = Rule(BEANS.pk, [{"field": "gone", "operator": "is", "value": "x"}])
    assert Matcher([SHOP, BEANS], [broken]).match(CONTACT) == SHOP.pk


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ([], "no_condition"),
        ({}, "no_condition"),
        ("x", "no_condition"),
        ([1], "invalid_condition"),
        ([{"field": "event", "operator": "is", "value": "x", "more": 1}], "invalid_condition"),
        ([{"field": "event", "operator": "is", "value": 5}], "invalid_condition"),
        ([{"field": "event", "operator": "is", "value": "\x00"}], "invalid_condition"),
        ([{"field": "colour", "operator": "is", "value": "x"}], "unknown_field"),
        ([{"field": "event", "operator": "near", "value": "x"}], "unknown_operator"),
        ([{"field": "event", "operator": "is", "value": " "}], "invalid_value"),
        ([{"field": "event", "operator": "is", "value": "x" * 301}], "invalid_value"),
        ([{"field": "property", "operator": "is", "value": "x"}], "invalid_name"),
        ([{"field": "event", "name": "a", "operator": "is", "value": "x"}], "invalid_name"),
        ([{"field": "event", "operator": "is", "value": "x"}] * 11, "too_many_conditions"),
    ],
)
def test_conditions_that_cannot_be_are_refused(raw: Any, code: str) -> None:
    with pytest.raises(InvalidConditionError) as raised:
        read_conditions(raw)
    assert raised.value.code == code


def test_conditions_are_read_as_they_are_kept() -> None:
    (found,) = read_conditions([{"field": "event", "operator": "is", "value": " Paid "}])
    assert read_conditions([found.as_json()]) == (found,) == (Condition("event", "is", "Paid"),)


# Few signs, so that what is drawn often matches.
words = st.text("ab/ ", min_size=1, max_size=3).filter(str.strip)
conditions = st.builds(
    lambda field, operator, value: {
        "field": field,
        "name": "p" if field == PROPERTY else "",
        "operator": operator,
        "value": value,
    },
    st.sampled_from(FIELDS),
    st.sampled_from(OPERATORS),
    words,
)
rules = st.lists(
    st.builds(
        Rule,
        touchpoint_id=st.sampled_from([SHOP.pk, BEANS.pk, OTHER.pk]),
        conditions=st.lists(conditions, min_size=1, max_size=3),
        position=st.integers(0, 3),
        is_active=st.booleans(),
        pk=st.uuids(),
    ),
    max_size=6,
    unique_by=lambda rule: rule.pk,
)
contacts = st.builds(
    Contact,
    event=words | st.just(""),
    url=words.map(lambda text: f"https://a.example/{text}") | st.just(""),
    kind=st.sampled_from(["a", "b"]),
    source=words,
    utm=st.dictionaries(st.sampled_from(["source", "medium"]), words),
    properties=st.dictionaries(st.just("p"), words | st.lists(words, max_size=2)),
)


@given(rules, contacts, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    rules: list[Rule], contact: Contact, random: Any
) -> None:
    shuffled, places = list(rules), [SHOP, BEANS, OTHER]
    random.shuffle(shuffled)
    random.shuffle(places)
    expected = Matcher([SHOP, BEANS, OTHER], rules).match(contact)
    assert Matcher(places, shuffled).match(contact) == expected


@given(rules, contacts)
def test_the_first_rule_that_holds_wins(rules: list[Rule], contact: Contact) -> None:
    """Asked one by one, without the index, the rules give the same answer."""
    facts = Facts(contact)
    expected = next(
        (
            rule.pk
            for rule in sorted(rules, key=lambda rule: (rule.position, rule.pk))
            if rule.is_active
            and all_hold([compiled(found) for found in read_conditions(rule.conditions)], facts)
        ),
        None,
    )
    assert Matcher([SHOP, BEANS, OTHER], rules).rule_of(contact) == expected


@given(rules, contacts)
def test_a_rule_behind_the_one_that_won_changes_nothing(
    rules: list[Rule], contact: Contact
) -> None:
    last = Rule(OTHER.pk, [{"field": "kind", "operator": "is_not", "value": "x"}], position=9)
    first = Matcher([SHOP, BEANS, OTHER], rules).rule_of(contact)
    found = Matcher([SHOP, BEANS, OTHER], [*rules, last]).rule_of(contact)
    assert found == (first or last.pk)


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_a_star_stands_for_any_signs(pattern: str, text: str) -> None:
    def slowly(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return slowly(pattern[1:], text) or (bool(text) and slowly(pattern, text[1:]))
        return bool(text) and pattern[0] == text[0] and slowly(pattern[1:], text[1:])

    assert Glob(pattern).matches(text) == slowly(pattern, text)


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    assert not Glob("*a" * 150 + "b").matches("a" * 2048)


@given(conditions, contacts)
def test_is_not_is_the_contrary_of_is(raw: dict[str, str], contact: Contact) -> None:
    facts = Facts(contact)
    same, other = (
        compiled(read_conditions([{**raw, "operator": operator}])[0]) for operator in ("is", IS_NOT)
    )
    assert same.holds(facts) != other.holds(facts)
