"""Pages of the room."""

from touchpoints.interactions.views.interactions import interactions_page
from touchpoints.interactions.views.touchpoint import (
    export_touchpoint,
    touchpoint_goals,
    touchpoint_page,
    touchpoint_visitors,
)
from touchpoints.interactions.views.touchpoints import export_touchpoints, touchpoints_page

__all__ = [
    "export_touchpoint",
    "export_touchpoints",
    "interactions_page",
    "touchpoint_goals",
    "touchpoint_page",
    "touchpoint_visitors",
    "touchpoints_page",
]
