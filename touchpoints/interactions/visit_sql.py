"""The statements about visits, in one place."""

from __future__ import annotations

from typing import Final

# The visits of each lane that a contact between `since` and `until` could belong to.
KNOWN: Final = """
SELECT v.id, v.lane, v.started_at, v.last_at, v.has_origin, v.source_name, v.medium,
    v.campaign_name, v.term, v.content, v.utm_id, v.click_id,
    v.channel_id, v.channel_version, v.campaign_id, v.placement_id
FROM unnest(%(lane)s::uuid[], %(since)s::timestamptz[], %(until)s::timestamptz[])
        AS wanted (lane, since, until)
    CROSS JOIN LATERAL (
        SELECT * FROM interactions_visit AS visit
        WHERE visit.workspace_id = %(workspace)s AND visit.lane = wanted.lane
            AND visit.started_at >= %(first)s AND visit.started_at <= %(last)s
            AND visit.started_at >= wanted.since AND visit.started_at <= wanted.until
        OFFSET 0
    ) AS v
ORDER BY v.started_at, v.id
"""

SEEN_BEFORE: Final = """
SELECT fresh.id
FROM unnest(%(id)s::uuid[], %(lane)s::uuid[], %(started_at)s::timestamptz[])
    AS fresh (id, lane, started_at)
WHERE EXISTS (
    SELECT 1 FROM interactions_visit AS visit
    WHERE visit.workspace_id = %(workspace)s AND visit.lane = fresh.lane
        AND visit.started_at < fresh.started_at
    OFFSET 0
)
"""

BATCH: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS interactions_visit_batch (
    batch integer NOT NULL,
    started_at timestamptz NOT NULL,
    id uuid NOT NULL,
    last_at timestamptz NOT NULL,
    lane uuid NOT NULL,
    actor uuid NOT NULL,
    customer_id uuid,
    source_id uuid NOT NULL,
    channel_id uuid,
    channel_version smallint NOT NULL,
    has_origin boolean NOT NULL,
    source_name text NOT NULL,
    medium text NOT NULL,
    campaign_name text NOT NULL,
    term text NOT NULL,
    content text NOT NULL,
    utm_id text NOT NULL,
    click_id text NOT NULL,
    referrer text NOT NULL,
    landing text NOT NULL,
    campaign_id uuid,
    placement_id uuid,
    returning_direct boolean NOT NULL,
    browser text NOT NULL,
    os text NOT NULL,
    device text NOT NULL,
    contacts integer NOT NULL
) ON COMMIT DELETE ROWS
"""

_COLUMNS: Final = """
    started_at, id, last_at, lane, actor, customer_id, source_id, channel_id, channel_version,
    has_origin, source_name, medium, campaign_name, term, content, utm_id, click_id, referrer,
    landing, campaign_id, placement_id, returning_direct, browser, os, device, contacts
"""

COPY: Final = f"COPY interactions_visit_batch (batch, {_COLUMNS}) FROM STDIN"

# A stored visit gets longer, and learns what it did not know; what it knows stays.
UPSERT: Final = f"""
INSERT INTO interactions_visit AS visit (workspace_id, {_COLUMNS})
SELECT %(workspace)s, {_COLUMNS} FROM interactions_visit_batch WHERE batch = %(batch)s
ON CONFLICT (workspace_id, started_at, id) DO UPDATE SET
    last_at = greatest(visit.last_at, excluded.last_at),
    contacts = visit.contacts + excluded.contacts,
    customer_id = coalesce(visit.customer_id, excluded.customer_id),
    channel_id = coalesce(visit.channel_id, excluded.channel_id),
    channel_version = CASE WHEN visit.channel_id IS NULL
        THEN excluded.channel_version ELSE visit.channel_version END,
    campaign_id = coalesce(visit.campaign_id, excluded.campaign_id),
    placement_id = coalesce(visit.placement_id, excluded.placement_id),
    has_origin = visit.has_origin OR excluded.has_origin,
    source_name = CASE WHEN visit.has_origin THEN visit.source_name ELSE excluded.source_name END,
    medium = CASE WHEN visit.has_origin THEN visit.medium ELSE excluded.medium END,
    campaign_name = CASE WHEN visit.has_origin
        THEN visit.campaign_name ELSE excluded.campaign_name END,
    term = CASE WHEN visit.has_origin THEN visit.term ELSE excluded.term END,
    content = CASE WHEN visit.has_origin THEN visit.content ELSE excluded.content END,
    utm_id = CASE WHEN visit.has_origin THEN visit.utm_id ELSE excluded.utm_id END,
    click_id = CASE WHEN visit.has_origin THEN visit.click_id ELSE excluded.click_id END,
    referrer = CASE WHEN visit.landing = '' THEN excluded.referrer ELSE visit.referrer END,
    landing = CASE WHEN visit.landing = '' THEN excluded.landing ELSE visit.landing END,
    browser = CASE WHEN visit.browser = '' THEN excluded.browser ELSE visit.browser END,
    os = CASE WHEN visit.os = '' THEN excluded.os ELSE visit.os END,
    device = CASE WHEN visit.device = '' THEN excluded.device ELSE visit.device END
"""
