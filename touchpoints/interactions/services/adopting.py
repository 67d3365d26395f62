"""What a browser did belongs to whoever the browser belongs to, and is given back when that ends.

Days and sums do not change by it: a visitor counts as whom we knew when it happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from touchpoints.interactions import sql
from touchpoints.interactions.records import hash_id


def lane_of(anonymous_id: str) -> UUID:
    """Return the lane on which the visits of a browser follow each other."""
    return hash_id("anonymous", anonymous_id)


def adopt(*, workspace_id: UUID, browsers: Mapping[str, UUID]) -> None:
    """Give customers what their browsers did before we knew whose they are."""
    if not browsers:
        return
    parameters: dict[str, Any] = {
        "workspace": workspace_id,
        "anonymous": list(browsers),
        "lane": [lane_of(name) for name in browsers],
        "customer": list(browsers.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.ADOPT, parameters)
        cursor.execute(sql.ADOPT_VISITS, parameters)


def give_back(*, workspace_id: UUID, anonymous_id: str, customer: UUID) -> int:
    """Take from a customer what they have by one browser alone; return how many interactions."""
    parameters: dict[str, Any] = {
        "workspace": workspace_id,
        "anonymous": anonymous_id,
        "lane": lane_of(anonymous_id),
        "customer": customer,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.GIVE_BACK, parameters)
        count: int = cursor.rowcount
        cursor.execute(sql.GIVE_BACK_CONVERSIONS, parameters)
        cursor.execute(sql.GIVE_BACK_VISITS, parameters)
    return count
