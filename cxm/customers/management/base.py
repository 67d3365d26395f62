"""What commands about one customer share."""

from __future__ import annotations

from django.core.management import CommandError, CommandParser

from cxm.customers.models import Customer


def add_customer_arguments(parser: CommandParser) -> None:
    """Declare the arguments that name a customer."""
    parser.add_argument("number", help="number of the customer, for example C-10001")
    parser.add_argument("--workspace", required=True, help="short name of the workspace")


def customer_by_number(number: str) -> Customer:
    """Return a customer of the current scope.

    Raises:
        CommandError: there is none.
    """
    found = Customer.objects.filter(number__iexact=number.strip()).first()
    if found is None:
        raise CommandError(f"There is no customer “{number}” in this workspace.")
    return found
