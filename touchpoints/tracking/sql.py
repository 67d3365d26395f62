"""The statements behind the heat maps.

There is no index on event or path: it would cost each interaction that comes in, for a page that
few people open. So the newest interactions of the window are read, as many as may be, by the key
that begins with workspace and time (or with the touchpoint's), and the rest is said on the page.
"""

from __future__ import annotations

from typing import Final

_NEWEST: Final = """
WITH newest AS MATERIALIZED (
    SELECT id, occurred_at, event, source_id, properties FROM interactions_interaction
    WHERE workspace_id = %(workspace)s
        AND occurred_at >= %(start)s AND occurred_at < %(end)s
        AND (%(touchpoint)s::uuid IS NULL OR touchpoint_id = %(touchpoint)s::uuid)
    ORDER BY occurred_at DESC, id DESC LIMIT %(scanned)s
), told AS (
    SELECT id, occurred_at, event, properties FROM newest
    WHERE event = ANY(%(events)s)
        AND (%(source)s::uuid IS NULL OR source_id = %(source)s::uuid)
)
"""

# Paths with their clicks and leaves, and how much was read for it.
PATHS: Final = (
    _NEWEST
    + """
SELECT read.n, read.since, path, clicks, leaves
FROM (SELECT count(*) AS n, min(occurred_at) AS since FROM newest) AS read
LEFT JOIN LATERAL (
    SELECT properties ->> 'path' AS path,
        count(*) FILTER (WHERE event = %(clicked)s) AS clicks,
        count(*) FILTER (WHERE event = %(left)s) AS leaves
    FROM told WHERE properties ->> 'path' <> '' GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1
    LIMIT %(paths)s
) AS page ON true
"""
)

POINTS: Final = (
    _NEWEST
    + """
SELECT id::text, event, properties::text FROM told WHERE properties ->> 'path' = %(path)s
ORDER BY occurred_at DESC, id DESC LIMIT %(points)s
"""
)
