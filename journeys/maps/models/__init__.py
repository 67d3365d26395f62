"""Journey maps: versions, columns (stages and steps), rows (lanes), and what is in the cells."""

from journeys.maps.models.cards import Card
from journeys.maps.models.columns import Stage, Step
from journeys.maps.models.journeys import JourneyMap, MapPersona
from journeys.maps.models.lanes import Lane
from journeys.maps.models.versions import Version

__all__ = [
    "Card",
    "JourneyMap",
    "Lane",
    "MapPersona",
    "Stage",
    "Step",
    "Version",
]
