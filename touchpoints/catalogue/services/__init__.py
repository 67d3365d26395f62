"""Writes to the catalogue that touch more than one row."""

from touchpoints.catalogue.services.counting import FEED, make_primary, recount_goals, refigure
from touchpoints.catalogue.services.keys import free_key
from touchpoints.catalogue.services.pictures import drop_picture, forget_picture, put_picture
from touchpoints.catalogue.services.rules import move_rule, order_rules, save_rule
from touchpoints.catalogue.services.setup import (
    apply_catalogue,
    create_default_channels,
    create_default_phases,
    phases_by_key,
)

__all__ = [
    "FEED",
    "apply_catalogue",
    "create_default_channels",
    "create_default_phases",
    "drop_picture",
    "forget_picture",
    "free_key",
    "make_primary",
    "move_rule",
    "order_rules",
    "phases_by_key",
    "put_picture",
    "recount_goals",
    "refigure",
    "save_rule",
]
