"""The room's routes of the API."""

from journeys.maps.finding_viewsets import OpportunityViewSet, PainPointViewSet
from journeys.maps.version_viewsets import MapCommentViewSet, MapVersionViewSet
from journeys.maps.viewsets import (
    CardViewSet,
    JourneyMapViewSet,
    LaneViewSet,
    StageViewSet,
    StepViewSet,
)

routes = [
    ("journey-maps", JourneyMapViewSet, "journeymap"),
    ("journey-stages", StageViewSet, "stage"),
    ("journey-steps", StepViewSet, "step"),
    ("journey-lanes", LaneViewSet, "lane"),
    ("journey-cards", CardViewSet, "card"),
    ("pain-points", PainPointViewSet, "painpoint"),
    ("opportunities", OpportunityViewSet, "opportunity"),
    ("map-comments", MapCommentViewSet, "mapcomment"),
    ("map-versions", MapVersionViewSet, "mapversion"),
]
