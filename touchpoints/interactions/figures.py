"""The statements behind the figures. Each reads the contacts of some days of one workspace once.

A visit counts on each day on which it has a contact, so that a day never has to be worked out
again because of another day. A visit's value of a dimension is the greatest that its contacts
carry: one value for each visit, whatever the order of rows.

They group and never join their own parts: the planner knows nothing about the size of a part
and would walk one for each row of the other.
"""

from __future__ import annotations

from typing import Final

# Each contact once as it is (dimension "") and once for each dimension that its visit has.
_CONTACTS: Final = """
WITH contact AS (
    SELECT (occurred_at AT TIME ZONE %(zone)s)::date AS day, visit_key, touchpoint_id,
        occurred_at, lower(event) AS event, properties
    FROM interactions_interaction
    WHERE workspace_id = %(workspace)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
        AND kind = ANY(%(kinds)s) AND (occurred_at AT TIME ZONE %(zone)s)::date = ANY(%(days)s)
), base AS (
    SELECT day, visit_key, touchpoint_id, occurred_at, event, dimension,
        bool_or(event = %(goal)s) OVER visit AS won,
        CASE WHEN dimension = '' THEN ''
            ELSE left(max(properties ->> property) OVER visit, 200) END AS value
    FROM contact
        CROSS JOIN unnest(%(dimensions)s::text[], %(properties)s::text[]) AS d (dimension, property)
    WINDOW visit AS (PARTITION BY day, visit_key, dimension)
)
"""

# One row for each subject, slice and day: visits, and those with the primary goal's event.
VISITS: Final = (
    _CONTACTS
    + """
, seen AS MATERIALIZED (
    SELECT day, visit_key, touchpoint_id, dimension, value, won FROM base
    WHERE value IS NOT NULL
    GROUP BY day, visit_key, touchpoint_id, dimension, value, won
)
SELECT 'workspace', %(workspace)s::uuid, dimension, value, day,
    count(DISTINCT visit_key), count(DISTINCT visit_key) FILTER (WHERE won)
FROM seen GROUP BY dimension, value, day
UNION ALL
SELECT 'touchpoint', touchpoint_id, dimension, value, day, count(*), count(*) FILTER (WHERE won)
FROM seen WHERE touchpoint_id IS NOT NULL
GROUP BY touchpoint_id, dimension, value, day
"""
)

# Visits to touchpoints that name an event of success, and those in which it came there or later.
SUCCESS: Final = (
    _CONTACTS
    + """
, tried AS (
    SELECT aim.id AS touchpoint_id, day, visit_key, dimension, value,
        min(occurred_at) FILTER (WHERE touchpoint_id = aim.id) AS since,
        max(occurred_at) FILTER (WHERE base.event = lower(aim.goal_event)) AS until
    FROM base JOIN catalogue_touchpoint aim
        ON aim.workspace_id = %(workspace)s AND aim.goal_event <> ''
        AND (touchpoint_id = aim.id OR base.event = lower(aim.goal_event))
    WHERE value IS NOT NULL
    GROUP BY aim.id, day, visit_key, dimension, value
)
SELECT 'touchpoint', touchpoint_id, dimension, value, day, count(*),
    count(*) FILTER (WHERE until >= since)
FROM tried WHERE since IS NOT NULL
GROUP BY touchpoint_id, dimension, value, day
"""
)

_PART: Final = """
WITH part AS MATERIALIZED (
    SELECT (occurred_at AT TIME ZONE %(zone)s)::date AS day, visit_key, touchpoint_id,
        quantity, dwell_seconds::numeric AS seconds
    FROM interactions_interaction
    WHERE workspace_id = %(workspace)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
        AND (occurred_at AT TIME ZONE %(zone)s)::date = ANY(%(days)s)
        AND kind = ANY(%(kinds)s) AND (%(method)s = '' OR dwell_method = %(method)s)
)
"""

# Views of pages and screens: the sum of the quantities, since one row may stand for many.
VIEWS: Final = (
    _PART
    + """
SELECT 'workspace', %(workspace)s::uuid, day, sum(quantity) FROM part GROUP BY day
UNION ALL
SELECT 'touchpoint', touchpoint_id, day, sum(quantity) FROM part
WHERE touchpoint_id IS NOT NULL GROUP BY touchpoint_id, day
"""
)

# Seconds of each visit, by one method: how many visits, their sum and the sum of squares.
DWELL: Final = (
    _PART
    + """
, visit AS (
    SELECT 'workspace' AS kind, %(workspace)s::uuid AS id, day, sum(seconds) AS seconds
    FROM part WHERE seconds IS NOT NULL GROUP BY day, visit_key
    UNION ALL
    SELECT 'touchpoint', touchpoint_id, day, sum(seconds)
    FROM part WHERE seconds IS NOT NULL AND touchpoint_id IS NOT NULL
    GROUP BY touchpoint_id, day, visit_key
)
SELECT kind, id, day, count(*), sum(seconds), sum(seconds * seconds)
FROM visit GROUP BY kind, id, day
"""
)

DAYS: Final = """
SELECT DISTINCT (occurred_at AT TIME ZONE %(zone)s)::date FROM interactions_interaction
WHERE workspace_id = %(workspace)s AND kind = ANY(%(kinds)s)
"""
