"""The canary: a task that leaves a sign of life, so that its arrival proves the whole way."""

from __future__ import annotations

from celery import shared_task

from cxm.common.clock import now
from cxm.health.models import Heartbeat


@shared_task
def canary(sender: str) -> None:
    """Note that a worker received a task which ``sender`` (web or beat) had put on the broker."""
    Heartbeat.objects.update_or_create(name=sender[:40], defaults={"received_at": now()})
