from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchpoints.interactions.bodies import (
    LONGEST_NUMBER,
    UnreadableError,
    read_body,
    read_new_body,
)

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(values)
def test_json_is_read_as_it_is(value: object) -> None:
    assert read_body(json.dumps(value).encode()) == value
    assert read_new_body(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a":NaN,"b":[Infinity,-Infinity],"c":1}', {"a": None, "b": [None, None], "c": 1}),
        (b'{"a":"\\ud83d cut","b":"\\ude00"}', {"a": "\ufffd cut", "b": "\ufffd"}),
        (b'{"\\ud83d":1}', {"\ufffd": 1}),
        (b'["\\ud83d\\ude00"]', ["😀"]),
        (b'{"a":1e999,"b":-1e999}', {"a": "1e999", "b": "-1e999"}),
        (b'{"a":' + b"9" * 5000 + b"}", {"a": "9" * LONGEST_NUMBER}),
        (b"\xef\xbb\xbf{}", {}),
        (b'["\\ud83d",1.5,2,true,null,"\xc3\xa9"]', ["\ufffd", 1.5, 2, True, None, "é"]),
    ],
)
def test_what_senders_write_beside_the_standard_is_read(body: bytes, value: object) -> None:
    assert read_body(body) == value


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"{} x", b"[1,]", b'{"a":1,}', b"{'a':1}", b"nan", b"\xff\xfe{\x00}\x00",
        b'"\xed\xa0\x80"', b'{"a":"\xe9"}', b'"tab\there"', b"[" * 100_000,
        b'["\\ud83d",' + b"[" * 3000 + b"]" * 3000 + b"]",
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(body: bytes) -> None:
    for read in (read_body, read_new_body):
        with pytest.raises(UnreadableError):
            read(body)


@given(st.binary() | st.text(alphabet='[]{}":,\\ud8x0123.eE-NaN ', max_size=60).map(str.encode))
def test_no_bytes_whatever_break_it(body: bytes) -> None:
    try:
        found = read_body(body)
    except UnreadableError:
        return
    json.dumps(found, ensure_ascii=False, allow_nan=False).encode()


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def deepest_taken() -> int:
    depth = 1
    while True:
        try:
            read_new_body(nested(depth * 2))
        except UnreadableError:
            break
        depth *= 2
    step = depth
    while step := step // 2:
        try:
            read_new_body(nested(depth + step))
        except UnreadableError:
            continue
        depth += step
    return depth


def test_what_was_taken_can_be_read_deeper_down() -> None:
    taken = nested(deepest_taken())

    def below(levels: int) -> object:
        return below(levels - 1) if levels else json.dumps(read_body(taken))

    assert len(taken) > 500
    assert below(100) == taken.decode()
