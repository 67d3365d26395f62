"""The room of touchpoints."""

from importlib import import_module

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the room, touchpoints as subjects of figures, and what a new workspace gets."""

    name = "touchpoints.catalogue"
    label = "catalogue"
    verbose_name = "Touchpoints"

    def ready(self) -> None:
        """Fill the ground floor's registries."""
        import_module("touchpoints.catalogue.metrics")
        import_module("touchpoints.catalogue.setup")
