"""The room as a Django app: it has commands and the outbox page, and no models."""

from django.apps import AppConfig


class LocalConfig(AppConfig):
    """Local mode."""

    name = "cxm.local"
    label = "local"
