"""The room's routes of the API."""

from touchpoints.campaigns.viewsets import (
    CampaignViewSet,
    PlacementViewSet,
    PlanLineViewSet,
    SpendViewSet,
)

routes = [
    # /campaigns/ are those of surveys.
    ("marketing-campaigns", CampaignViewSet, "marketing-campaign"),
    ("placements", PlacementViewSet, "placement"),
    ("plan-lines", PlanLineViewSet, "plan-line"),
    ("spend", SpendViewSet, "spend"),
]
