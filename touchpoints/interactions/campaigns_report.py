"""What campaigns brought: reach, clicks, conversions and what they cost, for pages and exports.

Visits, views and clicks are read from the sums by day, so that a page costs as much for a million
contacts as for ten; what is told by placement comes from visits, conversions and the contacts with
codes, each by an index. A visit over midnight counts on both days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, Sum

from cxm.common.clock import day_of, now
from cxm.common.statistics import EMPTY, z_for
from cxm.workspaces.models import Workspace
from touchpoints.campaigns.models import Campaign, Placement, Spend
from touchpoints.campaigns.reports import placements_of, spend_by_day, spend_by_placement
from touchpoints.catalogue.models import Channel, Goal
from touchpoints.interactions.campaign_sums import (
    MOST_DAYS,
    NO_MONEY,
    Price,
    Share,
    Span,
    Step,
    Sums,
    Total,
    course,
    price,
    share,
    total,
)
from touchpoints.interactions.models import ZERO, Conversion, Interaction, TouchpointDay, Visit
from touchpoints.interactions.records import PLACEMENT_CLICKED, PLACEMENT_VIEWED

DAYS: Final = {"7d": 7, "30d": 30, "90d": 90}
WHOLE: Final = "all"


@dataclass(slots=True)
class GoalLine:
    """A goal with what reached it; `visits` are those in which it was reached."""

    goal: Goal
    conversions: int = 0
    visits: int = 0
    before: int = 0
    values: dict[str, Decimal] = field(default_factory=dict)
    valued: dict[str, int] = field(default_factory=dict)
    rate: Share | None = None


@dataclass(slots=True)
class PlacementLine:
    """A placement with what it brought; the one without a placement holds the rest."""

    placement: Placement | None
    views: int = 0
    clicks: int = 0
    visits: int = 0
    won: int = 0
    spent: Decimal = NO_MONEY
    click_rate: Share | None = None
    rate: Share | None = None
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel with what came over it; None for visits whose channel is not known."""

    channel: Channel | None
    sums: Sums
    rate: Share


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """Everything that a campaign's page tells of a span of days.

    `value` is in the campaign's currency and stands on `valued` conversions of the primary goal,
    or of all goals where none is primary; `other_values` are in other currencies.
    """

    span: Span
    compared: Span | None
    sums: Sums
    visits: Total
    views: Total
    clicks: Total
    visitors: int
    rate: Share
    click_rate: Share | None
    goals: Sequence[GoalLine]
    primary: Goal | None
    placements: Sequence[PlacementLine]
    channels: Sequence[ChannelLine]
    course: Sequence[Step]
    spent: Decimal
    value: Decimal
    valued: int
    other_values: Mapping[str, Decimal]
    cost_per_visit: Price
    cost_per_conversion: Price
    return_on_spend: Price

    @property
    def weekly(self) -> bool:
        """Whether the course goes by week."""
        return self.span.days > MOST_DAYS

    @property
    def has_codes(self) -> bool:
        """Whether any placement counted a view or a click by its code."""
        return any(line.views or line.clicks for line in self.placements)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted and nothing spent."""
        return not (self.sums.contacts or self.sums.visits or self.spent)


def span_of(campaign: Campaign, window: str, workspace: Workspace) -> tuple[Span, Span | None]:
    """Return the days of a window and those that they are compared with.

    The whole campaign goes from its first day, or the first on which it brought or cost
    something, to its last one; there is nothing to compare it with.
    """
    today = day_of(now(), workspace.timezone)
    if window in DAYS:
        span = Span(today - timedelta(days=DAYS[window] - 1), today)
        return span, span.before()
    met = _days(workspace, [campaign.pk]).aggregate(first=Min("day"), last=Max("day"))
    paid = Spend.objects.filter(campaign=campaign).aggregate(first=Min("day"), last=Max("day"))
    firsts = [d for d in (campaign.starts_on, met["first"], paid["first"]) if d is not None]
    until = min(today, campaign.ends_on) if campaign.ends_on else today
    lasts = [d for d in (until, met["last"], paid["last"]) if d is not None]
    start = min(firsts)
    return Span(start, max(start, *lasts)), None


def campaign_report(*, workspace: Workspace, campaign: Campaign, window: str) -> CampaignReport:
    """Return what a campaign brought within a window, in twelve queries at most."""
    span, compared = span_of(campaign, window, workspace)
    z, fewest = z_for(workspace.confidence), workspace.min_visits
    by_day: dict[date, Sums] = defaultdict(Sums)
    by_channel: dict[UUID, Sums] = defaultdict(Sums)
    here, before = Sums(), Sums()
    first = compared.start if compared else span.start
    for row in _days(workspace, [campaign.pk]).filter(day__gte=first, day__lte=span.end).values():
        by_day[row["day"]].add(row)
        if span.holds(row["day"]):
            by_channel[row["channel_id"]].add(row)
            here.add(row)
        else:
            before.add(row)
    daily = spend_by_day(campaign, span.start, span.end)
    spent = sum(daily.values(), NO_MONEY)
    goals = list(Goal.objects.for_workspace(workspace))
    primary = next((goal for goal in goals if goal.is_primary), None)
    lines, won_at = _conversions(workspace, campaign, span, compared, goals)
    for line in lines:
        line.rate = share(line.visits, here.visits, z=z, fewest=fewest)
    value, valued, other_values = _value(campaign, lines)
    rate = share(
        here.won,
        here.visits,
        z=z,
        fewest=fewest,
        before=(before.won, before.visits) if compared else None,
    )
    visitors, placements = _placements(workspace, campaign, span, won_at, z)
    views = sum(line.views for line in placements)
    clicks = sum(line.clicks for line in placements if line.views)
    return CampaignReport(
        span=span,
        compared=compared,
        sums=here,
        visits=total("visits", by_day, span, compared, z),
        views=total("views", by_day, span, compared, z),
        clicks=total("clicks", by_day, span, compared, z),
        visitors=visitors,
        rate=rate,
        click_rate=share(clicks, views, z=z, fewest=fewest) if views else None,
        goals=lines,
        primary=primary,
        placements=placements,
        channels=_channels(workspace, by_channel, z),
        course=course(by_day, daily, span),
        spent=spent,
        value=value,
        valued=valued,
        other_values=other_values,
        cost_per_visit=price(spent, here.visits),
        cost_per_conversion=price(spent, here.won, rate.figure, here.visits, shown=rate.shown),
        return_on_spend=Price(float(value / spent) if spent and valued else None, valued),
    )


def _days(workspace: Workspace, campaigns: Iterable[UUID]) -> Any:
    return TouchpointDay.objects.for_workspace(workspace).filter(
        touchpoint_id=ZERO, campaign_id__in=list(campaigns)
    )


def _conversions(
    workspace: Workspace,
    campaign: Campaign,
    span: Span,
    compared: Span | None,
    goals: Sequence[Goal],
) -> tuple[list[GoalLine], dict[UUID, int]]:
    """Return what reached each goal, and visits with the primary goal by placement."""
    lines = {goal.pk: GoalLine(goal) for goal in goals}
    won_at: dict[UUID, int] = defaultdict(int)
    rows = Conversion.objects.for_workspace(workspace).filter(campaign_id=campaign.pk)
    found = (
        rows.filter(day__gte=span.start, day__lte=span.end)
        .order_by()
        .values("goal_id", "placement_id", "currency")
        .annotate(n=Count("visit_key"), visits=Count("visit_key", distinct=True))
        .annotate(money=Sum("value"), valued=Count("value"))
    )
    for row in found:
        line = lines.get(row["goal_id"])
        if line is None:
            continue
        line.conversions += row["n"]
        line.visits += row["visits"]
        if row["valued"]:
            currency = row["currency"] or campaign.currency
            line.values[currency] = line.values.get(currency, NO_MONEY) + row["money"]
            line.valued[currency] = line.valued.get(currency, 0) + row["valued"]
        if line.goal.is_primary:
            won_at[row["placement_id"]] += row["visits"]
    if compared is not None:
        earlier = rows.filter(day__gte=compared.start, day__lte=compared.end).order_by()
        for goal, n in earlier.values_list("goal_id").annotate(Count("visit_key")):
            if goal in lines:
                lines[goal].before = n
    return list(lines.values()), won_at


def _value(
    campaign: Campaign, lines: Sequence[GoalLine]
) -> tuple[Decimal, int, dict[str, Decimal]]:
    """Return the value in the campaign's currency, on how many it stands, and the other ones."""
    chosen = [line for line in lines if line.goal.is_primary] or lines
    values: dict[str, Decimal] = defaultdict(Decimal)
    valued = 0
    for line in chosen:
        for currency, amount in line.values.items():
            values[currency] += amount
        valued += line.valued.get(campaign.currency, 0)
    return values.pop(campaign.currency, NO_MONEY), valued, dict(values)


def _placements(
    workspace: Workspace,
    campaign: Campaign,
    span: Span,
    won_at: Mapping[UUID, int],
    z: float,
) -> tuple[int, list[PlacementLine]]:
    """Return how many visitors came, and each placement with what it brought."""
    zone = ZoneInfo(workspace.timezone)
    start = datetime.combine(span.start, time.min, zone)
    end = datetime.combine(span.end + timedelta(days=1), time.min, zone)
    placements = placements_of(campaign)
    lines: dict[UUID, PlacementLine] = {one.pk: PlacementLine(one) for one in placements}
    rest = PlacementLine(None)
    visits = Visit.objects.for_workspace(workspace).filter(
        campaign=campaign, started_at__gte=start, started_at__lt=end
    )
    visitors: int = visits.aggregate(n=Count("actor", distinct=True))["n"]
    for placement, n in visits.order_by().values_list("placement").annotate(Count("id")):
        lines.get(placement, rest).visits += n
    shown = (
        Interaction.objects.for_workspace(workspace)
        .filter(
            placement__in=list(lines),
            event__in=(PLACEMENT_VIEWED, PLACEMENT_CLICKED),
            occurred_at__gte=start,
            occurred_at__lt=end,
        )
        .order_by()
    )
    for placement, event, n in shown.values_list("placement", "event").annotate(Count("id")):
        if event == PLACEMENT_VIEWED:
            lines[placement].views += n
        else:
            lines[placement].clicks += n
    for placement, n in won_at.items():
        lines.get(placement, rest).won += n
    for spent_on, amount in spend_by_placement(campaign, span.start, span.end).items():
        (lines.get(spent_on, rest) if spent_on else rest).spent += amount
    found = [*lines.values(), *([rest] if rest.visits or rest.spent or rest.won else [])]
    for line in found:
        line.rate = share(line.won, line.visits, z=z, fewest=workspace.min_visits)
        line.price = price(
            line.spent, line.won, line.rate.figure, line.visits, shown=line.rate.shown
        )
        if line.views and line.clicks:
            line.click_rate = share(line.clicks, line.views, z=z, fewest=workspace.min_visits)
    found.sort(key=lambda line: (line.placement is None, -line.visits, -line.spent))
    return visitors, found


def _channels(workspace: Workspace, sums: Mapping[UUID, Sums], z: float) -> list[ChannelLine]:
    named = {one.pk: one for one in Channel.objects.for_workspace(workspace).filter(pk__in=sums)}
    lines = [
        ChannelLine(
            named.get(pk), row, share(row.won, row.visits, z=z, fewest=workspace.min_visits)
        )
        for pk, row in sums.items()
    ]
    return sorted(lines, key=lambda line: (-line.sums.visits, str(line.channel)))


@dataclass(frozen=True, slots=True)
class Brief:
    """A campaign in a list: what it brought so far, and visits of the last days."""

    sums: Sums
    rate: Share
    recent: Sequence[int]


def briefs(
    *, workspace: Workspace, campaigns: Sequence[Campaign], days: int = 30
) -> dict[UUID, Brief]:
    """Return what each campaign brought, in two queries."""
    ids = [campaign.pk for campaign in campaigns]
    # Today is not over: it would end each course with a fall.
    last = day_of(now(), workspace.timezone) - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    z = z_for(workspace.confidence)
    sums: dict[UUID, Sums] = defaultdict(Sums)
    columns = ("contacts", "views", "clicks", "visits", "won")
    for row in (
        _days(workspace, ids)
        .order_by()
        .values("campaign_id")
        .annotate(**{f"all_{name}": Sum(name) for name in columns})
    ):
        sums[row["campaign_id"]] = Sums(*(row[f"all_{name}"] for name in columns))
    recent: dict[UUID, list[int]] = defaultdict(lambda: [0] * days)
    for pk, day, visits in (
        _days(workspace, ids)
        .filter(day__gte=first, day__lte=last)
        .order_by()
        .values_list("campaign_id", "day")
        .annotate(Sum("visits"))
    ):
        recent[pk][(day - first).days] = visits
    return {
        pk: Brief(
            sums[pk],
            share(sums[pk].won, sums[pk].visits, z=z, fewest=workspace.min_visits)
            if sums[pk].visits
            else Share(EMPTY, 0, shown=False),
            recent[pk],
        )
        for pk in ids
    }
