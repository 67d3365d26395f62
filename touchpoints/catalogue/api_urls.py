"""The room's routes of the API."""

from touchpoints.catalogue.viewsets import (
    ChannelViewSet,
    ChannelWordViewSet,
    DimensionViewSet,
    GoalViewSet,
    MatchingRuleViewSet,
    PhaseModelViewSet,
    PhaseViewSet,
    TouchpointViewSet,
)

routes = [
    ("channels", ChannelViewSet, "channel"),
    ("channel-words", ChannelWordViewSet, "channel-word"),
    ("phase-models", PhaseModelViewSet, "phase-model"),
    ("phases", PhaseViewSet, "phase"),
    ("matching-rules", MatchingRuleViewSet, "matching-rule"),
    ("touchpoints", TouchpointViewSet, "touchpoint"),
    ("goals", GoalViewSet, "goal"),
    ("dimensions", DimensionViewSet, "dimension"),
]
