"""`manage.py create_owner EMAIL --workspace NAME`: the first person of a workspace."""

from __future__ import annotations

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from cxm.api.errors import DomainError
from cxm.workspaces.models import User
from cxm.workspaces.services import create_workspace


class Command(BaseCommand):
    """Creates a user, unless the address is known, and a workspace that they own."""

    help = "Create a workspace and its owner. The password comes from CXM_PASSWORD or is asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("email", help="with which the owner logs in")
        parser.add_argument("--name", default="", help="the owner's name")
        parser.add_argument("--workspace", required=True, help="name of the new workspace")
        parser.add_argument("--timezone", default="UTC", help="for example Europe/Berlin")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing."""
        email = options["email"].strip().lower()
        try:
            validate_email(email)
            with transaction.atomic():
                user = User.objects.filter(email=email).first()
                if user is None:
                    password = os.environ.get("CXM_PASSWORD") or getpass.getpass("Password: ")
                    validate_password(password)
                    user = User.objects.create_user(
                        email, password, name=options["name"] or email.partition("@")[0]
                    )
                workspace = create_workspace(
                    name=options["workspace"], owner=user, timezone=options["timezone"]
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{email} owns “{workspace.name}” ({workspace.slug}).")
