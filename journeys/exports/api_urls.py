"""The room's routes of the API: further addresses of journey maps."""

from journeys.exports.viewsets import MapFileViewSet

routes = [("journey-maps", MapFileViewSet, "journeymap-file")]
