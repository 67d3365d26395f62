"""A map as the holder of its link sees it, as a page and in a frame of another website.

The secret is in the address: no session takes part. An unknown, expired or revoked link gets one
and the same answer, and so does one whose map shows nothing now.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cxm.api.throttling import WINDOW, count
from cxm.common import csp
from cxm.common.scope import workspace_scope
from cxm.common.visitors import client_address
from cxm.workspaces.models import Workspace
from cxm.workspaces.public import browser_language, public_page
from journeys.maps.models import ShareLink, Version
from journeys.sharing.forms import PasswordForm
from journeys.sharing.reports import find_link, version_of
from journeys.sharing.services import count_opening, is_password
from journeys.sharing.showing import draw_shared, shared_quotes, shows_feelings
from journeys.sharing.unlocking import is_unlocked, keep_unlocked

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
SEE_OTHER = 303
FRAMED: csp.Directives = {**csp.PUBLIC, "frame-ancestors": ("*",)}
PAGE = "shared_map"
EMBED = "embedded_map"

View = Callable[[HttpRequest, str, ShareLink, Version], HttpResponse]


def _behind_link(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Open the scope of the link's workspace for the view, or say that nothing is here."""

    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token)
        if link is None:
            return nothing_here(request)
        with workspace_scope(link.workspace_id):
            version = version_of(link)
            if version is None:
                return nothing_here(request)
            return view(request, token, link, version)

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
                "quotes": shared_quotes(drawn.grid),
                "framed": name == EMBED,
                "full_address": reverse(PAGE, args=[token]),
            },
            language=language,
            workspace=workspace,
            languages=LANGUAGES,
        )


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


def _framed(response: HttpResponse) -> HttpResponse:
    response.csp = FRAMED  # type: ignore[attr-defined]
    return response
