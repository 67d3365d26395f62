"""Which events happened at a touchpoint, and how often."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.records import CONTACTS, PAGE_LEFT

# Counting more would make whoever looks wait; the shares do not change much any more.
MOST_COUNTED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Happened:
    """Events at a touchpoint, the most frequent first.

    Attributes:
        whole: False when only the newest `MOST_COUNTED` were counted.
    """

    events: tuple[tuple[str, int], ...]
    whole: bool

    @property
    def total(self) -> int:
        """Return how many were counted."""
        return sum(n for _name, n in self.events)


def events_at(*, workspace: Workspace, touchpoint: UUID, since: datetime) -> Happened:
    """Count the events at a touchpoint from a moment on, by name; one query along its index.

    What has no name counts under its kind.
    """
    rows = list(
        Interaction.objects.for_workspace(workspace)
        .filter(touchpoint_id=touchpoint, occurred_at__gte=since, kind__in=CONTACTS)
        .exclude(event=PAGE_LEFT)
        .order_by("-occurred_at")
        .values_list("event", "kind", "quantity")[: MOST_COUNTED + 1]
    )
    found: Counter[str] = Counter()
    for event, kind, quantity in rows[:MOST_COUNTED]:
        found[event or kind] += quantity
    ordered = sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))
    return Happened(tuple(ordered), len(rows) <= MOST_COUNTED)
