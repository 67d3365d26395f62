"""What figures are counted by: a change has them worked out again."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from cxm.kpis.registry import feeds
from cxm.kpis.services import mark_stale
from touchpoints.catalogue.history import goals_changed
from touchpoints.catalogue.models import Goal

# The feed whose figures depend on goals, dimensions and events of success.
FEED: Final = "interactions"


@transaction.atomic
def make_primary(*, goal: Goal) -> Goal:
    """Make this the goal by which conversion is measured; the one before steps back."""
    Goal.objects.filter(workspace_id=goal.workspace_id, is_primary=True).exclude(pk=goal.pk).update(
        is_primary=False
    )
    goal.is_primary = True
    goal.save()
    recount_goals()
    return goal


@transaction.atomic
def recount_goals() -> str | None:
    """Have history counted by the goals of today, and all figures worked out again.

    Returns the address of a page that shows how far it is, if there is one.
    """
    refigure()
    return goals_changed()


@transaction.atomic
def refigure() -> None:
    """Have all days of interactions worked out again, since what they are counted by changed."""
    mark_stale(FEED, feeds[FEED].days())
