"""Where customers meet us: channels, phases, touchpoints, rules, goals and dimensions."""

from touchpoints.catalogue.models.base import validate_key
from touchpoints.catalogue.models.channels import Channel, ChannelWord
from touchpoints.catalogue.models.goals import Dimension, Goal
from touchpoints.catalogue.models.phases import Phase, PhaseModel
from touchpoints.catalogue.models.rules import IgnoredGroup, MatchingRule
from touchpoints.catalogue.models.touchpoints import Touchpoint

__all__ = [
    "Channel",
    "ChannelWord",
    "Dimension",
    "Goal",
    "IgnoredGroup",
    "MatchingRule",
    "Phase",
    "PhaseModel",
    "Touchpoint",
    "validate_key",
]
