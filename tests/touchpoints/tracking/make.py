"""Makers of what tracking codes are about."""

from __future__ import annotations

from typing import Any

from cxm.workspaces.models import Workspace
from tests.touchpoints.campaigns import make
from touchpoints.campaigns.models import Placement


def make_placement(workspace: Workspace, **overrides: Any) -> Placement:
    """Make a placement in a campaign of its own."""
    return make.make_placement(make.make_campaign(workspace), **overrides)
