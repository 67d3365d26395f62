"""The tables of the room."""

from touchpoints.interactions.models.interactions import FALLBACK_ICON, Interaction, MessageKey
from touchpoints.interactions.models.reassignments import Reassignment
from touchpoints.interactions.models.refused import ImportMapping, Quarantined
from touchpoints.interactions.models.sources import Inbox, Source, SourceDay, VisitSalt
from touchpoints.interactions.models.visits import ZERO, Conversion, Touch, TouchpointDay, Visit

__all__ = [
    "FALLBACK_ICON",
    "ZERO",
    "Conversion",
    "ImportMapping",
    "Inbox",
    "Interaction",
    "MessageKey",
    "Quarantined",
    "Reassignment",
    "Source",
    "SourceDay",
    "Touch",
    "TouchpointDay",
    "Visit",
    "VisitSalt",
]
