"""Celery doors of the room."""

from __future__ import annotations

from celery import shared_task

from cxm.workspaces.models import Workspace
from cxm.workspaces.work import for_each_workspace
from surveys.responses import services


@shared_task
def forget_old() -> None:
    """Delete the words and links of answers whose time is over, in all workspaces."""
    for_each_workspace(_forget)


def _forget(workspace: Workspace) -> None:
    services.forget_old(workspace=workspace)
