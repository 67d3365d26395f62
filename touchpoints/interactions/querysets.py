"""Reads over many interactions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.interactions.records import CONTACTS, moment_of

if TYPE_CHECKING:
    from touchpoints.interactions.models import Interaction  # noqa: F401 - names the row


class InteractionQuerySet(WorkspaceQuerySet["Interaction"]):
    """Interactions, read by the key that begins with workspace and time."""

    def contacts(self) -> Self:
        """Keep what a customer did; leave out what only says who somebody is."""
        return self.filter(kind__in=CONTACTS)

    def with_id(self, interaction_id: UUID) -> Self:
        """Keep the one with this id, found by the time in it: one partition is read."""
        moment = moment_of(interaction_id)
        if moment is None:
            return self.none()
        # Milliseconds come back from a float with a rounding error, so look a little around.
        around = timedelta(milliseconds=2)
        return self.filter(
            id=interaction_id, occurred_at__gte=moment - around, occurred_at__lte=moment + around
        )
