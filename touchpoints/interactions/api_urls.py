"""The room's routes of the API."""

from touchpoints.interactions.viewsets import (
    InteractionViewSet,
    QuarantinedViewSet,
    SourceViewSet,
)

routes = [
    ("interactions", InteractionViewSet, "interaction"),
    ("sources", SourceViewSet, "source"),
    ("quarantine", QuarantinedViewSet, "quarantined"),
]
