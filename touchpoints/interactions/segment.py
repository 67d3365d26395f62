"""Reads calls of the Segment HTTP tracking API. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

import msgspec

from cxm.customers.keys import IdentityKey, anonymous_key, crm_key, email_key, phone_key
from cxm.customers.matching import CustomerFacts, Json
from touchpoints.interactions.agents import agent_of
from touchpoints.interactions.bodies import UnreadableError, read_body, read_new_body
from touchpoints.interactions.records import (
    ALIAS,
    DWELL_METHODS,
    FOREGROUND,
    GROUP,
    IDENTIFY,
    PAGE,
    SCREEN,
    TRACK,
    Record,
    Refused,
    RefusedRecordError,
)

ORIGIN: Final = "segment"
# Whose ids a `userId` is: the sender's users.
USER_SYSTEM: Final = "user"
BATCH: Final = "batch"
CALLS: Final[Mapping[str, str]] = {
    "track": TRACK,
    "t": TRACK,
    "identify": IDENTIFY,
    "i": IDENTIFY,
    "page": PAGE,
    "p": PAGE,
    "screen": SCREEN,
    "s": SCREEN,
    "group": GROUP,
    "g": GROUP,
    "alias": ALIAS,
    "a": ALIAS,
    "batch": BATCH,
    "b": BATCH,
    "import": BATCH,
}
KINDS: Final = frozenset({TRACK, IDENTIFY, PAGE, SCREEN, GROUP, ALIAS})

LARGEST_EVENT: Final = 32 * 1024
LARGEST_BATCH: Final = 500 * 1024
MOST_EVENTS: Final = 2500
LONGEST_MESSAGE_ID: Final = 99
LONGEST_AGENT: Final = 512
# Before the day's name of a visitor without consent, where others have an anonymousId.
DAY_VISITOR: Final = "day:"

Object = Mapping[str, Json]


class BadCallError(ValueError):
    """The whole body cannot be taken: answered with 400, and never sent again by clients."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Caller(NamedTuple):
    """What the request says about who sends it.

    Attributes:
        visitor: the day's name of a visitor without consent, for websites.
        agent: the user agent, for websites.
        public: the key stands in a website's pages, so that anybody may have sent it. Nobody can
            say by it that two customers are one person.
    """

    visitor: str = ""
    agent: str = ""
    public: bool = False


UNKNOWN: Final = Caller()


class Call(NamedTuple):
    """What the door must know of a body: the key in it, if any, and how many events it holds."""

    write_key: str
    events: int


def open_call(body: bytes, kind: str) -> Call:
    """Check a body as a whole. `kind` is one of CALLS' values. Raises BadCallError."""
    data = _checked(body, kind, read_new_body)
    write_key = data.get("writeKey")
    if kind != BATCH:
        return Call(_word(write_key), 1)
    events = data["batch"]
    if not isinstance(write_key, str) and events and isinstance(events[0], dict):
        write_key = events[0].get("writeKey")
    return Call(_word(write_key), len(events))


def read_call(
    body: bytes,
    kind: str,
    received_at: datetime,
    *,
    caller: Caller = UNKNOWN,
    request: str = "",
) -> list[Record | Refused]:
    """Return the events of a body, in order. Raises BadCallError as `open_call` does.

    `request` names the body: events without a messageId are told apart by it and their place.
    """
    data = _checked(body, kind, read_body)
    if kind != BATCH:
        item = {name: value for name, value in data.items() if name != "writeKey"}
        item["type"] = kind
        return [read_item(item, {}, received_at, caller=caller, fallback=f"{request}:0")]
    outer: dict[str, Json] = {
        name: data[name] for name in ("context", "sentAt") if data.get(name) is not None
    }
    # Only a body of more than one event's size can hold an event that is too large.
    check = len(body) > LARGEST_EVENT
    return [
        read_item(
            event,
            outer,
            received_at,
            check_size=check,
            caller=caller,
            fallback=f"{request}:{place}",
        )
        for place, event in enumerate(data["batch"])
    ]


def _checked(body: bytes, kind: str, read: Callable[[bytes], object]) -> dict[str, Any]:
    """Return the body's object, of which a batch has a list of events."""
    try:
        data = read(body)
    except UnreadableError as error:
        raise BadCallError("invalid_json", f"The body is not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise BadCallError("invalid_body", "The body is not a JSON object.")
    if kind != BATCH:
        if len(body) > LARGEST_EVENT:
            raise BadCallError("event_too_large", "An event may have 32 KB.")
        return data
    events = data.get("batch")
    if not isinstance(events, list):
        raise BadCallError("invalid_body", "The body has no list named “batch”.")
    if len(events) > MOST_EVENTS:
        raise BadCallError("too_many_events", f"A batch may have {MOST_EVENTS:,} events.")
    return data


def read_item(
    item: object,
    outer: Object,
    received_at: datetime,
    *,
    fallback: str,
    caller: Caller = UNKNOWN,
    check_size: bool = False,
) -> Record | Refused:
    """Return one event as a record, or why it is none.

    `outer` is the batch's part of it; `fallback` names it where it has no messageId.
    """
    if not isinstance(item, dict):
        return Refused(
            f"segment::{fallback}", "not_an_object", "The event is no object.", item, ORIGIN
        )
    context = _context(item, outer)
    key = _word(item.get("messageId"))
    key = f"segment:{key}" if key else f"segment::{fallback}"
    agent = _word(context.pop("userAgent", "")) or caller.agent
    context.pop("userAgentData", None)
    raw = {
        "item": {**item, "context": {**context, "userAgent": agent} if agent else context},
        "outer": {k: v for k, v in outer.items() if k != "context"},
        "visitor": caller.visitor,
    }
    try:
        if check_size and len(msgspec.json.encode(item)) > LARGEST_EVENT:
            raise RefusedRecordError("event_too_large", "An event may have 32 KB.")
        return _record(item, context, outer, key, received_at, raw, caller, agent)
    except RefusedRecordError as error:
        return Refused(key, error.reason, error.detail, raw, ORIGIN)


def _record(
    item: Object,
    context: Object,
    outer: Object,
    key: str,
    received_at: datetime,
    raw: object,
    caller: Caller,
    agent: str,
) -> Record:
    kind = _word(item.get("type") or item.get("action")).lower()
    if kind not in KINDS:
        raise RefusedRecordError("unknown_type", f"“{kind[:40]}” is no type of event.")
    if len(key) - len("segment:") > LONGEST_MESSAGE_ID:
        raise RefusedRecordError("bad_message_id", "The messageId has 100 characters or more.")
    user, anonymous = _word(item.get("userId")), _word(item.get("anonymousId"))
    if not user and not anonymous and not caller.visitor:
        raise RefusedRecordError("no_identity", "The event has neither userId nor anonymousId.")
    name = " ".join(_word(item.get("name")).split())
    event = " ".join(_word(item.get("event")).split())
    if kind == TRACK and not event:
        raise RefusedRecordError("no_event", "The track call has no event.")
    properties = _object(item.get("properties"))
    page = _object(context.get("page"))
    campaign = context.get("campaign")
    seconds = properties.get("dwell_seconds")
    return Record(
        key=key,
        occurred_at=_moment(item, outer, received_at),
        kind=kind,
        event=event if kind == TRACK else name,
        name="" if kind == TRACK else name or _word(properties.get("title")),
        touchpoint=_word(context.get("touchpoint")),
        anonymous_id=anonymous or (f"{DAY_VISITOR}{caller.visitor}" if caller.visitor else ""),
        customer=_customer(kind, item, context, user, anonymous, public=caller.public),
        visit=_word(context.get("sessionId") or _object(context.get("session")).get("id")),
        dwell_seconds=_seconds(seconds),
        dwell_method="" if seconds is None else _method(properties.get("dwell_method")),
        value=_money(properties),
        currency=_word(properties.get("currency")).upper()[:3],
        url=_word(properties.get("url") or page.get("url")),
        referrer=_word(properties.get("referrer") or page.get("referrer")),
        campaign={k: _word(v) for k, v in campaign.items()} if isinstance(campaign, dict) else {},
        channel=_word(context.get("channel")),
        code=_word(context.get("placement")),
        agent=agent_of(agent[:LONGEST_AGENT]),
        properties=_object(item.get("traits")) if kind == GROUP else properties,
        context=context,
        raw=raw,
        origin=ORIGIN,
    )


def _context(item: Object, outer: Object) -> dict[str, Json]:
    """Merge the batch's context under the event's; network addresses are never kept."""
    merged = {**_object(outer.get("context")), **_object(item.get("context"))}
    merged.pop("ip", None)
    return merged


def _moment(item: Object, outer: Object, received_at: datetime) -> datetime:
    """Return when it happened by our clock: received − (sent − original)."""
    sent = _time(item.get("sentAt") or outer.get("sentAt"))
    original = _time(item.get("originalTimestamp") or item.get("timestamp"))
    if original is None:
        return received_at
    if sent is None:
        return original
    try:
        return received_at - (sent - original)
    except OverflowError:
        raise RefusedRecordError("time_out_of_range", "The times lie too far apart.") from None


def _time(value: Json) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            # Seconds reach the year 5138 before a number can be milliseconds since 1973.
            return datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
        found = datetime.fromisoformat(str(value).strip())
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        raise RefusedRecordError(
            "bad_time", f"The time “{str(value)[:60]}” cannot be read."
        ) from None


def _customer(
    kind: str, item: Object, context: Object, user: str, anonymous: str, *, public: bool
) -> CustomerFacts | None:
    """Return who it was: somebody with a userId, or whom an identify call names by e-mail."""
    traits = _object(item.get("traits")) if kind == IDENTIFY else _object(context.get("traits"))
    keys: list[IdentityKey] = []
    try:
        if user:
            keys.append(crm_key(USER_SYSTEM, user))
        if kind == IDENTIFY:
            keys += _contact_keys(traits)
        if not keys:
            return None
        if anonymous and anonymous != user:
            keys.append(anonymous_key(anonymous))
        previous = _word(item.get("previousId")) if kind == ALIAS else ""
        if previous and previous != user:
            browser, customer = anonymous_key(previous), crm_key(USER_SYSTEM, previous)
            aliases = (browser,) if public else (browser, customer)
            return CustomerFacts(keys=tuple(keys), aliases=aliases)
        if kind != IDENTIFY:
            return CustomerFacts(keys=tuple(keys))
        return CustomerFacts(
            keys=tuple(keys),
            traits=traits,
            name=_name(traits),
            language=_word(traits.get("language") or traits.get("locale"))[:12],
        )
    except ValueError as error:
        raise RefusedRecordError("bad_customer", str(error)) from None


def _contact_keys(traits: Object) -> list[IdentityKey]:
    """Return the keys in the traits; what is no address stays a trait."""
    found: list[IdentityKey] = []
    for name, make in (("email", email_key), ("phone", phone_key)):
        text = _word(traits.get(name))
        if text:
            try:
                found.append(make(text))
            except ValueError:
                continue
    return found


def _name(traits: Object) -> str:
    whole = _word(traits.get("name"))
    parts = (_word(traits.get("firstName")), _word(traits.get("lastName")))
    return (whole or " ".join(part for part in parts if part))[:200]


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str:
    """Return text or a number as text; anything else counts as missing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def _seconds(value: Json) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RefusedRecordError("dwell_out_of_range", "dwell_seconds is no number.")
    return float(value)


def _method(value: Json) -> str:
    return value if isinstance(value, str) and value in DWELL_METHODS else FOREGROUND


def _money(properties: Object) -> Decimal | None:
    """Return the event's money. What is no number there is the sender's own property, not money."""
    names: Sequence[str] = ("revenue", "total", "value")
    for name in names:
        value = properties.get(name)
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                amount = Decimal(str(value))
            except InvalidOperation:
                continue
            if amount.is_finite() and abs(amount) < Decimal(10) ** 14:
                return amount
    return None
