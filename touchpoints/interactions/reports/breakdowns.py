"""Visits by the values of the workspace's dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cxm.kpis.reports import Score, slices
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.models import Dimension, Goal

MOST_DIMENSIONS = 8


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Visits by the values of a dimension; each score has n = visits."""

    dimension: Dimension
    scores: Sequence[Score]


def breakdowns(
    *, workspace: Workspace, window: str, touchpoint: UUID | None = None
) -> list[Breakdown]:
    """Return visits, with conversion where there is a primary goal, by each dimension's values."""
    kind, subject = (
        ("workspace", workspace.pk) if touchpoint is None else ("touchpoint", touchpoint)
    )
    has_goal = Goal.objects.for_workspace(workspace).filter(is_primary=True).exists()
    metric = "conversion" if has_goal else "visits"
    found = [
        Breakdown(dimension, slices(kind, subject, metric, dimension.key, window))
        for dimension in Dimension.objects.for_workspace(workspace)[:MOST_DIMENSIONS]
    ]
    return [breakdown for breakdown in found if breakdown.scores]
