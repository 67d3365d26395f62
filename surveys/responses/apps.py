"""The room of responses: what customers answered, and the pages on which they do."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResponsesConfig(AppConfig):
    """Registers the room and its entries of the registries."""

    name = "surveys.responses"
    label = "responses"
    verbose_name = _("Responses")

    def ready(self) -> None:
        """Fill the registries of the floors below."""
        import_module("surveys.responses.metrics")
        import_module("surveys.responses.panels")
        import_module("surveys.responses.timeline")
        import_module("surveys.responses.voices")
