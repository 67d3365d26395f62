"""The room's routes of the API."""

from surveys.responses.viewsets import ResponseViewSet

routes = [("responses", ResponseViewSet, "response")]
