"""Writes of the room."""

from touchpoints.interactions.services.importing import ImportCounts, import_rows
from touchpoints.interactions.services.inbox import drain, put_events
from touchpoints.interactions.services.ingest import Taken, ingest, take
from touchpoints.interactions.services.quarantine import replay
from touchpoints.interactions.services.retention import (
    drop_expired_months,
    forget_expired,
    limit_of,
)
from touchpoints.interactions.services.rollups import rebuild_days
from touchpoints.interactions.services.sources import (
    Sender,
    create_source,
    forget_salts,
    give_key,
    revoke_source,
    salt_of,
    source_called,
)
from touchpoints.interactions.services.storing import Batch

__all__ = [
    "Batch",
    "ImportCounts",
    "Sender",
    "Taken",
    "create_source",
    "drain",
    "drop_expired_months",
    "forget_expired",
    "forget_salts",
    "give_key",
    "import_rows",
    "ingest",
    "limit_of",
    "put_events",
    "rebuild_days",
    "replay",
    "revoke_source",
    "salt_of",
    "source_called",
    "take",
]
