"""Where a request comes from: a pure rule."""

from __future__ import annotations

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
