"""Makers of what tracking codes are about."""

from __future__ import annotations

from typing import Any

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from tests.touchpoints.campaigns import make
from touchpoints.campaigns.models import Placement
from touchpoints.interactions.models import Source
from touchpoints.interactions.services import source_called


def make_placement(workspace: Workspace, **overrides: Any) -> Placement:
    """Make a placement in a campaign of its own."""
    return make.make_placement(make.make_campaign(workspace), **overrides)


def make_site(workspace: Workspace, name: str = "Website") -> Source:
    """Make a website, or find the one with this name."""
    with workspace_scope(workspace.pk):
        return source_called(workspace=workspace, name=name, kind=Source.Kind.WEB)
