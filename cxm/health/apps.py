"""The room that says whether everything runs."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from cxm.health.checks import production_is_complete


class HealthConfig(AppConfig):
    """Registers the room and its deployment checks."""

    name = "cxm.health"
    label = "health"
    verbose_name = "Health"

    def ready(self) -> None:
        """Enter the checks."""
        register(production_is_complete, Tags.security, deploy=True)
