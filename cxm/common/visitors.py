"""Where a request comes from, and who that is for a day: pure rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping


def client_address(headers: Mapping[str, str], proxies: int) -> str:
    """Return the address of the client, for counting its requests.

    Args:
        headers: the request's META.
        proxies: how many proxies of ours stand in front; what more of X-Forwarded-For there is
            was written by the client and is not believed.
    """
    if proxies > 0:
        hops = [hop.strip() for hop in headers.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(hops) >= proxies and hops[-proxies]:
            return hops[-proxies]
    return headers.get("REMOTE_ADDR", "")


def visitor_of_day(salt: bytes, address: str, agent: str) -> str:
    """Return a name for who this is today, from which nobody finds back to them.

    Args:
        salt: random, of one workspace and one day, and deleted after it.
        address: the network address.
        agent: the user agent.
    """
    text = f"{address}\n{agent}".encode("utf-8", "replace")
    return hashlib.blake2b(text, digest_size=16, key=salt).hexdigest()
