"""The room that says whether everything runs."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """Registers the room and its deployment checks."""

    name = "cxm.health"
    label = "health"
    verbose_name = "Health"

    def ready(self) -> None:
        """Load the checks."""
        __import__("cxm.health.checks")
