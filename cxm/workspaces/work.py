"""Work that walks the workspaces."""

from __future__ import annotations

import logging
from collections.abc import Callable

from cxm.common.scope import directory_scope, workspace_scope
from cxm.workspaces.models import Workspace

logger = logging.getLogger(__name__)


def for_each_workspace(work: Callable[[Workspace], None]) -> None:
    """Call ``work`` once in the scope of each workspace.

    A workspace in which it fails is logged and does not stop the others; when any failed, the
    first failure is raised at the end, so that the task counts as failed.
    """
    with directory_scope():
        workspaces = list(Workspace.objects.order_by("pk"))
    failure: Exception | None = None
    for workspace in workspaces:
        try:
            with workspace_scope(workspace.pk):
                work(workspace)
        except Exception as error:
            logger.exception("Work failed in workspace %s", workspace.pk)
            failure = failure or error
    if failure is not None:
        raise failure
