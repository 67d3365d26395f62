"""Celery doors of the room."""

from __future__ import annotations

from celery import shared_task

from cxm.workspaces.models import Workspace
from cxm.workspaces.work import for_each_workspace
from journeys.maps import sweeping, syncing


@shared_task(name="journeys.maps.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Forget operations and presences that nobody asks for any more, and unused pictures."""
    for_each_workspace(_tidy)
    sweeping.forget_pictures_of_nobody()


def _tidy(workspace: Workspace) -> None:
    syncing.forget_old(workspace=workspace)
    sweeping.forget_pictures(workspace=workspace)
