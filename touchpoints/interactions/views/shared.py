"""What the room's pages share: periods out of addresses, and tables that leave the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cxm.common.clock import day_of, now
from cxm.common.export import CSV, TYPES, Cell, encoded
from cxm.dashboards import numbers
from cxm.workspaces.pages import MemberRequest
from touchpoints.interactions.daysums import Period
from touchpoints.interactions.forms import PeriodForm

PERIODS: Final = (
    ("7d", _("7 days")),
    ("30d", _("30 days")),
    ("90d", _("90 days")),
    ("365d", _("365 days")),
)
SCORE_WINDOWS: Final = (("30d", 30), ("90d", 90), ("365d", 365))


def period_of(request: MemberRequest, usual: str = "90d") -> Period:
    """Return the period that the address asks for: a usual one, or own days."""
    today = day_of(now(), request.workspace.timezone)
    return PeriodForm(request.GET).period(today, usual)


def score_window(period: Period) -> str:
    """Return the window of stored scores that comes nearest to a period."""
    return next((key for key, days in SCORE_WINDOWS if period.days <= days), "365d")


def query_of(request: MemberRequest, **changes: str) -> str:
    """Return the address's query with some values changed; empty ones go."""
    asked = {**request.GET.dict(), **changes}
    return urlencode({name: value for name, value in asked.items() if value})


def period_query(period: Period) -> str:
    """Return the query that asks for a period again."""
    if period.key:
        return urlencode({"window": period.key})
    return urlencode({"since": period.start.isoformat(), "until": period.end.isoformat()})


def newest_of(most: int) -> str:
    """Return the title of a file that ends somewhere, "The newest, 20,000 at most"."""
    return gettext("The newest, %s at most") % numbers.number(most)


def send_table(
    request: MemberRequest, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Send a table as CSV, or as a workbook where the address says format=xlsx."""
    wanted = request.GET.get("format", CSV)
    kind = wanted if wanted in TYPES else CSV
    response = HttpResponse(
        encoded(kind, header, rows, sheet=name.replace("-", " ")), content_type=TYPES[kind]
    )
    file = slugify(name) or "table"
    response["Content-Disposition"] = f'attachment; filename="{file}.{kind}"'
    return response
