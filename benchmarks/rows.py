"""Records as a shop sends them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from touchpoints.interactions.records import Record

EVENTS = ("Home", "Search", "Product", "Basket", "Order Completed")


def make_records(rows: int) -> list[Record]:
    """Return page views of one day, with properties and context."""
    # Django may be imported only once the server of the run has an address.
    from touchpoints.interactions.records import Record  # noqa: PLC0415

    chance = random.Random(1)
    start = datetime.now(UTC) - timedelta(days=1)
    return [
        Record(
            key=f"bench-{number}",
            occurred_at=start + timedelta(milliseconds=number % 86_400_000),
            kind="page",
            event=EVENTS[number % len(EVENTS)],
            anonymous_id=f"browser-{chance.randrange(rows // 5 + 1)}",
            url=f"https://shop.example/products/{number % 997}",
            properties={"visitor_type": "New", "position": number % 50, "list": "Coffee"},
            context={"locale": "da", "page": {"title": "Coffee", "referrer": "https://x.example"}},
        )
        for number in range(rows)
    ]
