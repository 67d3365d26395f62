"""Celery doors of the room."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from cxm.api.idempotency import KEPT
from cxm.api.models import IdempotentRequest, RateWindow
from cxm.common.clock import now
from cxm.workspaces.models import AuditEntry, Workspace
from cxm.workspaces.work import for_each_workspace

# As declared in AuditEntry.personal_data: 24 months.
AUDIT_KEPT = timedelta(days=731)


@shared_task
def tidy() -> None:
    """Remove what nobody needs: old windows of rates, replayable answers, old audit entries."""
    RateWindow.objects.filter(starts_at__lt=now() - timedelta(minutes=10)).delete()

    def forget(workspace: Workspace) -> None:
        IdempotentRequest.objects.filter(
            workspace_id=workspace.pk, created_at__lt=now() - KEPT
        ).delete()
        AuditEntry.objects.for_workspace(workspace).filter(
            created_at__lt=now() - AUDIT_KEPT
        ).delete()

    for_each_workspace(forget)
