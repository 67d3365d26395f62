"""Addresses that placements lead to: pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

SCHEMES: Final = ("http", "https")
# What browsers take out of an address, or read as the end of its host.
_HIDDEN: Final = frozenset(map(chr, (*range(0x21), 0x7F, 0x5C)))


def is_web_address(url: str) -> bool:
    """Say whether ``url`` is absolute and leads to a host by http or https, as typed.

    A redirect goes to it as it stands: addresses that a browser would read in another way than
    we do (blanks, control characters, backslashes, a name and password) are none.
    """
    if not _HIDDEN.isdisjoint(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in SCHEMES
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and (port is None or port > 0)
    )


def tagged(url: str, utm: Mapping[str, str]) -> str:
    """Return ``url`` with the campaign's words in its query; what stands there already stays.

    Args:
        url: an address for which ``is_web_address`` is true.
        utm: words by their short name, for example {"source": "newsletter"}; empty ones are
            left out.
    """
    parts = urlsplit(url)
    there = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    more = {f"utm_{n}": v for n, v in utm.items() if v and f"utm_{n}" not in there}
    if not more:
        return url
    query = "&".join(filter(None, (parts.query, urlencode(more, quote_via=quote))))
    return urlunsplit(parts._replace(query=query))
