"""`manage.py create_source NAME --workspace SLUG`: print a new write key and nothing else."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.workspaces.management.base import workspace_by_slug
from touchpoints.interactions.services import create_source


class Command(BaseCommand):
    """Creates a source; its key is shown this once."""

    help = "Create a source of interactions and print just its write key. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="which system sends, for example “Web shop”")
        parser.add_argument("--workspace", required=True, help="short name of the workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create and print the key."""
        workspace = workspace_by_slug(options["workspace"])
        with workspace_scope(workspace.pk):
            try:
                _source, key = create_source(workspace=workspace, name=options["name"])
            except DomainError as error:
                raise CommandError(error.detail) from error
        self.stdout.write(key)
