"""The scopes that an API key can have. One list, checked against the API's doors by a test."""

from __future__ import annotations

from typing import Final

RESOURCES: Final = (
    "audit",
    "campaigns",
    "channels",
    "consents",
    "customers",
    "goals",
    "interactions",
    "invitations",
    "journeys",
    "kpis",
    "personas",
    "responses",
    "segments",
    "sources",
    "surveys",
    "touchpoints",
    "workspace",
)
SCOPES: Final = ("*", *(f"{name}:{verb}" for name in RESOURCES for verb in ("read", "write")))
