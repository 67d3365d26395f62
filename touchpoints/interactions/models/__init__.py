"""The tables of the room."""

from touchpoints.interactions.models.interactions import FALLBACK_ICON, Interaction, MessageKey
from touchpoints.interactions.models.jobs import OPEN_JOBS, FileImport, JobStatus, Retry
from touchpoints.interactions.models.reassignments import Reassignment
from touchpoints.interactions.models.refused import ImportMapping, Quarantined
from touchpoints.interactions.models.sources import Inbox, Source, SourceDay, VisitSalt
from touchpoints.interactions.models.staff import UNDO, StaffContact
from touchpoints.interactions.models.visits import ZERO, Conversion, Touch, TouchpointDay, Visit

__all__ = [
    "FALLBACK_ICON",
    "OPEN_JOBS",
    "UNDO",
    "ZERO",
    "Conversion",
    "FileImport",
    "ImportMapping",
    "Inbox",
    "Interaction",
    "JobStatus",
    "MessageKey",
    "Quarantined",
    "Reassignment",
    "Retry",
    "Source",
    "SourceDay",
    "StaffContact",
    "Touch",
    "TouchpointDay",
    "Visit",
    "VisitSalt",
]
