"""Saves a media plan as it stands in its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from touchpoints.campaigns.models import Campaign, PlanLine
from touchpoints.campaigns.plan import ZERO
from touchpoints.campaigns.reports import plan_version

CellKey = tuple[UUID | None, UUID | None, str]


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """What stands in one cell: money for a channel, a phase and a target group."""

    channel: UUID | None
    phase: UUID | None
    audience: str
    budget: Decimal
    reach_target: int | None = None

    @property
    def key(self) -> CellKey:
        """What tells it from the other cells."""
        return self.channel, self.phase, self.audience


@transaction.atomic
def save_plan(*, campaign: Campaign, cells: Sequence[PlannedCell], version: str = "") -> int:
    """Make the plan what the table says, and return how many lines changed.

    A line that vanished from the table goes, unless something was spent on it: then it stays
    with a budget of 0, so that its spend keeps its place.

    Args:
        campaign: whose plan it is.
        cells: all of them, each key once.
        version: fingerprint of the plan that the table was made from, "" to save over anything.

    Raises:
        DomainError: somebody changed the plan meanwhile (code "plan_changed"), or a cell is
            there twice (code "cell_twice").
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    lines = list(locked.plan.all())
    if version and version != plan_version(lines):
        raise DomainError(
            _("Somebody changed the plan meanwhile. Look at it again before you save."),
            code="plan_changed",
        )
    wanted = {cell.key: cell for cell in cells}
    if len(wanted) != len(cells):
        raise DomainError(
            _("The plan names a channel and target group twice in one phase."), code="cell_twice"
        )
    before = sum((line.budget for line in lines), ZERO)
    there: dict[CellKey, PlanLine] = {
        (line.channel_id, line.phase_id, line.audience): line for line in lines
    }
    changed = 0
    for key, line in there.items():
        cell = wanted.pop(key, None)
        if cell is None:
            changed += _take_out(line)
        elif (line.budget, line.reach_target) != (cell.budget, cell.reach_target):
            line.budget, line.reach_target = cell.budget, cell.reach_target
            line.save(update_fields=["budget", "reach_target", "updated_at"])
            changed += 1
    new = PlanLine.objects.bulk_create(
        PlanLine(
            workspace_id=locked.workspace_id,
            campaign=locked,
            channel_id=cell.channel,
            phase_id=cell.phase,
            audience=cell.audience,
            budget=cell.budget,
            reach_target=cell.reach_target,
        )
        for cell in wanted.values()
    )
    if changed or new:
        after = sum((cell.budget for cell in cells), ZERO)
        audit.record("planned", locked, {"budget": (before, after)})
    return changed + len(new)


def _take_out(line: PlanLine) -> int:
    if not line.spend.exists():
        line.delete()
        return 1
    if line.budget == 0 and line.reach_target is None:
        return 0
    line.budget, line.reach_target = ZERO, None
    line.save(update_fields=["budget", "reach_target", "updated_at"])
    return 1
