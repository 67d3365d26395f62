"""What somebody wants to see of a map: lanes for sales, for IT, for controlling."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel
from journeys.maps.models.journeys import JourneyMap


class MapView(WorkspaceModel):
    """A choice of lanes under a name, shared by all who read the map.

    Lanes are named by their keys, which are the same in all versions.
    """

    not_personal: ClassVar[tuple[str, ...]] = ("name", "lanes")

    map = models.ForeignKey(
        JourneyMap, models.CASCADE, related_name="views", verbose_name=_("journey")
    )
    name = models.CharField(_("name"), max_length=40)
    lanes = ArrayField(models.UUIDField(), verbose_name=_("lanes shown"), default=list)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("view of a map")
        verbose_name_plural = _("views of maps")
        ordering = ["map_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["map", "name"],
                name="maps_mapview_name_once",
                violation_error_message=_("There is a view of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
