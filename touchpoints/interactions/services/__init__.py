"""Writes of the room."""

from touchpoints.interactions.services.contacts import (
    ContactFacts,
    record_contact,
    undo_contact,
)
from touchpoints.interactions.services.importing import ImportCounts, import_rows
from touchpoints.interactions.services.inbox import drain, put_events, waiting_events
from touchpoints.interactions.services.ingest import Taken, ingest, take
from touchpoints.interactions.services.mending import (
    MOST_AT_ONCE,
    discard_reason,
    discard_rows,
    make_missing_touchpoint,
    mend_row,
    retry_due,
    retry_reason,
    waiting_for,
)
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
from touchpoints.interactions.services.uploads import (
    Preview,
    forget_files,
    import_due,
    keep_file,
    mapping_for,
    preview_of,
    start_import,
    table_of,
)

__all__ = [
    "MOST_AT_ONCE",
    "Batch",
    "ContactFacts",
    "ImportCounts",
    "Preview",
    "Sender",
    "Taken",
    "create_source",
    "discard_reason",
    "discard_rows",
    "drain",
    "drop_expired_months",
    "forget_expired",
    "forget_files",
    "forget_salts",
    "give_key",
    "import_due",
    "import_rows",
    "ingest",
    "keep_file",
    "limit_of",
    "make_missing_touchpoint",
    "mapping_for",
    "mend_row",
    "preview_of",
    "put_events",
    "rebuild_days",
    "record_contact",
    "replay",
    "retry_due",
    "retry_reason",
    "revoke_source",
    "salt_of",
    "source_called",
    "start_import",
    "table_of",
    "take",
    "undo_contact",
    "waiting_events",
    "waiting_for",
]
