"""`manage.py export_customer NUMBER --workspace SLUG`: print what is kept about a customer."""

from __future__ import annotations

import json
from typing import Any

from django.core.management import BaseCommand, CommandParser

from cxm.common.scope import workspace_scope
from cxm.customers.management.base import add_customer_arguments, customer_by_number
from cxm.customers.privacy import export_customer
from cxm.workspaces.management.base import workspace_by_slug


class Command(BaseCommand):
    """Prints everything that is kept about one customer."""

    help = "Print everything that is kept about one customer, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add_customer_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the export."""
        with workspace_scope(workspace_by_slug(options["workspace"]).pk):
            export = export_customer(customer_by_number(options["number"]))
        self.stdout.write(json.dumps(export, ensure_ascii=False, indent=2))
