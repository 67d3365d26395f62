"""`manage.py erase_customer NUMBER --workspace SLUG`: forget a customer for good."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cxm.common.scope import workspace_scope
from cxm.customers.management.base import add_customer_arguments, customer_by_number
from cxm.customers.privacy import erase_customer
from cxm.workspaces.management.base import workspace_by_slug


class Command(BaseCommand):
    """Forgets one customer."""

    help = "Forget one customer for good: identities, answers' words, everything declared personal."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add_customer_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, erase, and say what was done."""
        with workspace_scope(workspace_by_slug(options["workspace"]).pk):
            customer = customer_by_number(options["number"])
            if not options["yes"] and self._typed(customer.number) != customer.number:
                raise CommandError("Nothing was erased.")
            erasure = erase_customer(customer)
        rows = sum(erasure.deleted.values()) + sum(erasure.blanked.values())
        self.stdout.write(f"{customer.number} was erased; {rows} rows were deleted or emptied.")

    def _typed(self, number: str) -> str:
        self.stdout.write(f"This cannot be undone. Type {number} to go on: ", ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip()
