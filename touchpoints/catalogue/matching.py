"""Which touchpoint an interaction happened at: pure rules.

1. The touchpoint that the sender names.
2. The one that lists the event's name.
3. The one with the longest address prefix that the page begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID


class Matchable(Protocol):
    """What a touchpoint must say about itself to be matched."""

    @property
    def pk(self) -> UUID:
        """Its id."""

    key: str
    event_names: list[str]
    page_prefix: str


class Matcher:
    """Finds touchpoints for many interactions; made once for each batch.

    Where two touchpoints claim the same event or prefix, the first in order of key gets it, so
    that the answer does not depend on the order of rows.
    """

    def __init__(self, touchpoints: Iterable[Matchable]) -> None:
        self._keys: dict[str, UUID] = {}
        self._events: dict[str, UUID] = {}
        prefixes: dict[str, UUID] = {}
        for touchpoint in sorted(touchpoints, key=lambda found: found.key):
            self._keys[touchpoint.key] = touchpoint.pk
            for name in touchpoint.event_names:
                self._events.setdefault(normalise_event(name), touchpoint.pk)
            if touchpoint.page_prefix:
                prefixes.setdefault(normalise_prefix(touchpoint.page_prefix), touchpoint.pk)
        self._prefixes: Sequence[tuple[str, UUID]] = sorted(
            prefixes.items(), key=lambda entry: (-len(entry[0]), entry[0])
        )

    def by_key(self, key: str) -> UUID | None:
        """Return the touchpoint with this key, or None."""
        return self._keys.get(key)

    def match(self, *, event: str, url: str) -> UUID | None:
        """Return the touchpoint for an event's or page's name and its address, or None."""
        if event:
            found = self._events.get(normalise_event(event))
            if found is not None:
                return found
        if url and self._prefixes:
            host_and_path, path = page_of(url)
            for prefix, touchpoint in self._prefixes:
                if _begins(path if prefix.startswith("/") else host_and_path, prefix):
                    return touchpoint
        return None


def normalise_event(name: str) -> str:
    """Return an event's name as it is compared: "Order Completed" is "order completed"."""
    return " ".join(name.split()).lower()


def normalise_prefix(prefix: str) -> str:
    """Return a prefix as it is compared: "/checkout", or "shop.example/checkout" with a host."""
    cleaned = prefix.strip().casefold()
    if cleaned.startswith("/"):
        return cleaned.rstrip("/") or "/"
    return page_of(cleaned if "//" in cleaned else f"//{cleaned}")[0].rstrip("/")


def page_of(url: str) -> tuple[str, str]:
    """Return (host and path, path) of an address, in small letters and without its query."""
    try:
        parts = urlsplit(url.strip().casefold())
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    path = parts.path or "/"
    if not path.startswith("/"):
        path = f"/{path}"
    return f"{host}{path}", path


def _begins(page: str, prefix: str) -> bool:
    # "/check" is not the beginning of "/checkout": prefixes end at a part of the path.
    if prefix == "/":
        return True
    return page == prefix or page.startswith(f"{prefix}/")
