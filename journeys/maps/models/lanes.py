"""The rows of a map."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.ids import uuid7
from cxm.workspaces.models import WorkspaceModel
from journeys.maps.lanes import LaneKind, lane_kind
from journeys.maps.models.versions import Version
from journeys.maps.validators import validate_lane_kind


class Lane(WorkspaceModel):
    """A row of the map."""

    not_personal: ClassVar[tuple[str, ...]] = ("kind", "name")

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="lanes", verbose_name=_("version")
    )
    key = models.UUIDField(
        _("key"),
        default=uuid7,
        editable=False,
        help_text=_("The same in all versions of the map."),
    )
    kind = models.CharField(_("kind"), max_length=40, validators=[validate_lane_kind])
    name = models.CharField(
        _("heading"), max_length=60, blank=True, help_text=_("Leave empty for the kind's own.")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    hidden = models.BooleanField(_("hidden"), default=False)
    collapsed = models.BooleanField(_("collapsed"), default=False)

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="maps_lane_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two lanes have the same position."),
            ),
            models.UniqueConstraint(fields=["version", "key"], name="maps_lane_key_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def entry(self) -> LaneKind:
        """Return what the registry says about its kind."""
        return lane_kind(self.kind)

    @property
    def title(self) -> str:
        """Return the heading."""
        return self.name or str(self.entry.title)
