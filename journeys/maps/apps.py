"""The room of journey maps."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """Registers the room."""

    name = "journeys.maps"
    label = "maps"
    verbose_name = _("Journey maps")

    def ready(self) -> None:
        """Fill the registries of the floors below."""
        import_module("journeys.maps.drawn")
        import_module("journeys.maps.panels")
