"""What comes in, whoever brings it: pure, no Django, no database."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec

from cxm.customers.keys import anonymous_key
from cxm.customers.matching import CustomerFacts, Json
from touchpoints.interactions.agents import NOBODY, Agent

TRACK: Final = "track"
PAGE: Final = "page"
SCREEN: Final = "screen"
IDENTIFY: Final = "identify"
GROUP: Final = "group"
ALIAS: Final = "alias"
OFFLINE: Final = "offline"
KINDS: Final = (TRACK, PAGE, SCREEN, IDENTIFY, GROUP, ALIAS, OFFLINE)
# What a customer did; the other kinds only say who somebody is.
CONTACTS: Final = (TRACK, PAGE, SCREEN, OFFLINE)
VIEWS: Final = (PAGE, SCREEN)

FOREGROUND: Final = "foreground"
NEXT_PAGE: Final = "next_page"
REPORTED: Final = "reported"
DWELL_METHODS: Final = (FOREGROUND, NEXT_PAGE, REPORTED)

# Events that our own snippet, pixels and codes send.
CLICKED: Final = "Clicked"
PAGE_LEFT: Final = "Page left"
PLACEMENT_VIEWED: Final = "Placement viewed"
PLACEMENT_CLICKED: Final = "Placement clicked"
# Who sees an advertisement or opens a letter pays no visit; who leaves a page has paid it.
WITHOUT_VISIT: Final = (PAGE_LEFT, PLACEMENT_VIEWED)

LONGEST_NAME: Final = 200
LONGEST_URL: Final = 2048
LONGEST_ANONYMOUS: Final = 254
LARGEST_QUANTITY: Final = 2_147_483_647
LONGEST_DWELL: Final = 366 * 86_400.0
LARGEST_VALUE: Final = Decimal("99999999999999.9999")

# Dates outside are mistakes of a clock or of a format, and each month costs a partition.
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST_AHEAD: Final = timedelta(days=2)

# A hash is enough to recognise a message: 128 bits of BLAKE2b.
_HASH_BYTES: Final = 16


class RefusedRecordError(ValueError):
    """Something about a record cannot be true; `reason` is a stable code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Record(msgspec.Struct, frozen=True, gc=False):
    """One interaction on its way in.

    Attributes:
        key: names the interaction in its workspace; a second one with this key is a duplicate.
        occurred_at: aware.
        kind: one of KINDS.
        event: name of what happened; the page's or screen's name for views.
        name: words for people, where they differ from the event.
        touchpoint: key of the touchpoint, where the sender knows it; else it is matched.
        anonymous_id: the browser's or device's id, "" if there is none.
        customer: who it was and what is known about them; None for the anonymous.
        visit: what belongs to one visit shares this; "" means the actor's day.
        quantity: views that this one record stands for.
        dwell_seconds, dwell_method: time spent, and how it was measured (DWELL_METHODS).
        value, currency: money, ISO 4217.
        url, referrer: the page, and the page before it.
        campaign: utm words by name without "utm_": source, medium, name, term, content, id.
        channel: key of the channel where the sender knows it; else it is worked out.
        code: of the placement by which somebody came.
        agent: the families of browser, system and device; says whether it was a bot.
        raw: the record as it came, for the quarantine.
        origin: who can read `raw` again: "segment", or "import:" and the mapping's name.

    Raises:
        RefusedRecordError: a value lies outside of what can be true.
    """

    key: str
    occurred_at: datetime
    kind: str = TRACK
    event: str = ""
    name: str = ""
    touchpoint: str = ""
    anonymous_id: str = ""
    customer: CustomerFacts | None = None
    visit: str = ""
    quantity: int = 1
    dwell_seconds: float | None = None
    dwell_method: str = ""
    value: Decimal | None = None
    currency: str = ""
    url: str = ""
    referrer: str = ""
    campaign: Mapping[str, str] = {}
    channel: str = ""
    code: str = ""
    agent: Agent = NOBODY
    properties: Mapping[str, Json] = {}
    context: Mapping[str, Json] = {}
    raw: object = None
    origin: str = ""

    def __post_init__(self) -> None:
        if not self.key:
            raise RefusedRecordError("no_key", "The interaction has no id.")
        if self.kind not in KINDS:
            raise RefusedRecordError("unknown_kind", f"“{self.kind}” is no kind of interaction.")
        if self.occurred_at.tzinfo is None or self.occurred_at < EARLIEST:
            raise RefusedRecordError(
                "time_out_of_range", f"The time {self.occurred_at:%Y-%m-%d} lies before 2000."
            )
        # Asked for the odd ones only: nearly all are short and printable.
        if not self.anonymous_id.isprintable() or len(self.anonymous_id) > LONGEST_ANONYMOUS:
            try:
                anonymous_key(self.anonymous_id)
            except ValueError as error:
                raise RefusedRecordError("bad_customer", str(error)) from None
        if not 1 <= self.quantity <= LARGEST_QUANTITY:
            raise RefusedRecordError(
                "quantity_out_of_range", f"The quantity {self.quantity} is not 1 or more."
            )
        if self.dwell_seconds is not None:
            # Written so that NaN is refused too.
            if not 0 <= self.dwell_seconds <= LONGEST_DWELL:
                raise RefusedRecordError(
                    "dwell_out_of_range", "The time spent is not between 0 seconds and a year."
                )
            if self.dwell_method not in DWELL_METHODS:
                raise RefusedRecordError(
                    "unknown_dwell_method", "The time spent does not say how it was measured."
                )
        if self.value is not None and not abs(self.value) <= LARGEST_VALUE:
            raise RefusedRecordError("value_out_of_range", "The value is not a sum of money.")


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that cannot be stored, with the reason in a code and a sentence."""

    key: str
    reason: str
    detail: str
    raw: object
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of what came in: read = stored + duplicate + bot + quarantined."""

    read: int = 0
    stored: int = 0
    duplicate: int = 0
    quarantined: int = 0
    bot: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.read + other.read,
            self.stored + other.stored,
            self.duplicate + other.duplicate,
            self.quarantined + other.quarantined,
            self.bot + other.bot,
        )


def hash_id(*parts: str) -> UUID:
    """Return 128 bits that stand for some texts; equal only for equal texts."""
    # Lengths stand before the parts, so that ("ab", "c") is not ("a", "bc").
    text = "".join([f"{len(part)}:{part}" for part in parts])
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES)
    return UUID(bytes=digest.digest())


def id_at(moment: datetime, place: int = 0) -> UUID:
    """Return a UUID of version 7 whose time is `moment`, so that an id leads to its month.

    Ids of one moment sort by `place`, up to 4095: RFC 9562, section 6.2, method 1.
    """
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(
        int=(milliseconds & (1 << 48) - 1) << 80
        | 0x7 << 76
        | min(place, 0xFFF) << 64
        | 0b10 << 62
        | int.from_bytes(os.urandom(8), "big") >> 2
    )


def moment_of(interaction_id: UUID) -> datetime | None:
    """Return the millisecond in which the interaction with this id occurred, None for other ids."""
    if interaction_id.version != 7:
        return None
    try:
        return datetime.fromtimestamp((interaction_id.int >> 80) / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
