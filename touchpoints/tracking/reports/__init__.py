"""Reads of the room."""

from touchpoints.tracking.reports.clicks import PageHeat, page_heat, page_paths
from touchpoints.tracking.reports.codes import placement_behind, placements_page
from touchpoints.tracking.reports.senders import SenderState, sender_states

__all__ = [
    "PageHeat",
    "SenderState",
    "page_heat",
    "page_paths",
    "placement_behind",
    "placements_page",
    "sender_states",
]
