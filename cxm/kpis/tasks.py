"""Celery doors of the scoring."""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from celery import shared_task

from cxm.common import clock
from cxm.kpis import services
from cxm.workspaces.models import Workspace
from cxm.workspaces.work import for_each_workspace

# After a scoring that took longer than this, a workspace rests a multiple of the time: a day with
# a million contacts is worked out again whenever something comes, and others need the server too.
LONG_SECONDS: Final = 2.0
REST: Final = 4
_resting: dict[UUID, float] = {}


@shared_task(name="cxm.kpis.tasks.score_due", ignore_result=True)
def score_due() -> None:
    """Score every workspace with stale days, or whose day has turned."""
    for_each_workspace(_score_rested)


@shared_task(name="cxm.kpis.tasks.remeasure_all", ignore_result=True)
def remeasure_all() -> None:
    """Remove what is about subjects that are gone, then score; runs after midnight too."""
    for_each_workspace(_tidy_and_score)


def _score(workspace: Workspace) -> None:
    while services.score_workspace(workspace=workspace, now=clock.now()).more:
        pass


def _score_rested(workspace: Workspace) -> None:
    started = time.monotonic()
    if started < _resting.get(workspace.pk, 0.0):
        return
    _score(workspace)
    ended = time.monotonic()
    if ended - started > LONG_SECONDS:
        _resting[workspace.pk] = ended + REST * (ended - started)


def _tidy_and_score(workspace: Workspace) -> None:
    services.remove_orphans(workspace=workspace)
    _score(workspace)
