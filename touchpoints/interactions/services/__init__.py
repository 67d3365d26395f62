"""Writes of the room."""

from touchpoints.interactions.services.importing import ImportCounts, import_rows
from touchpoints.interactions.services.ingest import Batch, Sender, Taken, ingest, take
from touchpoints.interactions.services.quarantine import replay
from touchpoints.interactions.services.sources import (
    create_source,
    give_key,
    revoke_source,
    source_called,
)

__all__ = [
    "Batch",
    "ImportCounts",
    "Sender",
    "Taken",
    "create_source",
    "give_key",
    "import_rows",
    "ingest",
    "replay",
    "revoke_source",
    "source_called",
    "take",
]
