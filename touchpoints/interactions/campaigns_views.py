"""Pages on how campaigns go: the list, one campaign, and its figures as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cxm.common.export import TYPES, Cell, encoded
from cxm.common.statistics import Figure
from cxm.dashboards import numbers
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.campaigns.models import Campaign
from touchpoints.campaigns.plan import Money, Pace
from touchpoints.campaigns.reports import money_of, pace_of, plan_table
from touchpoints.interactions.campaign_chart import Bars, bars
from touchpoints.interactions.campaign_sums import Share, Step
from touchpoints.interactions.campaigns_report import (
    DAYS,
    WHOLE,
    Brief,
    CampaignReport,
    briefs,
    campaign_report,
)

PAGE_SIZE: Final = 24
WINDOWS: Final = (
    (WHOLE, gettext_lazy("Whole campaign")),
    *((f"{n}d", gettext_lazy("%d days") % n) for n in DAYS.values()),
)
CURRENT: Final = "current"
# Those that need somebody first.
_ORDER: Final = ("active", "paused", "planned", "ended", "archived")


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a sparkline."""

    figure: Figure


@dataclass(frozen=True, slots=True)
class Card:
    """A campaign as the list shows it."""

    campaign: Campaign
    money: Money
    pace: Pace
    brief: Brief
    course: Sequence[Point]

    @property
    def lively(self) -> bool:
        """Whether the last days brought anything."""
        return any(point.figure.n for point in self.course)


@dataclass(frozen=True, slots=True)
class Chart:
    """A row of bars over time with its words and its table."""

    title: str
    unit: str
    summary: str
    drawn: Bars
    rows: Sequence[tuple[str, float]]


@require_GET
@workspace_page("campaigns.view_campaign")
def campaigns_page(request: MemberRequest) -> HttpResponse:
    """List campaigns with their money, pace and what they brought."""
    every = Campaign.objects.for_workspace(request.workspace)
    counts = dict(every.order_by().values_list("status").annotate(Count("pk")))
    status = request.GET.get("status", CURRENT)
    words = request.GET.get("q", "").strip()[:100]
    rows = _found(every, status, words)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    campaigns = list(page.object_list)
    money = money_of(campaigns)
    brought = briefs(workspace=request.workspace, campaigns=campaigns)
    cards = [
        Card(
            campaign,
            money[campaign.pk],
            pace_of(campaign, money[campaign.pk], request.workspace),
            brought[campaign.pk],
            [Point(Figure(float(n), n)) for n in brought[campaign.pk].recent],
        )
        for campaign in campaigns
    ]
    archived = counts.get(Campaign.Status.ARCHIVED, 0)
    return render_page(
        request,
        "interactions/campaigns.html",
        {
            "cards": cards,
            "page": page,
            "status": status,
            "q": words,
            "states": [
                (CURRENT, _("Current"), sum(counts.values()) - archived),
                *(
                    (key, label, counts[key])
                    for key, label in Campaign.Status.choices
                    if counts.get(key)
                ),
            ],
            "any": bool(counts),
            "query": urlencode({"status": status, "q": words}),
            "may_add": request.user.has_perm("campaigns.add_campaign"),
        },
    )


@require_GET
@workspace_page("campaigns.view_campaign")
def campaign_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show how one campaign goes."""
    campaign = _campaign(request, pk)
    window = _window(request)
    report = campaign_report(workspace=request.workspace, campaign=campaign, window=window)
    table = plan_table(campaign, whole=False)
    return render_page(
        request,
        "interactions/campaign.html",
        {
            "campaign": campaign,
            "report": report,
            "table": table,
            "money": table.total,
            "pace": pace_of(campaign, table.total, request.workspace),
            "charts": _charts(report, campaign.currency),
            "windows": WINDOWS,
            "window": window,
            "fewest": request.workspace.min_visits,
            "may_change": request.user.has_perm("campaigns.change_campaign"),
            "may_add": request.user.has_perm("campaigns.add_campaign"),
        },
    )


@require_GET
@workspace_page("campaigns.view_campaign")
def campaign_file(request: MemberRequest, pk: UUID, what: str, kind: str) -> HttpResponse:
    """Answer a campaign's figures as a file: by day, by placement, by channel, or by goal."""
    campaign = _campaign(request, pk)
    write, content_type = FILES.get(what), TYPES.get(kind)
    if write is None or content_type is None:
        raise Http404
    window = _window(request)
    report = campaign_report(workspace=request.workspace, campaign=campaign, window=window)
    header, rows = write(report, campaign)
    name = f"{campaign.key}-{what}-{report.span.start}-{report.span.end}.{kind}"
    return HttpResponse(
        encoded(kind, header, rows, sheet=what),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _campaign(request: MemberRequest, pk: UUID) -> Campaign:
    found: Campaign = get_object_or_404(
        Campaign.objects.for_workspace(request.workspace).select_related("owner__user"), pk=pk
    )
    return found


def _window(request: MemberRequest) -> str:
    wanted = request.GET.get("window", WHOLE)
    return wanted if wanted in dict(WINDOWS) else WHOLE


def _found(rows: QuerySet[Campaign], status: str, words: str) -> QuerySet[Campaign]:
    if status in Campaign.Status.values:
        rows = rows.filter(status=status)
    else:
        rows = rows.exclude(status=Campaign.Status.ARCHIVED)
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(key__icontains=word)
            | Q(utm_campaign__icontains=word)
            | Q(audience__icontains=word)
            | Q(owner__user__name__icontains=word)
        )
    order = Case(
        *(When(status=key, then=Value(place)) for place, key in enumerate(_ORDER)),
        output_field=IntegerField(),
    )
    return (
        rows.annotate(placement_count=Count("placements"))
        .select_related("owner__user")
        .order_by(order, "-starts_on", "name", "id")
    )


def _charts(report: CampaignReport, currency: str) -> list[Chart]:
    steps = report.course
    labels = [date_format(step.start, _("j M")) for step in steps]
    wanted: tuple[tuple[str, str, Callable[[Step], float]], ...] = (
        (_("Visits"), "", lambda step: float(step.sums.visits)),
        (_("Conversions"), "", lambda step: float(step.sums.won)),
        (_("Spend"), currency, lambda step: float(step.spent)),
    )
    found = []
    for title, unit, of in wanted:
        values = [of(step) for step in steps]
        drawn = bars(values, labels)
        if drawn is not None:
            found.append(
                Chart(
                    title,
                    unit,
                    _summary(title, values, labels, report),
                    drawn,
                    list(zip(labels, values, strict=True)),
                )
            )
    return found


def _summary(
    title: str, values: Sequence[float], labels: Sequence[str], report: CampaignReport
) -> str:
    most = max(range(len(values)), key=values.__getitem__)
    words = {
        "title": title,
        "all": numbers.number(sum(values)),
        "most": numbers.number(values[most]),
        "when": labels[most],
    }
    if report.weekly:
        said = _("%(title)s by week: %(all)s in all, most in the week from %(when)s, %(most)s.")
    else:
        said = _("%(title)s by day: %(all)s in all, most on %(when)s, %(most)s.")
    return said % words


Table = tuple[Sequence[str], Iterator[Sequence[Cell]]]


def _ends(of: Share | None) -> tuple[Cell, Cell, Cell]:
    """Return a share with its interval, empty where it stands on too few."""
    if of is None or not of.shown:
        return None, None, None
    return tuple(  # type: ignore[return-value]
        None if value is None else round(value, 3)
        for value in (of.figure.value, of.figure.low, of.figure.high)
    )


def _by_day(report: CampaignReport, campaign: Campaign) -> Table:
    spend = f"spend_{campaign.currency}"
    header = ("from", "to", "visits", "views", "clicks", "conversions", spend)
    return header, (
        (s.start, s.end, s.sums.visits, s.sums.views, s.sums.clicks, s.sums.won, s.spent)
        for s in report.course
    )


def _by_placement(report: CampaignReport, campaign: Campaign) -> Table:
    header = (
        "placement", "kind", "code", "views", "clicks", "visits", "conversions",
        "conversion_percent", "low", "high", f"spend_{campaign.currency}",
    )  # fmt: skip
    return header, (
        (
            line.placement.name if line.placement else "",
            line.placement.kind if line.placement else "",
            line.placement.code if line.placement else "",
            line.views,
            line.clicks,
            line.visits,
            line.won,
            *_ends(line.rate),
            line.spent,
        )
        for line in report.placements
    )


def _by_channel(report: CampaignReport, campaign: Campaign) -> Table:
    header = (
        "channel", "visits", "views", "clicks", "conversions", "conversion_percent", "low", "high",
    )  # fmt: skip
    return header, (
        (
            line.channel.name if line.channel else "",
            line.sums.visits,
            line.sums.views,
            line.sums.clicks,
            line.sums.won,
            *_ends(line.rate),
        )
        for line in report.channels
    )


def _by_goal(report: CampaignReport, campaign: Campaign) -> Table:
    header = (
        "goal", "primary", "conversions", "visits", "visits_percent", "low", "high", "value",
        "currency",
    )  # fmt: skip
    return header, (
        (
            line.goal.name,
            int(line.goal.is_primary),
            line.conversions,
            line.visits,
            *_ends(line.rate),
            amount,
            currency,
        )
        for line in report.goals
        for currency, amount in _money(line.values)
    )


def _money(values: Mapping[str, Decimal]) -> list[tuple[str, Decimal | None]]:
    """Return each currency with its amount, one empty entry where there is none."""
    return [*values.items()] if values else [("", None)]


FILES: Final[dict[str, Callable[[CampaignReport, Campaign], Table]]] = {
    "days": _by_day,
    "placements": _by_placement,
    "channels": _by_channel,
    "goals": _by_goal,
}
