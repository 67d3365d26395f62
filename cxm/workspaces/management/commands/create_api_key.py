"""`manage.py create_api_key NAME --workspace SLUG`: print a new key and nothing else."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.workspaces.keyscopes import SCOPES
from cxm.workspaces.management.base import workspace_by_slug
from cxm.workspaces.services import create_api_key


class Command(BaseCommand):
    """Creates an API key; its text is shown this once."""

    help = "Create an API key and print just the key. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("name", help="which system uses the key, for example CRM")
        parser.add_argument("--workspace", required=True, help="short name of the workspace")
        parser.add_argument(
            "--scope",
            action="append",
            dest="scopes",
            help=f"repeatable; default *. One of: {', '.join(SCOPES)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create and print the key."""
        workspace = workspace_by_slug(options["workspace"])
        with workspace_scope(workspace.pk):
            try:
                _key, token = create_api_key(
                    workspace=workspace, name=options["name"], scopes=options["scopes"] or ["*"]
                )
            except DomainError as error:
                raise CommandError(error.detail) from error
        self.stdout.write(token)
