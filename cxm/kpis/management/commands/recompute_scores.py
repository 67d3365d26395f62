"""`manage.py recompute_scores --workspace SLUG`: work all figures out from the facts again."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandParser

from cxm.common import clock
from cxm.common.scope import workspace_scope
from cxm.kpis import services
from cxm.workspaces.management.base import workspace_by_slug


class Command(BaseCommand):
    """Recomputes a workspace; the figures are the same as before, unless a formula changed."""

    help = "Throw all tallies and measurements of a workspace away and work them out again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--workspace", required=True, help="short name of the workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        """Recompute and say how much that was."""
        workspace = workspace_by_slug(options["workspace"])
        with workspace_scope(workspace.pk):
            done = services.recompute(workspace=workspace, now=clock.now())
        self.stdout.write(
            f"{done.days} days, {done.tallies} tallies, {done.measurements} measurements"
        )
