"""The room of interactions."""

from importlib import import_module

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    """Registers the room, its figures, its cards on the home page and a customer's timeline."""

    name = "touchpoints.interactions"
    label = "interactions"
    verbose_name = "Interactions"

    def ready(self) -> None:
        """Fill the ground floor's registries."""
        import_module("touchpoints.interactions.identities")
        import_module("touchpoints.interactions.metrics")
        import_module("touchpoints.interactions.panels")
        import_module("touchpoints.interactions.recent")
        import_module("touchpoints.interactions.recounting")
        import_module("touchpoints.interactions.timeline")
