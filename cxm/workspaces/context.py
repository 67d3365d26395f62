"""What every page knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def workspace(request: HttpRequest) -> dict[str, object]:
    """Return the current workspace, the member's place in it, and the others to switch to."""
    return {
        "workspace": getattr(request, "workspace", None),
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", []),
        "local_mode": settings.LOCAL,
    }
