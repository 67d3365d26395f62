"""Journey maps: versions, columns (stages and steps), rows (lanes), and what is in the cells."""

from journeys.maps.models.cards import Card
from journeys.maps.models.columns import Stage, Step, StepLink
from journeys.maps.models.comments import Comment, Mention
from journeys.maps.models.findings import Opportunity, PainPoint
from journeys.maps.models.journeys import JourneyMap, MapPersona
from journeys.maps.models.lanes import Lane
from journeys.maps.models.operations import Operation, Presence
from journeys.maps.models.pictures import UnusedPicture
from journeys.maps.models.sharing import ShareLink
from journeys.maps.models.versions import Version
from journeys.maps.models.views import MapView

__all__ = [
    "Card",
    "Comment",
    "JourneyMap",
    "Lane",
    "MapPersona",
    "MapView",
    "Mention",
    "Operation",
    "Opportunity",
    "PainPoint",
    "Presence",
    "ShareLink",
    "Stage",
    "Step",
    "StepLink",
    "UnusedPicture",
    "Version",
]
