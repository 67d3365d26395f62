"""The statements behind the figures: what is summed up already, and what the contacts must tell.

A visit counts on each day on which it has a contact, so that a day never has to be worked out
again because of another day. A visit's value of a dimension is the greatest that its contacts
carry: one value for each visit, whatever the order of rows.

They group and never join their own parts: the planner knows nothing about the size of a part
and would walk one for each row of the other.
"""

from __future__ import annotations

from typing import Final

_DAYS_CONTACTS: Final = """
    SELECT (occurred_at AT TIME ZONE %(zone)s)::date AS day, visit_key, touchpoint_id,
        occurred_at, lower(event) AS event, properties
    FROM interactions_interaction
    WHERE workspace_id = %(workspace)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
        AND kind = ANY(%(kinds)s) AND NOT event = ANY(%(without)s)
        AND (occurred_at AT TIME ZONE %(zone)s)::date = ANY(%(days)s)
"""

# Each contact once for each dimension that its visit has; with the whole, if that is asked for.
_CONTACTS: Final = f"""
WITH contact AS ({_DAYS_CONTACTS}), base AS (
    SELECT day, visit_key, touchpoint_id, occurred_at, event, dimension,
        CASE WHEN dimension = '' THEN ''
            ELSE left(max(properties ->> property) OVER visit, 200) END AS value
    FROM contact
        CROSS JOIN unnest(%(dimensions)s::text[], %(properties)s::text[]) AS d (dimension, property)
    WINDOW visit AS (PARTITION BY day, visit_key, dimension)
)
"""

# What was summed up while it came in: visits, those with the primary goal, and views.
SUMS: Final = """
SELECT touchpoint_id, day, sum(visits), sum(won), sum(views) FROM interactions_touchpointday
WHERE workspace_id = %(workspace)s AND day = ANY(%(days)s)
GROUP BY touchpoint_id, day
"""

# One row for each subject, slice and day: visits, and those with the primary goal.
SLICES: Final = (
    _CONTACTS
    + """
, won AS MATERIALIZED (
    SELECT DISTINCT visit_key, day FROM interactions_conversion
    WHERE workspace_id = %(workspace)s AND day = ANY(%(days)s) AND goal_id = %(goal)s
), seen AS MATERIALIZED (
    SELECT day, visit_key, touchpoint_id, dimension, value,
        (visit_key, day) IN (SELECT visit_key, day FROM won) AS won
    FROM base WHERE value IS NOT NULL
    GROUP BY day, visit_key, touchpoint_id, dimension, value
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
SELECT DISTINCT day FROM interactions_touchpointday WHERE workspace_id = %(workspace)s
"""
