"""The words by which stages of several journeys are compared."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PhaseWord(models.TextChoices):
    """What a stage is about, whatever it is called on its map."""

    AWARENESS = "awareness", _("Awareness")
    CONSIDERATION = "consideration", _("Consideration")
    PURCHASE = "purchase", _("Purchase")
    DELIVERY = "delivery", _("Delivery")
    USE = "use", _("Use and service")
    LOYALTY = "loyalty", _("Loyalty")
