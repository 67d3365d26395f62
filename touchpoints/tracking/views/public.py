"""What anybody may fetch, without a login and without a cookie: the web snippet."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from touchpoints.tracking.script import script

# A day, and for another week while a newer one is fetched behind the page's back.
_KEPT: Final = "public, max-age=86400, stale-while-revalidate=604800"


@require_safe
def snippet(request: HttpRequest) -> HttpResponse:
    """Hand out the web snippet."""
    found = script()
    encoding, body = found.body_for(request.headers.get("Accept-Encoding", ""))
    # The same text in another encoding is another representation, hence another mark.
    etag = f'"{found.etag}{encoding and "-" + encoding}"'
    if _has(request, etag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
        if encoding:
            response["Content-Encoding"] = encoding
    response["ETag"] = etag
    response["Cache-Control"] = _KEPT
    response["Access-Control-Allow-Origin"] = "*"
    # Pages that isolate themselves (COEP) load only what says that it may be loaded.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _has(request: HttpRequest, etag: str) -> bool:
    """Say whether the client holds this version, also when a proxy made its mark a weak one."""
    held = {
        mark.removeprefix("W/") for mark in parse_etags(request.headers.get("If-None-Match", ""))
    }
    return etag in held or "*" in held
