"""Celery doors of the room. Both may run any number of times, at once, and after a crash."""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from celery import shared_task

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from cxm.workspaces.work import for_each_workspace
from surveys.invitations import services

# A round ends well before Celery's time limit, which would cut a send in two; and no workspace
# with a long queue keeps the others waiting. What is left is taken up by the next round.
ROUND_SECONDS: Final = 120.0
SLICE_SECONDS: Final = 15.0


@shared_task
def send_due(workspace_id: str | None = None) -> None:
    """Send what is due in all workspaces, or in the one that a door nudged about."""
    ends = time.monotonic() + ROUND_SECONDS

    def send(workspace: Workspace) -> None:
        left = ends - time.monotonic()
        services.send_due(workspace=workspace, seconds=min(SLICE_SECONDS, left))

    if workspace_id is None:
        for_each_workspace(send)
        return
    with workspace_scope(UUID(workspace_id)):
        workspace = Workspace.objects.filter(pk=workspace_id).first()
        if workspace is not None:
            services.send_due(workspace=workspace)


@shared_task
def sweep() -> None:
    """Settle the claims of workers that were lost, in all workspaces."""
    for_each_workspace(_sweep)


def _sweep(workspace: Workspace) -> None:
    services.sweep(workspace=workspace)
