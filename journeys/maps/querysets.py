"""Reads over many rows of maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from cxm.workspaces.querysets import WorkspaceQuerySet

if TYPE_CHECKING:
    from journeys.maps.models import Card, Step, Version  # noqa: F401 - the queryset's rows


class VersionQuerySet(WorkspaceQuerySet["Version"]):
    """States of maps."""

    def drafts(self) -> Self:
        """Keep those that can still be changed."""
        return self.filter(status="draft")

    def published(self) -> Self:
        """Keep those that are live."""
        return self.filter(status="published")


class StepQuerySet(WorkspaceQuerySet["Step"]):
    """Steps of maps."""

    def in_order(self) -> Self:
        """Order from left to right."""
        return self.order_by("stage__position", "position", "id")


class CardQuerySet(WorkspaceQuerySet["Card"]):
    """Cards of maps."""

    def of_version(self, version: Version) -> Self:
        """Keep the cards of one version, in reading order within each cell."""
        return self.filter(lane__version=version).order_by("lane_id", "step_id", "position", "id")

    def in_order(self) -> Self:
        """Order from left to right within each lane."""
        return self.order_by("step__stage__position", "step__position", "position", "id")

    def with_touchpoint(self) -> Self:
        """Fetch each card's touchpoint with its channel and owner too."""
        return self.select_related("touchpoint__channel", "touchpoint__owner__user")
