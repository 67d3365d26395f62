"""Reads of the room."""

from touchpoints.tracking.reports.codes import find_placement, placements_page
from touchpoints.tracking.reports.senders import SenderState, sender_states

__all__ = ["SenderState", "find_placement", "placements_page", "sender_states"]
