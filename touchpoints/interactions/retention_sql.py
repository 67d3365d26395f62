"""The statements of forgetting, in one place. Each deletes so many rows at most."""

from __future__ import annotations

from typing import Final

_INTERACTIONS: Final = """
DELETE FROM interactions_interaction WHERE (workspace_id, occurred_at, id) IN (
    SELECT workspace_id, occurred_at, id FROM interactions_interaction
    WHERE workspace_id = %(workspace)s AND occurred_at < %(moment)s
    ORDER BY occurred_at LIMIT %(most)s
) AND occurred_at < %(moment)s
"""

_VISITS: Final = """
DELETE FROM interactions_visit WHERE (workspace_id, started_at, id) IN (
    SELECT workspace_id, started_at, id FROM interactions_visit
    WHERE workspace_id = %(workspace)s AND started_at < %(moment)s
    ORDER BY started_at LIMIT %(most)s
) AND started_at < %(moment)s
"""

_TOUCHES: Final = """
DELETE FROM interactions_touch WHERE (workspace_id, day, visit_key, touchpoint_id) IN (
    SELECT workspace_id, day, visit_key, touchpoint_id FROM interactions_touch
    WHERE workspace_id = %(workspace)s AND day < %(day)s ORDER BY day LIMIT %(most)s
) AND day < %(day)s
"""

_CONVERSIONS: Final = """
DELETE FROM interactions_conversion WHERE (workspace_id, goal_id, visit_key, day, occurrence) IN (
    SELECT workspace_id, goal_id, visit_key, day, occurrence FROM interactions_conversion
    WHERE workspace_id = %(workspace)s AND day < %(day)s ORDER BY day LIMIT %(most)s
)
"""

_KEYS: Final = """
DELETE FROM interactions_messagekey WHERE (workspace_id, key) IN (
    SELECT workspace_id, key FROM interactions_messagekey
    WHERE workspace_id = %(workspace)s AND seen_on < %(day)s LIMIT %(most)s
)
"""

_QUARANTINED: Final = """
DELETE FROM interactions_quarantined WHERE id IN (
    SELECT id FROM interactions_quarantined
    WHERE workspace_id = %(workspace)s AND received_at < %(moment)s
    ORDER BY received_at LIMIT %(most)s
)
"""

BATCHES: Final = (_INTERACTIONS, _VISITS, _TOUCHES, _CONVERSIONS, _KEYS, _QUARANTINED)

TABLES: Final = """
SELECT part.relname FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
WHERE inhparent = %(parent)s::regclass ORDER BY part.relname
"""

# A table whose detaching was broken off: it must be finished before anything else.
HALF_DETACHED: Final = """
SELECT 1 FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
WHERE part.relname = %(name)s AND inhdetachpending
"""
