"""The room of maps for people without an account."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SharingConfig(AppConfig):
    """Registers the room, and its words in other languages. Its rows are kept by the maps."""

    name = "journeys.sharing"
    label = "sharing"
    verbose_name = _("Shared journeys")
