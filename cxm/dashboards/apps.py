"""The room of the shell and the home page."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """Registers the checks of navigation and registries, and what the room itself brings."""

    name = "cxm.dashboards"
    label = "dashboards"
    verbose_name = _("Dashboards")

    def ready(self) -> None:
        """Load what needs models."""
        import_module("cxm.dashboards.checks")
        import_module("cxm.dashboards.panels")
