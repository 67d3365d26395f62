"""The room's routes of the API."""

routes = []
