"""What the collector says has become of the events of a workspace."""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.db.models import Sum

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import SourceDay


@dataclass(frozen=True)
class Tally:
    """The counts of all sources and days."""

    received: int = 0
    stored: int = 0
    duplicate: int = 0
    bot: int = 0
    quarantined: int = 0
    declined: int = 0

    def __sub__(self, other: Tally) -> Tally:
        return Tally(
            *(getattr(self, each.name) - getattr(other, each.name) for each in fields(Tally))
        )

    @property
    def is_complete(self) -> bool:
        """Whether each event that came in is accounted for."""
        return self.received == self.stored + self.duplicate + self.bot + self.quarantined

    @property
    def came(self) -> tuple[int, int]:
        """What senders did: received, and received from those who do not want to be tracked."""
        return self.received, self.declined


def tally_of(workspace: Workspace) -> Tally:
    """Return the counts of a workspace."""
    sums = {each.name: Sum(each.name, default=0) for each in fields(Tally)}
    with workspace_scope(workspace.pk):
        return Tally(**SourceDay.objects.aggregate(**sums))
