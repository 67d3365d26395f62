"""Templates that a new map can start from, written for this product: one file per industry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from journeys.maps.plans import MapPlan
from journeys.maps.starters.bank import BANK
from journeys.maps.starters.building import Starter
from journeys.maps.starters.commerce import COMMERCE
from journeys.maps.starters.health import HEALTH
from journeys.maps.starters.insurance import INSURANCE
from journeys.maps.starters.public_service import PUBLIC_SERVICE
from journeys.maps.starters.software import SOFTWARE
from journeys.maps.starters.telecom import TELECOM
from journeys.maps.starters.travel import TRAVEL

BLANK: Final = Starter(
    "blank",
    _("Blank"),
    _("The usual lanes and nothing in them. Start with what the customer does first."),
    _("A journey"),
    MapPlan(),
)

STARTERS: Final[Mapping[str, Starter]] = {
    starter.key: starter
    for starter in (
        COMMERCE,
        BANK,
        INSURANCE,
        TELECOM,
        HEALTH,
        PUBLIC_SERVICE,
        SOFTWARE,
        TRAVEL,
        BLANK,
    )
}

__all__ = ["BLANK", "STARTERS", "Starter"]
