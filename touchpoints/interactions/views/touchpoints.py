"""All touchpoints with how they go: the working list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cxm.common.clock import day_of, now
from cxm.common.export import Cell
from cxm.common.statistics import Figure
from cxm.dashboards import words
from cxm.workspaces.models import Membership
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue.models import Channel, Goal, Phase, Touchpoint
from touchpoints.interactions.daysums import Period
from touchpoints.interactions.forms import PlacesForm
from touchpoints.interactions.models import FALLBACK_ICON
from touchpoints.interactions.reports import PlaceLine, place_lines, visits_of_all
from touchpoints.interactions.views.shared import (
    PERIODS,
    period_of,
    period_query,
    query_of,
    score_window,
    send_table,
)

PAGE_SIZE: Final = 50
ORDERS: Final = (
    ("visits", gettext_lazy("Most visits")),
    ("name", gettext_lazy("Name")),
    ("importance", gettext_lazy("Importance")),
)
# The list shows courses of all its rows, so that it stays with short periods.
LIST_PERIODS: Final = PERIODS[:3]


@require_GET
@workspace_page("catalogue.view_touchpoint")
def touchpoints_page(request: MemberRequest) -> HttpResponse:
    """Show touchpoints with visits, conversion, score and course."""
    form = PlacesForm(request.GET)
    asked = form.asked()
    period = period_of(request, "30d")
    found = _ordered(_found(request, asked), asked["order"], request, period)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    workspace = request.workspace
    lines = place_lines(
        workspace=workspace, touchpoints=list(page), period=period, window=score_window(period)
    )
    paging = query_of(request, page="")
    today = day_of(now(), workspace.timezone)
    template = "interactions/touchpoints.html"
    if getattr(request, "htmx", False) and request.htmx.target == "places":  # type: ignore[attr-defined]
        template = "interactions/_places.html"
    return render_page(
        request,
        template,
        {
            "asked": asked,
            "is_filtered": any(value for name, value in asked.items() if name != "order"),
            "page": page,
            "lines": [(line, _icon(line), *_turns(line, period, today)) for line in lines],
            "minimum": workspace.min_visits,
            "goal": Goal.objects.for_workspace(workspace).filter(is_primary=True).first(),
            "phases": Phase.objects.for_workspace(workspace).select_related("model"),
            "channels": Channel.objects.for_workspace(workspace)
            .filter(touchpoints__isnull=False)
            .distinct(),
            "owners": Membership.objects.for_workspace(workspace)
            .filter(pk__in=Touchpoint.objects.for_workspace(workspace).values("owner"))
            .select_related("user"),
            "statuses": Touchpoint.Status.choices,
            "orders": ORDERS,
            "period": period,
            "periods": LIST_PERIODS,
            "extra": query_of(request, window="", since="", until="", page=""),
            "paging": paging,
            "exports": [
                (
                    _("Touchpoints"),
                    f"{reverse('touchpoints_export')}?{paging or period_query(period)}",
                )
            ],
            "may_add": request.user.has_perm("catalogue.add_touchpoint"),
        },
    )


@require_GET
@workspace_page("catalogue.view_touchpoint")
def export_touchpoints(request: MemberRequest) -> HttpResponse:
    """Send the list, all pages of it, as CSV or as a workbook."""
    asked = PlacesForm(request.GET).asked()
    period = period_of(request, "30d")
    found = _ordered(_found(request, asked), asked["order"], request, period)
    lines = place_lines(
        workspace=request.workspace,
        touchpoints=found,
        period=period,
        window=score_window(period),
    )
    header = (
        "key", "touchpoint", "channel", "phase", "status", "owner", "department",
        "visits", "conversions", "conversion", "low", "high", "satisfaction", "answers",
    )  # fmt: skip
    return send_table(request, f"touchpoints-{period.start}-{period.end}", header, _cells(lines))


def _cells(lines: Sequence[PlaceLine]) -> Iterator[Sequence[Cell]]:
    for line in lines:
        place, figure = line.touchpoint, line.conversion.figure
        yield (
            place.key, place.name, place.channel.name, place.phase.name if place.phase else "",
            place.status, str(place.owner.user) if place.owner else "", place.department,
            line.sums.visits, line.sums.won,
            figure.value if line.conversion.shown else None,
            figure.low if line.conversion.shown else None,
            figure.high if line.conversion.shown else None,
            line.score.value if line.score else None,
            line.score.figure.n if line.score else None,
        )  # fmt: skip


def _found(request: MemberRequest, asked: dict[str, Any]) -> QuerySet[Touchpoint]:
    rows = Touchpoint.objects.for_workspace(request.workspace).select_related(
        "channel", "phase", "owner__user"
    )
    if asked["q"]:
        words_asked = asked["q"].split()
        for word in words_asked[:6]:
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(key__icontains=word)
                | Q(description__icontains=word)
                | Q(department__icontains=word)
                | Q(keywords__icontains=word)
            )
    for name in ("phase", "channel", "owner", "status"):
        if asked[name]:
            rows = rows.filter(**{name: asked[name]})
    return rows


def _ordered(
    rows: QuerySet[Touchpoint], order: str, request: MemberRequest, period: Period
) -> list[Touchpoint]:
    """Return the touchpoints in the order asked for; retired ones stand last."""
    visits: dict[UUID, int] = {}
    if order == "visits":
        visits = visits_of_all(workspace=request.workspace, period=period)

    def place(touchpoint: Touchpoint) -> tuple[bool, int, str]:
        retired = touchpoint.status == Touchpoint.Status.RETIRED
        if order == "visits":
            return retired, -visits.get(touchpoint.pk, 0), touchpoint.name.casefold()
        if order == "importance":
            weight = (touchpoint.importance_customer or 0) + (touchpoint.importance_business or 0)
            return retired, -weight - 10 * touchpoint.moment_of_truth, touchpoint.name.casefold()
        return retired, 0, touchpoint.name.casefold()

    return sorted(rows, key=place)


def _icon(line: PlaceLine) -> str:
    return line.touchpoint.icon or line.touchpoint.channel.icon or FALLBACK_ICON


def _turns(line: PlaceLine, period: Period, today: date) -> tuple[list[object], words.Turn | None]:
    """Return the course of the visits and the words for their change.

    A day that is not over would look like a fall.
    """
    whole = [step for step in line.course if period.step > 1 or step.end < today]
    return (
        [_Point(step.sums.visits if step.sums else None) for step in whole],
        words.turn(line.visits.change, "count", lower_is_better=False),
    )


class _Point:
    """A point of a sparkline of visits."""

    def __init__(self, visits: int | None) -> None:
        self.figure = Figure(None if visits is None else float(visits), visits or 0)
