"""Checks of settings that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning


def production_is_complete(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Find what a production site still lacks."""
    found: list[CheckMessage] = []
    if settings.LOCAL:
        found.append(
            Error(
                "This is local mode.",
                hint="Set DATABASE_URL and the variables of docs/how-to/deploy.md.",
                id="cxm.E001",
            )
        )
    if not settings.HTTPS:
        found.append(
            Warning(
                "SITE_URL is not https: cookies and links are not safe on the way.",
                id="cxm.W001",
            )
        )
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        found.append(
            Warning("Set DEFAULT_FROM_EMAIL: mail from @localhost is refused.", id="cxm.W002")
        )
    return found
