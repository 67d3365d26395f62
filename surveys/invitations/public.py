"""The public pages of surveys: what they share with all others, and the one for a dead link."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cxm.workspaces.public import browser_language, public_page, spoken_language

__all__ = ["browser_language", "public_page", "spoken_language", "unknown_link"]


def unknown_link(request: HttpRequest) -> HttpResponse:
    """Answer a link that leads nowhere like an expired one, without a word of whose it was."""
    return public_page(
        request,
        "responses/expired.html",
        {},
        language=browser_language(request),
        languages=[code for code, _name in settings.LANGUAGES],
        status=404,
    )
