"""The room in which maps leave the house and come in."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    """Registers the room."""

    name = "journeys.exports"
    label = "exports"
    verbose_name = _("Export and import of journeys")
