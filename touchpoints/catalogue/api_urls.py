"""The room's routes of the API."""

from touchpoints.catalogue.viewsets import (
    ChannelViewSet,
    DimensionViewSet,
    GoalViewSet,
    TouchpointViewSet,
)

routes = [
    ("channels", ChannelViewSet, "channel"),
    ("touchpoints", TouchpointViewSet, "touchpoint"),
    ("goals", GoalViewSet, "goal"),
    ("dimensions", DimensionViewSet, "dimension"),
]
