"""The statements behind touches and sums by day: kept up with each batch, or worked out again.

Both ways use the same words for what counts, so that they give the same numbers: what a batch
adds, and what the interactions of a day add up to.

* A contact is a row of the kinds in CONTACTS, except that a page was left or an advertisement seen.
* A view is a page or screen seen, as often as its quantity says, or a placement that was seen.
* A click is a click on a page, or on a placement.
* A touch is a visit's first contact at a touchpoint on a day, in the order of arrival; its channel
  is that contact's.
"""

from __future__ import annotations

from typing import Final

from touchpoints.interactions.records import (
    CLICKED,
    CONTACTS,
    FOREGROUND,
    PLACEMENT_CLICKED,
    PLACEMENT_VIEWED,
    VIEWS,
    WITHOUT_VISIT,
)

_ZERO: Final = "'00000000-0000-0000-0000-000000000000'::uuid"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


# Each contact at its touchpoint and once more for the whole workspace.
_PLACED: Final = f"""
    SELECT day, visit_key, place, actor, coalesce(channel_id, {_ZERO}) AS channel_id,
        coalesce(campaign_id, {_ZERO}) AS campaign_id, received_at, occurred_at, id,
        (event NOT IN ({_quoted(WITHOUT_VISIT)}))::int AS contact,
        CASE WHEN kind IN ({_quoted(VIEWS)}) THEN quantity
            WHEN event = '{PLACEMENT_VIEWED}' THEN 1 ELSE 0 END AS views,
        (event IN ('{CLICKED}', '{PLACEMENT_CLICKED}'))::int AS clicks,
        CASE WHEN dwell_method = '{FOREGROUND}'
            THEN round(dwell_seconds::numeric, 3) ELSE 0 END AS seconds
    FROM {{rows}} CROSS JOIN LATERAL (VALUES (touchpoint_id), ({_ZERO})) AS at (place)
    WHERE place IS NOT NULL AND kind IN ({_quoted(CONTACTS)})
"""

_TOUCHES: Final = """
    INSERT INTO interactions_touch (
        workspace_id, day, visit_key, touchpoint_id, actor, bucket, channel_id, campaign_id, won
    )
    SELECT %(workspace)s, day, visit_key, place, actor, get_byte(uuid_send(actor), 15) & 15,
        channel_id, campaign_id,
        EXISTS (
            SELECT 1 FROM interactions_conversion AS c
            WHERE c.workspace_id = %(workspace)s AND c.goal_id = %(goal)s
                AND c.visit_key = opened.visit_key AND c.day = opened.day
            OFFSET 0
        )
    FROM (
        SELECT DISTINCT ON (day, visit_key, place) * FROM placed WHERE contact = 1
        ORDER BY day, visit_key, place, received_at, occurred_at, id
    ) AS opened
    ON CONFLICT DO NOTHING
    RETURNING touchpoint_id, day, channel_id, campaign_id, won
"""

_SUMS: Final = """
    SELECT place, day, channel_id, campaign_id, sum(contact) AS contacts, sum(views) AS views,
        sum(clicks) AS clicks, 0 AS visits, 0 AS won, sum(seconds) AS seconds
    FROM placed GROUP BY place, day, channel_id, campaign_id
    UNION ALL
    SELECT touchpoint_id, day, channel_id, campaign_id, 0, 0, 0, count(*),
        count(*) FILTER (WHERE won), 0
    FROM fresh GROUP BY touchpoint_id, day, channel_id, campaign_id
"""

_ADD: Final = """
INSERT INTO interactions_touchpointday AS known (
    workspace_id, touchpoint_id, day, channel_id, campaign_id,
    contacts, views, clicks, visits, won, dwell_seconds
)
SELECT %(workspace)s, place, day, channel_id, campaign_id,
    sum(contacts), sum(views), sum(clicks), sum(visits), sum(won), sum(seconds)
FROM parts GROUP BY place, day, channel_id, campaign_id
ON CONFLICT (workspace_id, touchpoint_id, day, channel_id, campaign_id) DO UPDATE SET
    contacts = known.contacts + excluded.contacts,
    views = known.views + excluded.views,
    clicks = known.clicks + excluded.clicks,
    visits = known.visits + excluded.visits,
    won = known.won + excluded.won,
    dwell_seconds = known.dwell_seconds + excluded.dwell_seconds
"""

# What a batch adds. Touches that were there already may win by a goal that came now: those of the
# visits in `visit` on the days in `day`. Where a batch touches first what it wins, the touch is
# made as won.
ADD_BATCH: Final = f"""
WITH placed AS MATERIALIZED (
    {_PLACED.format(rows="interactions_batch")} AND batch = %(batch)s
), fresh AS (
    {_TOUCHES}
), newly AS (
    UPDATE interactions_touch AS touch SET won = true
    FROM unnest(%(visit)s::uuid[], %(day)s::date[]) AS reached (visit_key, day)
    WHERE touch.workspace_id = %(workspace)s AND touch.day = reached.day
        AND touch.visit_key = reached.visit_key AND NOT touch.won
        AND touch.day >= %(first)s AND touch.day <= %(last)s
    RETURNING touch.touchpoint_id, touch.day, touch.channel_id, touch.campaign_id
), parts AS (
    {_SUMS}
    UNION ALL
    SELECT touchpoint_id, day, channel_id, campaign_id, 0, 0, 0, 0, count(*), 0
    FROM newly GROUP BY touchpoint_id, day, channel_id, campaign_id
)
{_ADD}
"""

# Days from scratch: everything of them goes, and comes again from the interactions.
FORGET: Final = (
    "DELETE FROM interactions_touch WHERE workspace_id = %(workspace)s AND day = ANY(%(days)s)",
    "DELETE FROM interactions_touchpointday "
    "WHERE workspace_id = %(workspace)s AND day = ANY(%(days)s)",
)

REBUILD: Final = f"""
WITH day_rows AS (
    SELECT *, (occurred_at AT TIME ZONE %(zone)s)::date AS day FROM interactions_interaction
    WHERE workspace_id = %(workspace)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
        AND (occurred_at AT TIME ZONE %(zone)s)::date = ANY(%(days)s)
), placed AS MATERIALIZED (
    {_PLACED.format(rows="day_rows")}
), fresh AS (
    {_TOUCHES}
), parts AS (
    {_SUMS}
)
{_ADD}
"""

FORGET_CONVERSIONS: Final = (
    "DELETE FROM interactions_conversion WHERE workspace_id = %(workspace)s AND day = ANY(%(days)s)"
)

# The same goal in the same visit on the same day is one, or one for each interaction. The first
# stays, whatever comes later. A visit that reaches the primary goal is told of back.
CONVERT: Final = """
INSERT INTO interactions_conversion (
    workspace_id, goal_id, visit_key, day, occurrence, occurred_at, interaction_id, touchpoint_id,
    customer_id, channel_id, campaign_id, placement_id, value, currency
)
SELECT %(workspace)s, goal_id, visit_key, day, occurrence, occurred_at, interaction_id,
    touchpoint_id, customer_id, channel_id, campaign_id, placement_id, value, currency
FROM unnest(
    %(goal)s::uuid[], %(visit)s::uuid[], %(day)s::date[], %(occurrence)s::uuid[],
    %(occurred_at)s::timestamptz[], %(interaction)s::uuid[], %(touchpoint)s::uuid[],
    %(customer)s::uuid[], %(channel)s::uuid[], %(campaign)s::uuid[], %(placement)s::uuid[],
    %(value)s::numeric[], %(currency)s::text[]
) AS reached (
    goal_id, visit_key, day, occurrence, occurred_at, interaction_id, touchpoint_id, customer_id,
    channel_id, campaign_id, placement_id, value, currency
)
ON CONFLICT DO NOTHING
RETURNING goal_id, visit_key, day
"""

# What may reach a goal, in order, for days that are worked out again.
CONTACTS_OF_DAYS: Final = f"""
SELECT id, occurred_at, (occurred_at AT TIME ZONE %(zone)s)::date, kind, event, url, touchpoint_id,
    customer_id, visit_key, channel_id, campaign_id, placement_id, value, currency
FROM interactions_interaction
WHERE workspace_id = %(workspace)s AND occurred_at >= %(start)s AND occurred_at < %(end)s
    AND (occurred_at AT TIME ZONE %(zone)s)::date = ANY(%(days)s)
    AND kind IN ({_quoted(CONTACTS)})
ORDER BY received_at, occurred_at, id
"""

# The days on which anything happened.
DAYS: Final = """
SELECT DISTINCT (occurred_at AT TIME ZONE %(zone)s)::date AS day FROM interactions_interaction
WHERE workspace_id = %(workspace)s ORDER BY day
"""
