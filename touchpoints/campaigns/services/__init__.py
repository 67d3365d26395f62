"""Writes to campaigns that touch more than one row."""

from touchpoints.campaigns.services.campaigns import (
    archive_campaign,
    copy_campaign,
    restore_campaign,
)
from touchpoints.campaigns.services.planning import import_plan
from touchpoints.campaigns.services.plans import PlannedCell, save_plan
from touchpoints.campaigns.services.spend import Outcome, Refusal, import_spend

__all__ = [
    "Outcome",
    "PlannedCell",
    "Refusal",
    "archive_campaign",
    "copy_campaign",
    "import_plan",
    "import_spend",
    "restore_campaign",
    "save_plan",
]
