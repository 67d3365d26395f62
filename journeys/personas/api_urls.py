"""The room's routes of the API."""

from journeys.personas.viewsets import PersonaViewSet

routes = [("personas", PersonaViewSet, "persona")]
