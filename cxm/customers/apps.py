"""The room of customers."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Registers the room."""

    name = "cxm.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Enter the room's own entries of a customer's timeline."""
        import_module("cxm.customers.history")
