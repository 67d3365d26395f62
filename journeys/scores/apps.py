"""The room of scores on maps."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoresConfig(AppConfig):
    """Registers the room and its panel of the home page."""

    name = "journeys.scores"
    label = "scores"
    verbose_name = _("Scores on journeys")

    def ready(self) -> None:
        """Enter the panel into the registry."""
        import_module("journeys.scores.panels")
