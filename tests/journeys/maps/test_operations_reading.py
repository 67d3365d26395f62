"""Whatever comes in is read or refused with a code; nothing else happens."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.maps.operations.reading import read_operations, read_sync, read_verb
from journeys.maps.operations.verbs import BodyRefused, Insert, Move, OperationRefused, Update, Verb
from journeys.maps.operations.writing import as_json
from tests.journeys.maps import ops

A, B = ops.new_id(), ops.new_id()

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=8), below),
    max_leaves=12,
)
NAMES = (
    "op", "kind", "id", "ids", "rows", "fields", "was", "to", "at", "lane", "step", "stage", "text",
    "name", "span", "valence", "severity", "status", "next", "label", "lane_kind", "touchpoint",
    "picture", "hidden", "key", "metric", "answer", "phase",
)  # fmt: skip
names = st.sampled_from(NAMES)
words = st.sampled_from(["insert", "update", "move", "delete", "card", "step", "lane", "stage"])
values = st.recursive(
    anything | words | st.just(A) | st.just(B),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(names, below, max_size=6),
    max_leaves=15,
)
likely = st.fixed_dictionaries(
    {"op": words | values, "kind": words | values, "id": st.just(A) | values},
    optional={
        "rows": st.lists(
            st.fixed_dictionaries(
                {"kind": words, "id": st.just(A) | st.just(B)},
                optional=dict.fromkeys(
                    ("lane", "step", "text", "span", "valence", "at", "next", "name"), values
                ),
            ),
            max_size=3,
        )
        | values,
        "fields": st.dictionaries(names, values, max_size=4) | values,
        "was": st.dictionaries(names, values, max_size=2) | values,
        "to": st.dictionaries(names, values, max_size=2) | values,
        "at": st.integers() | values,
        "ids": st.lists(st.just(A) | values, max_size=3) | values,
    },
)


@settings(max_examples=600)
@given(change=likely | st.dictionaries(names, values))
def test_any_object_is_an_operation_or_refused(change: dict[str, Any]) -> None:
    verb: Verb | OperationRefused
    try:
        verb = read_verb(change)
    except OperationRefused as refused:
        verb = refused
    if isinstance(verb, OperationRefused):
        assert verb.code
        assert verb.detail
        return
    # What is kept is JSON, PostgreSQL can hold it, and it is read again as the same.
    kept = json.loads(json.dumps(as_json(verb)))
    assert "\\u0000" not in json.dumps(kept)
    if isinstance(verb, Update):
        assert read_verb(kept) == Update(verb.kind, verb.id, verb.fields, {})
    else:
        assert read_verb(kept) == verb


@settings(max_examples=300)
@given(body=st.binary(max_size=200) | anything.map(lambda v: json.dumps(v).encode()))
def test_any_body_is_a_request_or_refused(body: bytes) -> None:
    with pytest.raises(BodyRefused):
        read_sync(body)


@settings(max_examples=300)
@given(given_ops=anything | st.lists(st.fixed_dictionaries({"id": st.just(A), "change": values})))
def test_any_list_is_one_of_operations_or_refused(given_ops: Any) -> None:
    with contextlib.suppress(BodyRefused):
        assert len(read_operations(given_ops)) == len(given_ops)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"op": "explode"}, "unknown_operation"),
        ({"op": ["insert"]}, "unknown_operation"),
        ({"op": "insert", "rows": []}, "invalid_value"),
        ({"op": "insert", "rows": [{"kind": "note", "id": A}]}, "unknown_kind"),
        (ops.insert({"kind": "stage", "name": "A", "id": "1"}), "invalid_id"),
        (ops.insert({"kind": "stage", "name": " "}), "text_needed"),
        (ops.insert({"kind": "step", "name": "A"}), "invalid_id"),
        (ops.insert({"kind": "lane"}), "unknown_lane_kind"),
        (ops.insert({"kind": "lane", "lane_kind": "astrology"}), "unknown_lane_kind"),
        (ops.insert({"kind": "stage", "name": "A", "color": "red"}), "unknown_field"),
        (ops.insert(*[{"kind": "stage", "id": A, "name": "A"}] * 2), "id_taken"),
        (ops.insert(*[{"kind": "stage", "name": "A"}] * 2001), "too_many"),
        (ops.insert({"kind": "stage", "name": "A", "at": -1}), "invalid_value"),
        (ops.insert({"kind": "stage", "name": "A", "at": True}), "invalid_value"),
        (ops.insert(ops.card(A, B, "x" * 401)), "text_too_long"),
        (ops.insert(ops.card(A, B, "a\0b")), "invalid_text"),
        (ops.insert(ops.card(A, B, "a\ud800b")), "invalid_text"),
        (ops.insert(ops.card(A, B, "a", span=0)), "invalid_span"),
        (ops.insert(ops.card(A, B, valence=2.1)), "valence_range"),
        (ops.insert(ops.card(A, B, valence="good")), "invalid_value"),
        (ops.insert(ops.card(A, B, "a", severity=4)), "unknown_severity"),
        (ops.insert(ops.card(A, B, "a", status="lost")), "unknown_status"),
        (ops.insert(ops.card(A, B, "a", touchpoint="shop")), "invalid_id"),
        (ops.update("card", A), "invalid_value"),
        (ops.update("card", A, lane=B), "unknown_field"),
        (ops.update("step", A, name=""), "text_needed"),
        (ops.update("step", A, next=[{"to": "x"}]), "invalid_id"),
        (ops.update("step", A, next=[{"to": ops.new_id()} for _ in range(21)]), "too_many"),
        (ops.move("step", A, 0), "invalid_id"),
        ({"op": "move", "kind": "stage", "id": A}, "invalid_value"),
        (ops.delete("card"), "invalid_value"),
    ],
)
def test_a_refusal_says_what_is_wrong(change: dict[str, Any], code: str) -> None:
    with pytest.raises(OperationRefused) as refused:
        read_verb(change)
    assert refused.value.code == code


def test_values_have_one_form() -> None:
    verb = read_verb(
        ops.insert(ops.card(A.upper(), B, "a", valence=0.4999, answer=None, status=None))
    )
    assert isinstance(verb, Insert)
    row = as_json(verb)["rows"][0]
    assert (row["lane"], row["valence"], row["answer"], row["status"]) == (A, 0.5, "", "")
    move = read_verb(ops.move("stage", A, 99_999_999))
    assert isinstance(move, Move)
    assert move.at == 32_000
