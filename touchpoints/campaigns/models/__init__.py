"""Campaigns: what is placed where, what was planned for it, and what it cost."""

from touchpoints.campaigns.models.campaigns import Campaign
from touchpoints.campaigns.models.placements import Placement, validate_target
from touchpoints.campaigns.models.plans import PlanLine, Spend

__all__ = ["Campaign", "Placement", "PlanLine", "Spend", "validate_target"]
