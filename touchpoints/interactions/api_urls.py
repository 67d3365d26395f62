"""The room's routes of the API."""

from touchpoints.interactions.contact_api import ContactViewSet
from touchpoints.interactions.viewsets import (
    InteractionViewSet,
    QuarantinedViewSet,
    SourceViewSet,
)

routes = [
    ("interactions", InteractionViewSet, "interaction"),
    ("contacts", ContactViewSet, "staffcontact"),
    ("sources", SourceViewSet, "source"),
    ("quarantine", QuarantinedViewSet, "quarantined"),
]
