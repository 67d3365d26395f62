"""Writes of the room."""

from touchpoints.interactions.services.ingest import Batch, Sender, Taken, ingest, take
from touchpoints.interactions.services.sources import (
    create_source,
    give_key,
    revoke_source,
    source_called,
)

__all__ = [
    "Batch",
    "Sender",
    "Taken",
    "create_source",
    "give_key",
    "ingest",
    "revoke_source",
    "source_called",
    "take",
]
