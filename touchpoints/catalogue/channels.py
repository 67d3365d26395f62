"""The channels that every workspace starts with: GA4's default groups, then the offline ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class DefaultChannel:
    """A channel that a new workspace gets; `icon` is a name of the icon set."""

    key: str
    name: str
    kind: Literal["online", "offline"]
    icon: str


DEFAULT_CHANNELS: Final = (
    DefaultChannel("direct", "Direct", "online", "web"),
    DefaultChannel("cross-network", "Cross-network", "online", "share"),
    DefaultChannel("paid-shopping", "Paid Shopping", "online", "cart"),
    DefaultChannel("paid-search", "Paid Search", "online", "search"),
    DefaultChannel("paid-social", "Paid Social", "online", "share"),
    DefaultChannel("paid-video", "Paid Video", "online", "video"),
    DefaultChannel("display", "Display", "online", "screen"),
    DefaultChannel("paid-other", "Paid Other", "online", "bolt"),
    DefaultChannel("organic-shopping", "Organic Shopping", "online", "cart"),
    DefaultChannel("organic-social", "Organic Social", "online", "share"),
    DefaultChannel("organic-video", "Organic Video", "online", "video"),
    DefaultChannel("organic-search", "Organic Search", "online", "search"),
    DefaultChannel("referral", "Referral", "online", "open"),
    DefaultChannel("email", "Email", "online", "mail"),
    DefaultChannel("affiliates", "Affiliates", "online", "people"),
    DefaultChannel("audio", "Audio", "online", "bolt"),
    DefaultChannel("sms", "SMS", "online", "sms"),
    DefaultChannel("mobile-push", "Mobile Push Notifications", "online", "app"),
    DefaultChannel("ai-assistant", "AI Assistant", "online", "comment"),
    DefaultChannel("unassigned", "Unassigned", "online", "flow"),
    DefaultChannel("store", "Store", "offline", "shop"),
    DefaultChannel("phone", "Phone", "offline", "phone"),
    DefaultChannel("print", "Print", "offline", "inbox"),
    DefaultChannel("tv-radio", "TV & Radio", "offline", "screen"),
    DefaultChannel("out-of-home", "Out of home", "offline", "place"),
    DefaultChannel("event", "Event", "offline", "calendar"),
    DefaultChannel("mail", "Mail", "offline", "mail"),
    DefaultChannel("field-sales", "Field sales", "offline", "people"),
    DefaultChannel("word-of-mouth", "Word of mouth", "offline", "people"),
)
