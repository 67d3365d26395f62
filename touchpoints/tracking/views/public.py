"""What anybody may fetch, without a login and without a cookie: snippet, pixel, redirect."""

from __future__ import annotations

import logging
from base64 import b64decode
from typing import Final

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from cxm.common.clock import now
from cxm.common.visitors import client_address
from touchpoints.campaigns.models import Placement
from touchpoints.interactions.records import PLACEMENT_CLICKED, PLACEMENT_VIEWED
from touchpoints.tracking.reports import placement_behind
from touchpoints.tracking.script import script
from touchpoints.tracking.services import Caller, count_placement

logger = logging.getLogger(__name__)

# The smallest transparent picture: 1 × 1, GIF 89a.
PIXEL: Final = b64decode(b"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_LONGEST_REFERRER: Final = 1000
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


@require_safe
def pixel(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the pixel of a placement and count the view; a picture in any case."""
    with placement_behind(code) as placement:
        if placement is not None:
            _count(request, placement, PLACEMENT_VIEWED)
    response = HttpResponse(
        PIXEL, content_type="image/gif", status=200 if placement is not None else 404
    )
    response["Cache-Control"] = "no-store"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def redirect(request: HttpRequest, code: str) -> HttpResponse:
    """Lead on to where a placement leads, and nowhere else, and count the click."""
    response: HttpResponse
    with placement_behind(code) as placement:
        if placement is None or not placement.target_url:
            response = HttpResponse("Not found\n", content_type="text/plain", status=404)
        else:
            response = HttpResponseRedirect(placement.landing(placement.campaign))
            # The page there may know where its visitor came from, as without us in between.
            response["Referrer-Policy"] = "strict-origin-when-cross-origin"
            _count(request, placement, PLACEMENT_CLICKED)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _count(request: HttpRequest, placement: Placement, event: str) -> None:
    """Count what somebody does; looking whether the code works, or fetching ahead, is nothing.

    Trouble with the count keeps nobody from the page or the picture.
    """
    headers = request.headers
    ahead = headers.get("Sec-Purpose") or headers.get("Purpose") or headers.get("X-Moz") or ""
    if request.method == "HEAD" or "prefetch" in ahead.lower():
        return
    caller = Caller(
        address=client_address(request.META, settings.TRUSTED_PROXIES),
        agent=headers.get("User-Agent", "")[:512],
        referrer=headers.get("Referer", "")[:_LONGEST_REFERRER],
        declined=headers.get("Sec-GPC") == "1" or headers.get("DNT") == "1",
    )
    try:
        count_placement(placement=placement, event=event, caller=caller, at=now())
    except Error:
        logger.exception("A contact with placement %s was not counted", placement.pk)
