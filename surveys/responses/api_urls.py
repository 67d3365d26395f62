"""The room's routes of the API."""

routes: list[tuple[str, type, str]] = []
