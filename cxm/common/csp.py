"""The Content Security Policy of each answer, with a nonce of its own.

Public pages take nothing but our own files, and inline styles or scripts only with the nonce.
The admin needs two exceptions, both forced by Unfold: its Alpine evaluates expressions in
attributes ('unsafe-eval'), and Alpine and Django's own widgets write style attributes
(style-src-attr 'unsafe-inline'). Inline <script> and <style> need the nonce there as well.
A view may loosen or tighten its own answer by setting `response.csp` before it is sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

Directives = Mapping[str, tuple[str, ...]]

SELF = "'self'"
NONE = "'none'"
NONCE = "nonce"  # becomes 'nonce-…'

PUBLIC: Directives = {
    "default-src": (NONE,),
    "script-src": (SELF, NONCE),
    "style-src": (SELF, NONCE),
    "img-src": (SELF, "data:"),
    "font-src": (SELF,),
    "connect-src": (SELF,),
    "form-action": (SELF,),
    "base-uri": (NONE,),
    "frame-ancestors": (NONE,),
}
STAFF: Directives = {
    **PUBLIC,
    "script-src": (SELF, NONCE, "'unsafe-eval'"),
    "style-src-attr": ("'unsafe-inline'",),
    # The local outbox shows a mail in a sandboxed frame.
    "frame-src": (SELF,),
    "frame-ancestors": (SELF,),
}
# The API's documentation pages set their styles and start script inline, without a nonce.
DOCUMENTATION: Directives = {
    **PUBLIC,
    "script-src": (SELF, "'unsafe-inline'"),
    "style-src": (SELF, "'unsafe-inline'"),
    "worker-src": (SELF, "blob:"),
}

STAFF_PATHS = ("/admin/", "/app/")
DOCUMENTATION_PATHS = ("/api/v1/docs", "/api/v1/redoc")


def policy_for(path: str) -> Directives:
    """Return the directives for an address; what is not listed is public, thus strict."""
    if path.startswith(STAFF_PATHS):
        return STAFF
    if path.startswith(DOCUMENTATION_PATHS):
        return DOCUMENTATION
    return PUBLIC


def header(directives: Directives, nonce: str) -> str:
    """Return the header's value."""
    return "; ".join(
        " ".join([name, *(f"'nonce-{nonce}'" if source == NONCE else source for source in sources)])
        for name, sources in directives.items()
    )


class CspMiddleware:
    """Give each request a nonce as `request.csp_nonce` and each answer its policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request and set the header unless the view did."""
        nonce = secrets.token_urlsafe(16)
        # Lazy, as Django's own CSP support does it, so that templates read one attribute.
        request.csp_nonce = SimpleLazyObject(lambda: nonce)  # type: ignore[attr-defined]
        response = self.get_response(request)
        directives: Directives = getattr(response, "csp", None) or policy_for(request.path)
        response.headers.setdefault("Content-Security-Policy", header(directives, nonce))
        return response
