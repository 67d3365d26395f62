"""Celery doors of the room."""

from __future__ import annotations

from datetime import UTC

from celery import shared_task

from cxm.common.clock import now
from cxm.workspaces.models import Workspace
from cxm.workspaces.work import for_each_workspace
from touchpoints.interactions import services


@shared_task(name="touchpoints.interactions.tasks.process_inbox", ignore_result=True)
def process_inbox() -> None:
    """Sort in what the collector took; ends when nothing waits, or after a while."""
    services.drain()


@shared_task(name="touchpoints.interactions.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Forget the salts of days that are over: nobody may find back from a visit to an address."""
    for_each_workspace(_tidy)


def _tidy(workspace: Workspace) -> None:
    services.forget_salts(workspace=workspace, today=now().astimezone(UTC).date())
