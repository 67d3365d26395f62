"""The room of journey maps."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """Registers the room."""

    name = "journeys.maps"
    label = "maps"
    verbose_name = _("Journey maps")
