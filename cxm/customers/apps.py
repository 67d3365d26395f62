"""The room of customers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Registers the room."""

    name = "cxm.customers"
    label = "customers"
    verbose_name = _("Customers")
