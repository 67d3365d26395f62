"""How many different visitors a touchpoint had: counted, or judged by a sixteenth of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cxm.common.statistics import EMPTY, Figure
from cxm.workspaces.models import Workspace
from touchpoints.interactions.daysums import Period
from touchpoints.interactions.estimates import estimated
from touchpoints.interactions.models import Touch

# Counting so many touches takes 20 to 100 ms, by how much of the table lies in memory.
EXACT_UP_TO: Final = 50_000
# A sixteenth of more than so many takes as long; that does not belong into a page's own answer.
SOON_UP_TO: Final = 3_200_000
# Visitors fall into buckets by chance, so that any one is as good as another.
_CHOSEN: Final = 7


@dataclass(frozen=True, slots=True)
class Visitors:
    """How many different visitors there were; an estimate has an interval."""

    figure: Figure
    estimated: bool


def visitors(
    *, workspace: Workspace, touchpoint: UUID, period: Period, visits: int, z: float
) -> Visitors:
    """Return the different visitors within a period, in one query on an index.

    Args:
        touchpoint: ZERO for the whole workspace.
        visits: the sum of the days' visits, which says how many touches there are.
        z: quantile for the interval of an estimate.
    """
    if not visits:
        return Visitors(EMPTY, estimated=False)
    touches = Touch.objects.for_workspace(workspace).filter(
        touchpoint_id=touchpoint, day__gte=period.start, day__lte=period.end
    )
    # As a subquery, so that equal actors meet in a hash table; count(DISTINCT …) would sort them.
    if visits <= EXACT_UP_TO:
        number = touches.order_by().values("actor").distinct().count()
        return Visitors(Figure(float(number), number), estimated=False)
    part = touches.filter(bucket=_CHOSEN).order_by().values("actor").distinct().count()
    return Visitors(estimated(part, z), estimated=True)
