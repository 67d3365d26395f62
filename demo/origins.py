"""Where the demo shop's visits on the web come from, and what people use; the same at each load."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from demo import story
from demo.generator import Contact
from touchpoints.interactions.agents import Agent

SHOP: Final = "https://brightwater.example"

# Of a hundred visits that nobody's advertisement or letter brought.
_REFERRERS: Final = (
    ("https://www.google.com/", 44),
    ("", 24),
    ("https://coffee-notes.example/best-beans", 10),
    ("https://www.instagram.com/", 7),
    ("https://www.bing.com/", 5),
    ("https://chatgpt.com/", 5),
    ("https://duckduckgo.com/", 3),
    ("https://www.youtube.com/", 2),
)
_PATHS: Final = {
    "product_viewed": ("/beans/house-blend", "/beans/winter-roast", "/machines/uno", "/beans"),
    "cart_filled": ("/cart",),
    "order_completed": ("/checkout/thanks",),
    "tracking_opened": ("/parcels",),
    "tracking_answered": ("/parcels",),
    "guide_opened": ("/guides/first-cup",),
    "guide_finished": ("/guides/first-cup",),
}
_AGENTS: Final = {
    "Phone": (
        Agent("Mobile Safari", "iOS", "phone", is_bot=False),
        Agent("Chrome Mobile", "Android", "phone", is_bot=False),
    ),
    "Computer": (
        Agent("Chrome", "Windows", "desktop", is_bot=False),
        Agent("Safari", "Mac OS X", "desktop", is_bot=False),
        Agent("Firefox", "Linux", "desktop", is_bot=False),
    ),
    "Tablet": (Agent("Mobile Safari", "iOS", "tablet", is_bot=False),),
}
_BY_SOCIAL: Final = story.BY_KEY[story.SOCIAL].events[0]
_BY_LETTER: Final = story.BY_KEY[story.NEWSLETTER].events[0]
_LETTER: Final = {"source": "newsletter", "medium": "email"}


def page_of(contact: Contact) -> str:
    """Return the address of the page of a contact on the web, "" for another."""
    if contact.kind == "offline":
        return ""
    paths = _PATHS.get(contact.event, ("/",))
    return SHOP + paths[_number(contact.visit) % len(paths)]


def referrer_of(contact: Contact) -> str:
    """Return the page before the visit."""
    if contact.kind == "offline" or not contact.visitor or contact.event == _BY_LETTER:
        return ""
    if contact.event == _BY_SOCIAL:
        return "https://www.instagram.com/"
    place = _number(contact.visit) % 100
    for address, share in _REFERRERS:
        place -= share
        if place < 0:
            return address
    return ""


def words_of(contact: Contact) -> dict[str, str]:
    """Return the utm words of letters that belong to no campaign."""
    return dict(_LETTER) if contact.event == _BY_LETTER else {}


def agent_of(contact: Contact) -> Agent | None:
    """Return what the visit is made with, where that is known."""
    agents = _AGENTS.get(str(contact.properties.get("device", "")))
    return agents[_number(contact.visit) // 100 % len(agents)] if agents else None


def _number(visit: str) -> int:
    return int.from_bytes(blake2b(visit.encode(), digest_size=6).digest(), "big")
