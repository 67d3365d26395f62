"""What a new workspace gets from this room."""

from __future__ import annotations

from cxm.workspaces.models import Workspace
from cxm.workspaces.registry import new_workspace
from touchpoints.catalogue.services import create_default_channels, create_default_phases


@new_workspace("channels")
def give_channels(workspace: Workspace) -> None:
    """Give it the usual channels."""
    create_default_channels(workspace=workspace)


@new_workspace("phases")
def give_phases(workspace: Workspace) -> None:
    """Give it the usual phase models."""
    create_default_phases(workspace=workspace)
