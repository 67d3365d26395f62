"""What all public pages have in common: whose they are, their languages, their headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from cxm.common.colour import brand_of
from cxm.workspaces.models import Workspace

HEADERS: Final = {
    # The address is the secret: it must not travel on in a Referer, a cache or a search engine.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow",
}
NAMES: Final = {"en": "English", "de": "Deutsch"}


def spoken_language(request: HttpRequest, known: Sequence[str], otherwise: str) -> str:
    """Return the language that the page was asked for, else the one given."""
    wanted = request.POST.get("lang") or request.GET.get("lang") or ""
    return wanted if wanted in known else otherwise


def browser_language(request: HttpRequest) -> str:
    """Return the language for somebody whom we do not know."""
    codes = [code for code, _name in settings.LANGUAGES]
    return spoken_language(request, codes, translation.get_language_from_request(request)[:2])


def public_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    language: str,
    workspace: Workspace | None = None,
    languages: Sequence[str] = (),
    keep: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a public page at once, while the workspace's scope is open.

    Args:
        workspace: whose page it is; None where that must not be told.
        languages: what the reader may switch to.
        keep: what the switch keeps of the address's query.
    """
    with translation.override(language):
        page = {
            "brand": brand_of(workspace.brand_color if workspace else ""),
            "brand_name": workspace.name if workspace else "",
            "brand_lines": _imprint(workspace),
            "public_workspace": workspace,
            "languages": [
                (
                    code,
                    NAMES.get(code, code),
                    "?" + urlencode({**(keep or {}), "lang": code}),
                    code == language,
                )
                for code in languages
            ]
            if len(languages) > 1
            else [],
            "lang": language,
            **context,
        }
        response = render(request, template, page, status=status)
    for name, value in HEADERS.items():
        response[name] = value
    response["Content-Language"] = language
    return response


def _imprint(workspace: Workspace | None) -> list[str]:
    if workspace is None:
        return []
    return [
        ", ".join(
            part for part in (workspace.legal_name or workspace.name, workspace.address) if part
        )
    ]
