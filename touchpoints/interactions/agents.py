"""What a user agent says: families of browser, system and device, and whether it is a bot. Pure.

Versions and models are not kept: they would tell one person from another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from crawlerdetect import CrawlerDetect
from ua_parser import Parser
from ua_parser.core import Result
from ua_parser.loaders import load_lazy_builtins
from ua_parser.regex import Resolver

Device = Literal["desktop", "phone", "tablet", "bot", ""]

# Browsers send less than 300 characters; the patterns' cost grows with the length.
LONGEST: Final = 512
# About 10 MB when full. A site sees a few thousand of them; one look takes 0.3 ms.
REMEMBERED: Final = 16_384

# The patterns for bots take time in the square of a word's length, and no real word is longer.
_LONG_WORD: Final = re.compile(r"([^\s();,]{64})[^\s();,]+")
_TABLET: Final = re.compile(r"ipad|tablet|kindle|silk/|playbook|nexus (?:7|9|10)\b", re.IGNORECASE)
_PHONE: Final = re.compile(r"\bmobile\b|iphone|ipod|phone", re.IGNORECASE)
_PHONE_SYSTEMS: Final = frozenset(
    {"iOS", "Windows Phone", "BlackBerry OS", "KaiOS", "Symbian OS", "Firefox OS"}
)
# Neither on a desk nor in a hand.
_OTHER_DEVICES: Final = re.compile(
    r"smart-?tv|\btv\b|webos|tizen(?!.*mobile)|roku|apple ?tv|bravia|playstation|xbox|nintendo"
    r"|watch",
    re.IGNORECASE,
)
_DESKTOPS: Final = frozenset(
    {"Windows", "Mac OS X", "Linux", "Chrome OS", "Ubuntu", "Fedora", "Debian", "FreeBSD",
     "OpenBSD", "NetBSD", "Solaris"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agent:
    """Families only; "" where the user agent does not say."""

    browser: str
    os: str
    device: Device
    is_bot: bool


NOBODY: Final = Agent("", "", "", is_bot=False)


def agent_of(user_agent: str) -> Agent:
    """Return what a user agent says. Programs that fetch pages count as bots, as crawlers do.

    It is asked of what a browser or an app says about itself. The libraries that servers send
    events with are programs as well: whose events they send stands in the events.
    """
    return _agent(user_agent[:LONGEST])


@lru_cache(REMEMBERED)
def _agent(user_agent: str) -> Agent:
    # The parser takes UTF-8, and half a surrogate pair is none.
    text = user_agent.strip().encode("utf-8", "replace").decode()
    if not text:
        return NOBODY
    user_agent = _LONG_WORD.sub(r"\1", text)
    found = _parser().parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    is_spider = found.device is not None and found.device.family == "Spider"
    if is_spider or _bots().is_crawler(user_agent):
        return Agent(browser, system, "bot", is_bot=True)
    return Agent(browser, system, _device(user_agent, system, found), is_bot=False)


def _device(user_agent: str, system: str, found: Result) -> Device:
    brand = (found.device.brand if found.device else None) or ""
    if _OTHER_DEVICES.search(user_agent):
        return ""
    if _TABLET.search(user_agent) or brand.endswith("Tablet"):
        return "tablet"
    if system == "Android":
        # Android's own rule: a phone's browser says "Mobile", a tablet's does not.
        is_page = user_agent.startswith("Mozilla/")
        return "phone" if _PHONE.search(user_agent) or not is_page else "tablet"
    if system in _PHONE_SYSTEMS or _PHONE.search(user_agent):
        return "phone"
    return "desktop" if system in _DESKTOPS else ""


# Made at first use: the patterns take 30 MB and 20 ms, and not every process asks.
@lru_cache(1)
def _parser() -> Parser:
    return Parser(Resolver(load_lazy_builtins()))


@lru_cache(1)
def _bots() -> CrawlerDetect:
    return CrawlerDetect()
