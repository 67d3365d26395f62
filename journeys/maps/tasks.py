"""Celery doors of the room."""

from __future__ import annotations

from celery import shared_task

from cxm.workspaces.models import Workspace
from cxm.workspaces.work import for_each_workspace
from journeys.maps import syncing


@shared_task(name="journeys.maps.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Forget operations and presences that nobody asks for any more."""
    for_each_workspace(_tidy)


def _tidy(workspace: Workspace) -> None:
    syncing.forget_old(workspace=workspace)
