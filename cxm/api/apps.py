"""The room of the API's technique."""

from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the room."""

    name = "cxm.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        """Load the scheme's extensions, which enter themselves; DRF needs the apps to be ready."""
        import_module("cxm.api.schema")
