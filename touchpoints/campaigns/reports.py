"""Reads of the room: what was planned and spent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from cxm.common.clock import day_of, now
from cxm.workspaces.models import Workspace
from touchpoints.campaigns.models import Campaign, Placement, PlanLine, Spend
from touchpoints.campaigns.plan import ZERO, Money, Pace, Table, pace, table
from touchpoints.catalogue.models import Channel, Phase, PhaseModel


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row of the plan's table with its heading."""

    channel: Channel | None
    cells: Sequence[Money]
    total: Money


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The plan's table with its headings; phase None is "any phase"."""

    phases: Sequence[Phase | None]
    rows: Sequence[NamedRow]
    phase_totals: Sequence[Money]
    total: Money
    reach_target: int


def money_of(campaigns: Iterable[Campaign]) -> dict[UUID, Money]:
    """Return planned and spent of each campaign, in two queries."""
    ids = [campaign.pk for campaign in campaigns]
    planned = _sums(PlanLine.objects.filter(campaign__in=ids).values_list("campaign"), "budget")
    spent = _sums(Spend.objects.filter(campaign__in=ids).values_list("campaign"), "amount")
    return {pk: Money(planned.get(pk, ZERO), spent.get(pk, ZERO)) for pk in ids}


def pace_of(campaign: Campaign, money: Money, workspace: Workspace) -> Pace:
    """Return how the campaign's spend stands against its days, today in the workspace's zone."""
    return pace(
        money=money,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        today=day_of(now(), workspace.timezone),
    )


def plan_table(campaign: Campaign, *, whole: bool = True) -> PlanTable:
    """Return planned and spent by channel and phase, in four queries.

    Args:
        campaign: whose plan it is.
        whole: with a column for each phase, not only for those that money is meant for.
    """
    lines = list(
        PlanLine.objects.filter(campaign=campaign).select_related("channel", "phase__model")
    )
    spent = dict(
        Spend.objects.filter(campaign=campaign)
        .values_list("line")
        .annotate(Sum("amount"))
        .order_by()
    )
    phases = phases_for(campaign, lines)
    if not whole:
        used = {line.phase_id for line in lines}
        phases = [phase for phase in phases if phase.pk in used]
    found: Table[UUID | None] = table(
        lines, spent, phases=[phase.pk for phase in phases], unplanned=spent.get(None, ZERO)
    )
    named = {phase.pk: phase for phase in phases}
    channels = {line.channel_id: line.channel for line in lines}
    return PlanTable(
        phases=[named.get(pk) if pk else None for pk in found.columns],
        rows=[
            NamedRow(channels.get(row.key) if row.key else None, row.cells, row.total)
            for row in found.rows
        ],
        phase_totals=found.column_totals,
        total=found.total,
        reach_target=found.reach_target,
    )


def phases_for(campaign: Campaign, lines: Iterable[PlanLine]) -> list[Phase]:
    """Return the phases that a plan is drawn in: its own model's, else the workspace's first.

    Phases of other models that lines still name come after them.
    """
    used = {line.phase.pk: line.phase for line in lines if line.phase is not None}
    models = {phase.model_id for phase in used.values()}
    chosen: UUID | None = min(models) if models else None
    if chosen is None:
        first = PhaseModel.objects.filter(workspace_id=campaign.workspace_id).first()
        chosen = first.pk if first else None
    own = list(Phase.objects.filter(model=chosen)) if chosen else []
    there = {phase.pk for phase in own}
    return own + [phase for pk, phase in used.items() if pk not in there]


def plan_version(lines: Iterable[PlanLine]) -> str:
    """Return a fingerprint of a plan, which tells whether somebody changed it meanwhile."""
    told = sorted(f"{line.pk}:{line.updated_at.isoformat()}" for line in lines)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]


def spend_by_day(campaign: Campaign, start: date, end: date) -> dict[date, Decimal]:
    """Return what each day from ``start`` to ``end``, both included, cost."""
    rows = Spend.objects.filter(campaign=campaign, day__gte=start, day__lte=end)
    return dict(rows.values_list("day").annotate(Sum("amount")).order_by())


def spend_by_placement(campaign: Campaign, start: date, end: date) -> dict[UUID | None, Decimal]:
    """Return what each placement cost from ``start`` to ``end``; None for what names none."""
    rows = Spend.objects.filter(campaign=campaign, day__gte=start, day__lte=end)
    return dict(rows.values_list("placement").annotate(Sum("amount")).order_by())


def placements_of(campaign: Campaign) -> list[Placement]:
    """Return a campaign's placements with what they point to."""
    return list(Placement.objects.filter(campaign=campaign).select_related("channel", "touchpoint"))


def _sums(rows: object, column: str) -> dict[UUID, Decimal]:
    return dict(rows.annotate(Sum(column)).order_by())  # type: ignore[attr-defined]
