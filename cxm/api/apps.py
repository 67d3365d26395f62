"""The room of the API's technique."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the room."""

    name = "cxm.api"
    label = "api"
    verbose_name = "API"
