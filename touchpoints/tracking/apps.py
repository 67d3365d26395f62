"""The room of tracking codes."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Registers the room: codes that collect, and maps of where people click."""

    name = "touchpoints.tracking"
    label = "tracking"
    verbose_name = "Tracking codes"
