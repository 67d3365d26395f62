"""Staff doors to the catalogue."""

from touchpoints.catalogue.admin.channels import ChannelAdmin, PhaseModelAdmin
from touchpoints.catalogue.admin.goals import DimensionAdmin, GoalAdmin
from touchpoints.catalogue.admin.touchpoints import TouchpointAdmin

__all__ = ["ChannelAdmin", "DimensionAdmin", "GoalAdmin", "PhaseModelAdmin", "TouchpointAdmin"]
