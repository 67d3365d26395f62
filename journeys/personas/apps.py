"""The room of personas."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PersonasConfig(AppConfig):
    """Registers the room."""

    name = "journeys.personas"
    label = "personas"
    verbose_name = _("Personas")
