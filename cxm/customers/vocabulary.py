"""Words that consents and suppressions are made of. Pure.

They grow; a new word needs no migration.
"""

from __future__ import annotations

from typing import Final

from cxm.customers.keys import EMAIL, PHONE

SURVEY: Final = "survey"
MARKETING: Final = "marketing"
TRACKING: Final = "tracking"
SERVICE: Final = "service"
PURPOSES: Final = (SURVEY, SERVICE, TRACKING, MARKETING)

CHANNEL_EMAIL: Final = "email"
CHANNEL_SMS: Final = "sms"
CHANNEL_PHONE: Final = "phone"
CHANNEL_WEB: Final = "web"
CHANNEL_POST: Final = "post"
CHANNELS: Final = (CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL_PHONE, CHANNEL_WEB, CHANNEL_POST)

# Which kind of identity a channel writes or speaks to.
ADDRESS_KIND: Final = {CHANNEL_EMAIL: EMAIL, CHANNEL_SMS: PHONE, CHANNEL_PHONE: PHONE}

UNSUBSCRIBED: Final = "unsubscribed"
COMPLAINT: Final = "complaint"
BOUNCE: Final = "bounce"
MANUAL: Final = "manual"
REASONS: Final = (UNSUBSCRIBED, COMPLAINT, BOUNCE, MANUAL)
# A bounce says that the address is dead; the others that the person wants no more.
PERSONAL_REASONS: Final = (UNSUBSCRIBED, COMPLAINT, MANUAL)


def check_purpose(purpose: str) -> None:
    """Raise ValueError unless ``purpose`` is a word for what consent is given to."""
    _check(purpose, PURPOSES, "purpose")


def check_channel(channel: str) -> None:
    """Raise ValueError unless ``channel`` is a way to reach or follow a person."""
    _check(channel, CHANNELS, "channel")


def check_address_channel(channel: str) -> None:
    """Raise ValueError unless ``channel`` has addresses of which we know any."""
    _check(channel, tuple(ADDRESS_KIND), "channel")


def check_reason(reason: str) -> None:
    """Raise ValueError unless ``reason`` is a word for why an address is suppressed."""
    _check(reason, REASONS, "reason")


def _check(word: str, known: tuple[str, ...], what: str) -> None:
    if word not in known:
        raise ValueError(f"“{word}” is no {what}. Choose one of: {', '.join(known)}.")
