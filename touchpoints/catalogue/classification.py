"""Where a visit came from, and the channel that this makes: GA4's default groups. Pure.

The rules, their order and their traps stand in docs/reference/channels.md. Whoever changes a rule
or the table of sites so that an origin gets another channel raises VERSION: each classified row
says by which version it was classified.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_plus

from touchpoints.catalogue.sites import Kind, host_of, site_of

VERSION: Final[int] = 1

# Longer texts are cut: nobody writes them, and they are stored with every visit.
LONGEST: Final = 200

# A click id proves the network. Only those of advertising prove a paid click.
CLICK_IDS: Final[Mapping[str, tuple[str, str]]] = {
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "dclid": ("google", "cpc"),
    "msclkid": ("bing", "cpc"),
    "fbclid": ("facebook", "referral"),
    "ttclid": ("tiktok", "referral"),
    "twclid": ("twitter", "referral"),
    "li_fat_id": ("linkedin", "referral"),
}

# What an address calls it, and what Segment's context.campaign calls it.
_TAGS: Final[Mapping[str, str]] = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "name",
    "utm_term": "term",
    "utm_content": "content",
    "utm_id": "id",
}
_WANTED: Final = frozenset({*_TAGS, *CLICK_IDS})
_DISPLAY: Final = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
_SOCIAL: Final = frozenset(
    {"social", "social-network", "social-media", "sm", "social network", "social media"}
)
_REFERRAL: Final = frozenset({"referral", "app", "link"})
_EMAIL: Final = frozenset({"email", "e-mail", "e_mail", "e mail"})
_PAID: Final[Mapping[Kind, str]] = {
    Kind.SHOPPING: "paid-shopping",
    Kind.SEARCH: "paid-search",
    Kind.SOCIAL: "paid-social",
    Kind.VIDEO: "paid-video",
}
# "eshop" and "coffee-shop", but neither "bookshop" nor "workshop".
_SHOP: Final = re.compile(r"(?:[^a-df-z]|^)shop|shopping")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a visit came from; small letters, trimmed, "" where it is not known.

    `click_id` is the name of the parameter, never its value: that one points at a person.
    """

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""
    campaign_id: str = ""
    click_id: str = ""

    @property
    def is_direct(self) -> bool:
        """Whether nothing says where it came from."""
        return _is_direct(self.source, self.medium, self.campaign)


@dataclass(frozen=True, slots=True)
class Word:
    """One of the workspace's own words: this text in this field is that channel.

    `field` is "source", "medium" or "campaign".
    """

    field: str
    text: str
    channel: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _clean(self.text))


def origin_of(
    *,
    url: str,
    referrer: str,
    campaign: Mapping[str, str] = {},
    own_hosts: Collection[str] = (),
) -> Origin:
    """Return where somebody came from who arrived at an address.

    Tags come first: those that the sender read (Segment's context.campaign), then those in the
    address. What they leave open says a click id, else the referrer. A referrer at the address's
    own host, at one of `own_hosts` or below them says nothing.
    """
    if not campaign and "=" not in url:
        # Most pages bring no words, and most of them come from few places.
        return _origin_without_words(referrer, host_of(url), tuple(own_hosts))
    parameters = _parameters(url, _WANTED)
    tags = {
        name: _clean(campaign.get(name)) or _clean(parameters.get(utm, ""))
        for utm, name in _TAGS.items()
    }
    click_id = next((name for name in CLICK_IDS if parameters.get(name, "").strip()), "")
    source, medium, term = tags["source"], tags["medium"], tags["term"]
    if not source and not medium:
        if click_id:
            source, medium = CLICK_IDS[click_id]
        else:
            source, medium, keyword = _referred(referrer, host_of(url), own_hosts)
            term = term or keyword
    elif not medium and click_id and CLICK_IDS[click_id][0] == source:
        # A paid click whose link says only "google" is no organic one.
        medium = CLICK_IDS[click_id][1]
    return Origin(source, medium, tags["name"], term, tags["content"], tags["id"], click_id)


@lru_cache(8192)
def _origin_without_words(referrer: str, own: str, own_hosts: tuple[str, ...]) -> Origin:
    source, medium, term = _referred(referrer, own, own_hosts)
    return Origin(source, medium, term=term)


def classify(origin: Origin, words: Sequence[Word] = ()) -> str:
    """Return the key of the channel. The workspace's words come first, in their order."""
    if words:
        values = {
            "source": _clean(origin.source),
            "medium": _clean(origin.medium),
            "campaign": _clean(origin.campaign),
        }
        for word in words:
            if word.text and values.get(word.field) == word.text:
                return word.channel
    return _classify(origin.source, origin.medium, origin.campaign)


@lru_cache(8192)
def _classify(source: str, medium: str, campaign: str) -> str:
    source, medium, campaign = _clean(source), _clean(medium), _clean(campaign)
    if _is_direct(source, medium, campaign):
        return "direct"
    if "cross-network" in campaign:
        return "cross-network"
    site = site_of(source)
    kind = site.kind if site else None
    kind_or_shop = Kind.SHOPPING if _SHOP.search(campaign) else kind
    if _is_paid(medium):
        return _paid(kind_or_shop, medium)
    if medium in _DISPLAY:
        return "display"
    return _organic(kind_or_shop, medium) or _by_words(source, medium, kind)


def _paid(kind: Kind | None, medium: str) -> str:
    # "cpm" reads as paid (it holds "cp"), and still is display where the site is unknown.
    other = "display" if medium in _DISPLAY else "paid-other"
    return _PAID.get(kind, other) if kind else other


def _organic(kind: Kind | None, medium: str) -> str:
    """Return the channel of an unpaid visit by kind of site, "" where that says nothing."""
    if kind is Kind.SHOPPING:
        return "organic-shopping"
    if kind is Kind.SOCIAL or medium in _SOCIAL:
        return "organic-social"
    if kind is Kind.VIDEO or "video" in medium:
        return "organic-video"
    if kind is Kind.SEARCH or medium == "organic":
        return "organic-search"
    return ""


def _by_words(source: str, medium: str, kind: Kind | None) -> str:
    if medium in _REFERRAL:
        return "referral"
    if source in _EMAIL or medium in _EMAIL:
        return "email"
    if medium == "affiliate":
        return "affiliates"
    if medium == "audio":
        return "audio"
    if "sms" in {source, medium}:
        return "sms"
    if (
        medium.endswith("push")
        or "mobile" in medium
        or "notification" in medium
        or source == "firebase"
    ):
        return "mobile-push"
    if medium == "ai-assistant" or kind is Kind.ASSISTANT:
        return "ai-assistant"
    return "unassigned"


def _is_direct(source: str, medium: str, campaign: str) -> bool:
    if source == "(direct)":
        return medium in {"(none)", "(not set)"}
    return not (source or medium or campaign)


def _is_paid(medium: str) -> bool:
    """Return whether `^(.*cp.*|ppc|retargeting|paid.*)$` matches."""
    return "cp" in medium or medium in {"ppc", "retargeting"} or medium.startswith("paid")


def _referred(referrer: str, own: str, own_hosts: Collection[str]) -> tuple[str, str, str]:
    """Return source, medium and what was searched."""
    host = host_of(referrer)
    if not host or any(
        host == known or host.endswith(f".{known}")
        for known in (own, *(host_of(name) for name in own_hosts))
        if known
    ):
        return "", "", ""
    site = site_of(host)
    if site is None or site.kind is Kind.OTHER:
        return _clean(host), "referral", ""
    if site.kind is Kind.SEARCH:
        found = _parameters(referrer, {site.keyword})
        return site.name, "organic", _clean(found.get(site.keyword, ""))
    return site.name, "ai-assistant" if site.kind is Kind.ASSISTANT else "referral", ""


def _parameters(address: str, wanted: Container[str]) -> Mapping[str, str]:
    """Return those of an address's parameters that are wanted; the first of each name."""
    if "=" not in address:
        return {}
    page, _, fragment = address.partition("#")
    found: dict[str, str] = {}
    # Pages that are one page to the server keep tags behind the #: "/#/offer?utm_source=x".
    for text in (page.partition("?")[2], fragment.rpartition("?")[2]):
        for part in text.split("&"):
            name, _, value = part.partition("=")
            name = name.lower()
            if value and name in wanted and name not in found:
                found[name] = unquote_plus(value)
    return found


def _clean(value: object) -> str:
    """Return text as it is compared and stored; what is no text counts as missing."""
    if not isinstance(value, str):
        # Numbers of campaigns come as numbers; a longer one than 18 digits is none.
        is_id = type(value) is int and abs(value) < 10**18
        return str(value) if is_id else ""
    text = value.strip().lower()[:LONGEST].strip()
    if text.isascii() and text.isprintable():
        return text
    # PostgreSQL takes neither NUL nor half a surrogate pair.
    return text.replace("\0", "").encode("utf-8", "replace").decode().strip()
