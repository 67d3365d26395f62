"""`manage.py load_demo`: a coffee shop with 120 days of history."""

from __future__ import annotations

import os
import secrets
import time
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.common.scope import directory_scope
from cxm.workspaces.models import Workspace
from demo.services import load_demo


class Command(BaseCommand):
    """Loads the demo workspace and prints with what to log in."""

    help = (
        "Load the demo workspace, all of it or nothing. The login comes from DEMO_EMAIL and "
        "DEMO_PASSWORD; without them a password is made and printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where a workspace exists already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the demo."""
        with directory_scope():
            empty = not Workspace.objects.exists()
        if options["if_empty"] and not empty:
            return
        email = os.environ.get("DEMO_EMAIL") or "demo@example.com"
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        started = time.monotonic()
        try:
            workspace = load_demo(
                now=now(),
                email=email,
                password=password,
                say=lambda line: self.stdout.write(f"  {line}"),
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(
            f"Demo “{workspace.name}” loaded in {time.monotonic() - started:.0f} s. "
            f"Log in as {email} with the password {password}"
        )
