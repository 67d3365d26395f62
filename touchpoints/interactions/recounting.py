"""History is counted anew when goals change: conversions, and what visits have won."""

from __future__ import annotations

from cxm.common.scope import current_workspace_id
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.history import recounts_goals
from touchpoints.interactions.models import Interaction, Reassignment
from touchpoints.interactions.services.reassigning import start_reassignment


@recounts_goals("interactions")
def recount() -> str | None:
    """Ask for a run over everything that is stored; nothing to do where nothing is."""
    workspace_id = current_workspace_id()
    workspace = Workspace.objects.filter(pk=workspace_id).first() if workspace_id else None
    if workspace is None or not Interaction.objects.for_workspace(workspace).exists():
        return None
    kind = Reassignment.Kind.GOALS
    return start_reassignment(workspace=workspace, days=None, kind=kind).get_absolute_url()
