"""Writes of the room."""

from touchpoints.tracking.services.counting import Caller, count_placement
from touchpoints.tracking.services.pictures import drop_page_picture, put_page_picture

__all__ = ["Caller", "count_placement", "drop_page_picture", "put_page_picture"]
