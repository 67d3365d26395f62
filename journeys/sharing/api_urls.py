"""The room's routes of the API."""

from journeys.sharing.viewsets import ShareLinkViewSet

routes = [("map-share-links", ShareLinkViewSet, "sharelink")]
