"""Requests of the collector that nobody would think of: well-meant, broken and hostile ones.

Each payload says what must become of it: taken or refused as a whole, how many events it holds,
and which of them are good. A good one must be stored whatever stands beside it.
"""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from touchpoints.interactions.segment import LARGEST_BATCH, LARGEST_EVENT, MOST_EVENTS

SINGLE: Final = (
    "track", "t", "page", "p", "screen", "s", "identify", "i", "group", "g", "alias", "a",
)  # fmt: skip
BATCHES: Final = ("batch", "b", "import")
KINDS: Final = ("track", "page", "screen", "identify", "group", "alias")
BROWSER: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
CRAWLER: Final = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
GOOD: Final = "good-"
MARKER: Final = "marker"

Event = dict[str, Any]


@dataclass(frozen=True)
class Payload:
    """One request, and what must become of it.

    Attributes:
        taken: whether it must be acknowledged; else it must be refused with a 4xx.
        events: how many events an acknowledgement stands for.
        good: the messageIds that must be stored then, each once.
        declined: whether it says that the person does not want to be tracked.
    """

    path: str
    body: bytes
    headers: Mapping[str, str]
    taken: bool
    events: int = 0
    good: frozenset[str] = frozenset()
    declined: bool = False
    method: str = "POST"

    def __repr__(self) -> str:
        shown = self.body if len(self.body) < 800 else self.body[:800] + b"..."
        return f"{self.method} {self.path} {dict(self.headers)} taken={self.taken} {shown!r}"


# Any text that JSON can hold: NUL, halves of surrogate pairs and all.
any_text = st.text(st.characters(exclude_categories=()), max_size=12)
plain_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
any_value = st.none() | st.booleans() | numbers | any_text
any_json = st.recursive(
    any_value,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=6,
)
plain_json = st.dictionaries(
    plain_text,
    st.booleans() | st.integers(-(2**40), 2**40) | plain_text | st.lists(plain_text, max_size=2),
    max_size=3,
)
any_time: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        ["", "soon", "0000-00-00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00",
         "1969-07-20T20:17:40Z", "2026-02-30T00:00:00Z", "2026-05-20", "٢٠٢٦-٠٥-٢٠",
         0, -1, 10**18, -(10**18), 1e308, True, [], {}, None]
    ),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
    any_value,
)  # fmt: skip
recent_time = st.timedeltas(timedelta(0), timedelta(days=20)).map(
    lambda ago: (datetime.now(UTC) - ago).isoformat()
)
people = st.integers(0, 9).map(lambda number: f"user-{number}")
browsers = st.integers(0, 9).map(lambda number: f"browser-{number}")

_whole: Event = {"type": "track", "event": "A", "userId": "user-1"}
# What a field may hold instead of what belongs there.
_wild = st.one_of(any_json, st.just("x" * 5000), st.just("\0"), st.just("\ud83d"))
_fields: Mapping[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from([*KINDS, "", "TRACK", "purchase"]) | _wild,
    "event": plain_text | _wild,
    "name": plain_text | _wild,
    "userId": people | _wild,
    "anonymousId": browsers | _wild,
    "previousId": browsers | people | _wild,
    "groupId": _wild,
    "messageId": any_text.map("bad-".__add__) | _wild.filter(
        lambda value: not isinstance(value, str) or not value.strip().startswith(GOOD)
    ),
    "timestamp": any_time,
    "originalTimestamp": any_time,
    "sentAt": any_time,
    "traits": st.fixed_dictionaries(
        {}, optional={"email": plain_text | _wild, "phone": plain_text | _wild, "name": _wild}
    )
    | _wild,
    "properties": st.fixed_dictionaries(
        {},
        optional={
            "revenue": numbers | st.sampled_from(["NaN", "1e999", "-0", "12,50"]) | _wild,
            "currency": _wild,
            "url": plain_text | st.just("https://[") | _wild,
            "referrer": plain_text | st.just("http://[::1") | _wild,
            "dwell_seconds": numbers | _wild,
            "dwell_method": _wild,
        },
    )
    | _wild,
    "context": st.fixed_dictionaries(
        {},
        optional={
            "page": _wild, "campaign": _wild, "userAgent": any_text | _wild, "ip": _wild,
            "sessionId": _wild, "touchpoint": _wild, "traits": _wild, "channel": _wild,
            "consent": _wild,
        },
    )
    | _wild,
    "integrations": _wild,
    "writeKey": _wild,
    "nobody knows this": _wild,
}  # fmt: skip


@st.composite
def good_events(draw: st.DrawFn, kind: str = "") -> Event:
    """Draw an event that must be stored. Some come again and again under the same id."""
    kind = kind or draw(st.sampled_from(KINDS))
    replayed = draw(st.booleans()) and draw(st.booleans())
    number = draw(st.integers(0, 20) if replayed else st.integers(21, 2**80))
    name = f"{GOOD}{kind}-{number:x}"
    event: Event = {
        "type": kind,
        "messageId": name,
        "userId": draw(people),
        # By this it is found again among what was stored.
        "traits" if kind == "group" else "properties": {**draw(plain_json), MARKER: name},
        "context": {
            "userAgent": BROWSER,
            "page": {
                "url": "https://shop.example/" + draw(st.sampled_from(["", "a?utm_source=x"]))
            },
        },
    }
    if kind == "track":
        event["event"] = draw(st.sampled_from(["Order Completed", "Viewed", "Ünïcode ☂"]))
    if kind == "alias":
        event["previousId"] = draw(browsers)
    if draw(st.booleans()):
        event["anonymousId"] = draw(browsers)
    if draw(st.booleans()):
        event["timestamp"] = draw(recent_time)
    return event


def deep(depth: int) -> Event:
    value: Any = 1
    for level in range(depth):
        value = {"a": value} if level % 2 else [value]
    return {"type": "track", "event": "Deep", "userId": "u", "properties": {"deep": value}}


_names = st.lists(st.sampled_from(sorted(_fields)), max_size=6)


@st.composite
def odd_events(draw: st.DrawFn) -> Event:
    """Draw an object with some fields of an event, and in them what may not belong there."""
    return {name: draw(_fields[name]) for name in draw(_names)}


def from_bot(event: Event) -> Event:
    """Return an event as a crawler's browser sends it: counted, and not stored."""
    name = event["messageId"].removeprefix(GOOD)
    return {**event, "messageId": f"bot-{name}", "context": {"userAgent": CRAWLER}}


bad_events: st.SearchStrategy[Any] = st.one_of(
    odd_events(),
    good_events().map(from_bot),
    odd_events().map(lambda event: {**_whole, **event}),
    any_json.filter(lambda value: not isinstance(value, dict)),
    st.integers(1, 400).map(deep),
    st.just({"type": "track", "event": "A", "userId": "u", "x": "y" * LARGEST_EVENT}),
)


@st.composite
def payloads(draw: st.DrawFn, key: str) -> Payload:
    """Draw a request to a source with this key."""
    made = draw(_singles() | _batches())
    made = draw(_signed(made, key))
    breakage = draw(st.none() | st.none() | st.sampled_from(BREAKAGES))
    return made if breakage is None else breakage(made)


@st.composite
def _batches(draw: st.DrawFn) -> Payload:
    events = draw(st.lists(good_events() | bad_events, max_size=8))
    body: Event = draw(
        st.fixed_dictionaries(
            {}, optional={"integrations": _wild, "unknown": any_json, "context": plain_json}
        )
    )
    return _payload(draw(st.sampled_from(BATCHES)), {**body, "batch": events}, events)


@st.composite
def _singles(draw: st.DrawFn) -> Payload:
    call = draw(st.sampled_from(SINGLE))
    kind = next(kind for kind in KINDS if kind.startswith(call[0]))
    event = draw(good_events(kind) | bad_events)
    if not isinstance(event, dict) or len(_dumped(event)) > LARGEST_EVENT:
        return Payload(f"/v1/{call}", _dumped(event), {}, taken=False)
    return _payload(call, event, [event])


def _payload(call: str, body: Event, events: list[Any]) -> Payload:
    good = frozenset(
        event["messageId"]
        for event in events
        if isinstance(event, dict) and str(event.get("messageId", "")).startswith(GOOD)
    )
    return Payload(f"/v1/{call}", _dumped(body), {}, taken=True, events=len(events), good=good)


def _dumped(value: object) -> bytes:
    return json.dumps(value).encode()


@st.composite
def _signed(draw: st.DrawFn, made: Payload, key: str) -> Payload:
    """Put the key into the header, as servers do, into the body, as browsers do, or into both."""
    headers = {
        "Content-Type": draw(
            st.sampled_from(["application/json", "text/plain", "text/plain;charset=UTF-8", "x", ""])
        )
    }
    body = made.body
    style = draw(st.sampled_from(["header", "body", "both"])) if made.taken else "header"
    if style != "body":
        headers["Authorization"] = "Basic " + b64encode(f"{key}:".encode()).decode()
    if style != "header":
        body = _dumped({**json.loads(body), "writeKey": key})
    if draw(st.booleans()):
        body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
    declined = draw(st.integers(0, 19)) == 0
    if declined:
        headers[draw(st.sampled_from(["Sec-GPC", "DNT"]))] = "1"
    return replace(made, body=body, headers=headers, declined=declined)


def _refused(made: Payload, **changes: Any) -> Payload:
    return replace(made, taken=False, events=0, good=frozenset(), **changes)


def _raw(made: Payload, body: bytes, **headers: str) -> Payload:
    kept = {name: value for name, value in made.headers.items() if name != "Content-Encoding"}
    return _refused(made, body=body, headers={**kept, **headers})


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(20)) + packer.flush()


def _plain(made: Payload) -> bytes:
    return gzip.decompress(made.body) if "Content-Encoding" in made.headers else made.body


BREAKAGES: Final[tuple[Callable[[Payload], Payload], ...]] = (
    lambda made: _raw(made, _plain(made)[:-1]),
    lambda made: _raw(made, _plain(made) + b"}"),
    lambda made: _raw(made, _plain(made).decode().encode("utf-16")),
    lambda made: _raw(made, _plain(made)[:-1] + b',"a":"\xe9\xff"}'),
    lambda made: _raw(made, b""),
    lambda made: _raw(made, b"[" * 100_000),
    lambda made: _raw(made, b'{"batch":' * 5000 + b"1" + b"}" * 5000),
    lambda made: _raw(made, b'{"a":"' + b"x" * LARGEST_BATCH + b'"}'),
    lambda made: replace(_raw(made, _dumped({"batch": [1] * (MOST_EVENTS + 1)})), path="/v1/batch"),
    lambda made: _raw(made, _plain(made), **{"Content-Encoding": "br"}),
    lambda made: _raw(made, _plain(made), **{"Content-Encoding": "gzip"}),
    lambda made: _raw(made, gzip.compress(_plain(made))[:-6], **{"Content-Encoding": "gzip"}),
    lambda made: _raw(
        made, gzip.compress(gzip.compress(_plain(made))), **{"Content-Encoding": "gzip"}
    ),
    lambda made: _raw(made, _bomb(), **{"Content-Encoding": "gzip"}),
    lambda made: _refused(made, headers={**made.headers, "Authorization": "Basic eDo="}),
    lambda made: _refused(made, path="/v1/nothing"),
    lambda made: _refused(made, path="/v1/%00/../track%ff"),
    lambda made: _refused(made, method="PUT"),
)
