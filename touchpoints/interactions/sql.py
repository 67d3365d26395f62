"""The statements of ingestion, in one place.

The keys of the messages are claimed; the rows whose keys are new are copied into a table of the
session (COPY is refused on a table under row-level security) and moved from there. That table is
emptied at commit; `batch` tells the rows of one call from others in the same transaction.
"""

from __future__ import annotations

from typing import Final

BATCH: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS interactions_batch (
    batch integer NOT NULL,
    id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    source_id uuid NOT NULL,
    kind text NOT NULL,
    event text NOT NULL,
    name text NOT NULL,
    touchpoint_id uuid,
    named boolean NOT NULL,
    customer_id uuid,
    by_browser boolean NOT NULL,
    anonymous_id text NOT NULL,
    actor uuid NOT NULL,
    visit_key uuid NOT NULL,
    channel_id uuid,
    channel_version smallint NOT NULL,
    campaign_id uuid,
    placement_id uuid,
    quantity integer NOT NULL,
    dwell_seconds double precision,
    dwell_method text NOT NULL,
    value numeric,
    currency text NOT NULL,
    url text NOT NULL,
    properties jsonb NOT NULL,
    context jsonb NOT NULL,
    day date NOT NULL
) ON COMMIT DELETE ROWS
"""

_COLUMNS: Final = """
    id, occurred_at, received_at, source_id, kind, event, name, touchpoint_id, named, customer_id,
    by_browser, anonymous_id, actor, visit_key, channel_id, channel_version, campaign_id,
    placement_id, quantity, dwell_seconds, dwell_method, value, currency, url, properties, context
"""

COPY: Final = f"COPY interactions_batch (batch, {_COLUMNS}, day) FROM STDIN"

# Keys in order, so that two transactions with the same messages wait for each other in a line
# and not in a circle. The second finds the keys of the first when it has committed.
CLAIM: Final = """
INSERT INTO interactions_messagekey (workspace_id, key)
SELECT %(workspace)s, key FROM unnest(%(key)s::uuid[]) AS key ORDER BY key
ON CONFLICT DO NOTHING
RETURNING key
"""

MOVE: Final = f"""
INSERT INTO interactions_interaction (workspace_id, {_COLUMNS})
SELECT %(workspace)s, {_COLUMNS} FROM interactions_batch WHERE batch = %(batch)s
"""

QUARANTINE: Final = """
INSERT INTO interactions_quarantined (
    id, workspace_id, source_id, key, received_at, reason, detail, raw, origin, outcome,
    created_at, updated_at
)
SELECT id, %(workspace)s, source_id, key, received_at, reason, detail, raw, origin, 'open',
    %(now)s, %(now)s
FROM unnest(
    %(id)s::uuid[], %(source_id)s::uuid[], %(key)s::uuid[], %(received_at)s::timestamptz[],
    %(reason)s::text[], %(detail)s::text[], %(raw)s::text[], %(origin)s::text[]
) AS bad (id, source_id, key, received_at, reason, detail, raw, origin)
ORDER BY key
ON CONFLICT (workspace_id, key) DO NOTHING
RETURNING key
"""

COUNT_DAY: Final = """
INSERT INTO interactions_sourceday (
    id, workspace_id, source_id, day, received, stored, duplicate, quarantined, bot, declined,
    created_at, updated_at
)
VALUES (
    %(id)s, %(workspace)s, %(source)s, %(day)s, %(received)s, %(stored)s, %(duplicate)s,
    %(quarantined)s, %(bot)s, %(declined)s, %(now)s, %(now)s
)
ON CONFLICT (source_id, day) DO UPDATE SET
    received = interactions_sourceday.received + excluded.received,
    stored = interactions_sourceday.stored + excluded.stored,
    duplicate = interactions_sourceday.duplicate + excluded.duplicate,
    quarantined = interactions_sourceday.quarantined + excluded.quarantined,
    bot = interactions_sourceday.bot + excluded.bot,
    declined = interactions_sourceday.declined + excluded.declined,
    updated_at = excluded.updated_at
"""

# A browser's rows find their customer when the customer is known; its days do not change.
ADOPT: Final = """
UPDATE interactions_interaction AS i SET customer_id = known.customer_id, by_browser = true
FROM unnest(%(anonymous)s::text[], %(customer)s::uuid[]) AS known (anonymous_id, customer_id)
WHERE i.workspace_id = %(workspace)s AND i.anonymous_id = known.anonymous_id
    AND i.anonymous_id <> '' AND i.customer_id IS NULL
"""

ADOPT_VISITS: Final = """
UPDATE interactions_visit AS v SET customer_id = known.customer_id
FROM unnest(%(lane)s::uuid[], %(customer)s::uuid[]) AS known (lane, customer_id)
WHERE v.workspace_id = %(workspace)s AND v.lane = known.lane AND v.customer_id IS NULL
"""

GIVE_BACK: Final = """
UPDATE interactions_interaction SET customer_id = NULL, by_browser = false
WHERE workspace_id = %(workspace)s AND customer_id = %(customer)s
    AND anonymous_id = %(anonymous)s AND by_browser
"""

# A visit stays the customer's when a contact in it named them.
GIVE_BACK_VISITS: Final = """
UPDATE interactions_visit AS v SET customer_id = NULL
WHERE workspace_id = %(workspace)s AND lane = %(lane)s AND customer_id = %(customer)s
    AND NOT EXISTS (
        SELECT 1 FROM interactions_interaction AS i
        WHERE i.workspace_id = %(workspace)s AND i.customer_id = %(customer)s
            AND i.visit_key = v.id
    )
"""

GIVE_BACK_CONVERSIONS: Final = """
UPDATE interactions_conversion AS c SET customer_id = NULL
FROM interactions_interaction AS i
WHERE c.workspace_id = %(workspace)s AND c.customer_id = %(customer)s
    AND i.workspace_id = %(workspace)s AND i.id = c.interaction_id
    AND i.occurred_at = c.occurred_at AND i.customer_id IS NULL
    AND i.anonymous_id = %(anonymous)s
"""

SEEN: Final = """
UPDATE interactions_source SET last_seen_at = greatest(last_seen_at, %(at)s)
WHERE id = ANY(%(sources)s)
"""

# One batch of a workspace at a time: visits and sums are read and written back. Waiting here
# comes before any other lock that ingestion takes.
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('ingest:' || %(workspace)s, 0))"
TRY_LOCK: Final = (
    "SELECT pg_try_advisory_xact_lock(hashtextextended('ingest:' || %(workspace)s, 0))"
)

PUT: Final = """
INSERT INTO interactions_inbox (
    workspace_id, id, source_id, received_at, call, events, declined, visitor, agent, body
)
VALUES (
    %(workspace)s, %(id)s, %(source)s, %(received_at)s, %(call)s, %(events)s, %(declined)s,
    %(visitor)s, %(agent)s, %(body)s
)
"""

WAITING: Final = """
SELECT coalesce(sum(events), 0) FROM interactions_inbox
WHERE workspace_id = %(workspace)s AND NOT declined
"""

WAITING_WORKSPACES: Final = "SELECT DISTINCT workspace_id FROM interactions_inbox"

# The oldest bodies, as many as hold so many events together, and at least one.
TAKE_OUT: Final = """
WITH oldest AS (
    SELECT id, sum(events) OVER (ORDER BY id) - events AS before FROM (
        SELECT id, events FROM interactions_inbox
        WHERE workspace_id = %(workspace)s ORDER BY id LIMIT %(bodies)s
    ) AS first
), taken AS (
    DELETE FROM interactions_inbox
    WHERE workspace_id = %(workspace)s
        AND id IN (SELECT id FROM oldest WHERE before < %(events)s)
    RETURNING id, source_id, received_at, call, events, declined, visitor, agent, body
)
SELECT * FROM taken ORDER BY id
"""
