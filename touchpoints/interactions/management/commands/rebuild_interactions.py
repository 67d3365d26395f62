"""`manage.py rebuild_interactions --workspace SLUG`: sums and conversions from the interactions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.db import connection, transaction

from cxm.common.scope import workspace_scope
from cxm.kpis.services import mark_stale
from cxm.workspaces.management.base import workspace_by_slug
from cxm.workspaces.models import Workspace
from touchpoints.interactions.rollup_sql import DAYS
from touchpoints.interactions.services import rebuild_days

FEED = "interactions"


class Command(BaseCommand):
    """Nothing changes where all is well: sums that are kept up equal sums from scratch."""

    help = "Work out conversions, touches and sums by day again from the interactions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--workspace", required=True, help="short name of the workspace")
        parser.add_argument("--since", type=date.fromisoformat, help="first day, as 2026-05-20")
        parser.add_argument("--until", type=date.fromisoformat, help="last day")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go day by day, each in its own transaction."""
        workspace = workspace_by_slug(options["workspace"])
        since, until = options["since"], options["until"]
        with workspace_scope(workspace.pk):
            days = [
                day
                for day in _days(workspace)
                if (not since or day >= since) and (not until or day <= until)
            ]
            for day in days:
                with transaction.atomic():
                    rebuild_days(workspace_id=workspace.pk, timezone=workspace.timezone, days=[day])
                    mark_stale(FEED, [day])
        self.stdout.write(f"{len(days)} days")


def _days(workspace: Workspace) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(DAYS, {"workspace": workspace.pk, "zone": workspace.timezone})
        return [day for (day,) in cursor.fetchall()]
