"""A map as the holder of its link sees it, as a page and in a frame of another website.

The secret is in the address: no session takes part. An unknown, expired or revoked link gets one
and the same answer, and so does one whose map shows nothing now.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cxm.api.throttling import WINDOW, count
from cxm.common import csp
from cxm.common.scope import workspace_scope
from cxm.common.visitors import client_address
from cxm.kpis.reports import scored_at
from cxm.workspaces.models import Workspace
from cxm.workspaces.public import HEADERS, browser_language, public_page
from journeys.maps.models import ShareLink, Version
from journeys.maps.pictures import read_stored
from journeys.scores.drawing import MapMark
from journeys.sharing.forms import PasswordForm
from journeys.sharing.publishing import public_document, public_scores, shows_picture
from journeys.sharing.reports import find_link, version_of
from journeys.sharing.services import count_opening, is_password
from journeys.sharing.showing import (
    Beside,
    draw_shared,
    linked_names,
    shared_quotes,
    shows_feelings,
)
from journeys.sharing.unlocking import is_unlocked, keep_unlocked, proof_of

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
SEE_OTHER = 303
FRAMED: csp.Directives = {**csp.PUBLIC, "frame-ancestors": ("*",)}
PAGE = "shared_map"
EMBED = "embedded_map"

PERIOD = "90"

View = Callable[..., HttpResponse]


def _behind_link(view: View) -> View:
    """Open the scope of the link's workspace for the view, or say that nothing is here."""

    @wraps(view)
    def page(request: HttpRequest, token: str, **more: str) -> HttpResponse:
        link = find_link(token)
        if link is None:
            return nothing_here(request)
        with workspace_scope(link.workspace_id):
            version = version_of(link)
            if version is None:
                return nothing_here(request)
            return view(request, token, link, version, **more)

    return page


@csrf_exempt  # no cookie lets anything be done here: the password is in the form itself
@require_http_methods(["GET", "HEAD", "POST"])
@_behind_link
def shared_page(
    request: HttpRequest, token: str, link: ShareLink, version: Version
) -> HttpResponse:
    """Show the map, or ask for its password first."""
    if request.method != "POST":
        return _map_or_question(request, token, link, version, PAGE)
    wrong = _refused(request, link)
    if wrong is not None:
        return wrong
    address = reverse(PAGE, args=[token])
    response = HttpResponseRedirect(f"{address}?lang={browser_language(request)}", status=SEE_OTHER)
    keep_unlocked(response, link, path=address, secure=settings.SESSION_COOKIE_SECURE)
    return response


@csrf_exempt
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_behind_link
def embedded_page(
    request: HttpRequest, token: str, link: ShareLink, version: Version
) -> HttpResponse:
    """Show the map for a frame of another website, where the link allows that.

    Browsers keep no cookie of ours in there, so the right password is answered with the map.
    """
    if not link.may_embed:
        return nothing_here(request)
    if request.method != "POST":
        response = _map_or_question(request, token, link, version, EMBED)
    else:
        wrong = _refused(request, link, framed=True)
        response = wrong or _map(request, token, link, version, EMBED)
    return _framed(response)


@require_safe
@_behind_link
def shared_scores(
    request: HttpRequest, token: str, link: ShareLink, version: Version
) -> HttpResponse:
    """Answer the page's question for figures: 204 when there are no others than it has seen."""
    if not link.with_figures or not is_unlocked(request, link):
        return nothing_here(request)
    at = scored_at()
    stamp = f"{at.isoformat() if at else 'never'}/{version.pk.hex}/{version.revision}"
    if request.GET.get("seen") == stamp:
        return _private(HttpResponse(status=204))
    with override(browser_language(request)):
        drawn = draw_shared(link, version, Workspace.objects.get(pk=link.workspace_id))
        return _private(JsonResponse(public_scores(drawn, stamp=stamp, period=PERIOD)))


@require_safe
@_behind_link
def shared_picture(
    request: HttpRequest, token: str, link: ShareLink, version: Version, name: str
) -> HttpResponse:
    """Send a picture that stands on the map in a lane that the link shows."""
    if not is_unlocked(request, link):
        return nothing_here(request)
    if not shows_picture(link, version, name):
        return nothing_here(request)
    found = read_stored(link.workspace_id, name)
    if found is None:
        return nothing_here(request)
    content, content_type = found
    response = HttpResponse(content, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return _private(response)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer any link that shows nothing, without a word of what it was."""
    return public_page(
        request,
        "sharing/nothing.html",
        {},
        language=browser_language(request),
        languages=LANGUAGES,
        status=404,
    )


def _map_or_question(
    request: HttpRequest, token: str, link: ShareLink, version: Version, name: str
) -> HttpResponse:
    if not is_unlocked(request, link):
        return _question(request, framed=name == EMBED)
    return _map(request, token, link, version, name)


def _map(
    request: HttpRequest, token: str, link: ShareLink, version: Version, name: str
) -> HttpResponse:
    """Draw the map in the language of who reads it."""
    language = browser_language(request)
    workspace = Workspace.objects.get(pk=link.workspace_id)
    with override(language):
        drawn = draw_shared(link, version, workspace)
        beside = _beside(request, token, link, drawn)
        if request.method != "HEAD":
            count_opening(link=link)
        return public_page(
            request,
            "sharing/map.html",
            {
                "map": drawn,
                "journey": version.map,
                "version": version,
                "with_figures": link.with_figures,
                "feelings": shows_feelings(drawn.grid),
                "beside": beside,
                "document": _document(request, token, link, version, drawn, beside),
                "framed": name == EMBED,
                "full_address": reverse(PAGE, args=[token]),
            },
            language=language,
            workspace=workspace,
            languages=LANGUAGES,
        )


def _document(
    request: HttpRequest,
    token: str,
    link: ShareLink,
    version: Version,
    drawn: MapMark,
    beside: Beside,
) -> dict[str, Any]:
    """Return the document of the scripts."""
    scores_url = reverse("shared_scores", args=[token]) + _proof(request, link)
    return public_document(
        link,
        version,
        drawn.grid,
        beside=beside,
        scores_url=scores_url if link.with_figures else "",
    )


def _beside(request: HttpRequest, token: str, link: ShareLink, drawn: MapMark) -> Beside:
    query = _proof(request, link)
    return Beside(
        shared_quotes(drawn.grid),
        linked_names(drawn.grid),
        lambda name: reverse("shared_picture", args=[token, name]) + query,
    )


def _proof(request: HttpRequest, link: ShareLink) -> str:
    """Return the query of what the page fetches: it carries the proof, a frame keeps no cookie."""
    query = {"lang": browser_language(request)}
    if link.password:
        query["proof"] = proof_of(link)
    return f"?{urlencode(query)}"


def _question(
    request: HttpRequest, *, framed: bool, wrong: bool = False, status: int = 200
) -> HttpResponse:
    """Ask for the password; whose map it is is told only to who knows it."""
    return public_page(
        request,
        "sharing/password.html",
        {"wrong": wrong, "framed": framed},
        language=browser_language(request),
        languages=LANGUAGES,
        status=status,
    )


def _refused(request: HttpRequest, link: ShareLink, *, framed: bool = False) -> HttpResponse | None:
    """Return the answer to a wrong password, or to too many of them; None for the right one.

    Who tries too often is refused without a look at the password, as at the login.
    """
    if not link.password:
        return None
    address = client_address(request.META, settings.TRUSTED_PROXIES)
    callers = (f"share-from:{address}", f"share-to:{link.pk}")
    rates = [count(caller, settings.LOGIN_ATTEMPTS_PER_MINUTE) for caller in callers]
    if any(rate.exceeded for rate in rates):
        response = public_page(
            request,
            "sharing/wait.html",
            {"framed": framed},
            language=browser_language(request),
            status=429,
        )
        response["Retry-After"] = str(WINDOW)
        return response
    form = PasswordForm(request.POST)
    if form.is_valid() and is_password(link=link, password=form.cleaned_data["password"]):
        return None
    return _question(request, framed=framed, wrong=True, status=422)


def _private(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _framed(response: HttpResponse) -> HttpResponse:
    response.csp = FRAMED  # type: ignore[attr-defined]
    return response
