"""Celery doors of the room."""

from __future__ import annotations

from datetime import UTC

from celery import shared_task

from cxm.common.clock import now
from cxm.common.scope import directory_scope
from cxm.workspaces.models import Workspace
from cxm.workspaces.work import for_each_workspace
from touchpoints.interactions import services
from touchpoints.interactions.services import reassigning


@shared_task(name="touchpoints.interactions.tasks.process_inbox", ignore_result=True)
def process_inbox() -> None:
    """Sort in what the collector took; ends when nothing waits, or after a while."""
    services.drain()


@shared_task(name="touchpoints.interactions.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Forget the salts of days that are over: nobody may find back from a visit to an address."""
    for_each_workspace(_tidy)


@shared_task(name="touchpoints.interactions.tasks.reassign_due", ignore_result=True)
def reassign_due() -> None:
    """Go on with what is to be assigned anew, in all workspaces; the next round does the rest."""
    for_each_workspace(_reassign)


@shared_task(name="touchpoints.interactions.tasks.forget_expired", ignore_result=True)
def forget_expired() -> None:
    """Forget what no workspace keeps, by whole months, then what each keeps no longer."""
    with directory_scope():
        limits = [services.limit_of(one, now()) for one in Workspace.objects.all()]
    services.drop_expired_months(limits)
    for_each_workspace(_forget)


@shared_task(name="touchpoints.interactions.tasks.work_due", ignore_result=True)
def work_due() -> None:
    """Go on with uploaded files and with rows of the quarantine that are tried again."""
    for_each_workspace(_work)


def _work(workspace: Workspace) -> None:
    services.retry_due(workspace=workspace)
    services.import_due(workspace=workspace)


def _forget(workspace: Workspace) -> None:
    services.forget_expired(workspace=workspace, now=now())


def _reassign(workspace: Workspace) -> None:
    reassigning.reassign_due(workspace=workspace)


def _tidy(workspace: Workspace) -> None:
    services.forget_salts(workspace=workspace, today=now().astimezone(UTC).date())
    services.forget_files(workspace=workspace)
