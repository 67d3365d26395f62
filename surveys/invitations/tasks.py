"""Celery doors of the room. Both may run any number of times, at once, and after a crash."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from cxm.workspaces.work import for_each_workspace
from surveys.invitations import services


@shared_task
def send_due(workspace_id: str | None = None) -> None:
    """Send what is due in all workspaces, or in the one that a door nudged about."""
    if workspace_id is None:
        for_each_workspace(_send)
        return
    with workspace_scope(UUID(workspace_id)):
        workspace = Workspace.objects.filter(pk=workspace_id).first()
        if workspace is not None:
            _send(workspace)


@shared_task
def sweep() -> None:
    """Settle the claims of workers that were lost, in all workspaces."""
    for_each_workspace(_sweep)


def _send(workspace: Workspace) -> None:
    services.send_due(workspace=workspace)


def _sweep(workspace: Workspace) -> None:
    services.sweep(workspace=workspace)
