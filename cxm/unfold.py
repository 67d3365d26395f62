"""How the admin looks: names, colours, style sheets and scripts, for Unfold.

The colours themselves stand in static/cxm/tokens.css, which ties Unfold's scales to our tokens;
the values here only keep Unfold's own widgets right where that file is not loaded. The sidebar
is not Unfold's: cxm/dashboards/navigation.py orders it by the loop.
"""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

PETROL = {
    "50": "#f0f7fa",
    "100": "#e0eff4",
    "200": "#bcdce7",
    "300": "#8ccfe2",
    "400": "#6cc4df",
    "500": "#6cc4df",
    "600": "#0a5c78",
    "700": "#084a61",
    "800": "#073c4f",
    "900": "#062f3e",
    "950": "#06222d",
}


def _static(path: str) -> object:
    """Return a callable that Unfold calls per request, when the static storage is ready."""
    return lambda request: static(path)


UNFOLD: dict[str, object] = {
    "SITE_TITLE": "CXM",
    "SITE_HEADER": "CXM",
    "SITE_SUBHEADER": _("Customer experience"),
    "SITE_SYMBOL": "route",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": _static("cxm/mark.svg")},
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": PETROL},
    "DASHBOARD_CALLBACK": "cxm.dashboards.views.home_context",
    "STYLES": [
        _static("cxm/tokens.css"),
        _static("cxm/shell.css"),
        _static("cxm/pages.css"),
        _static("cxm/fit.css"),
    ],
    "SCRIPTS": [],
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": []},
}
