"""Celery doors of the room."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from cxm.api.idempotency import KEPT
from cxm.api.models import IdempotentRequest, RateWindow
from cxm.common.clock import now
from cxm.workspaces.models import Workspace
from cxm.workspaces.work import for_each_workspace


@shared_task
def tidy() -> None:
    """Remove what the API remembers no longer: old windows of rates, answers past a day."""
    RateWindow.objects.filter(starts_at__lt=now() - timedelta(minutes=10)).delete()

    def forget(workspace: Workspace) -> None:
        IdempotentRequest.objects.filter(
            workspace_id=workspace.pk, created_at__lt=now() - KEPT
        ).delete()

    for_each_workspace(forget)
