"""What was done to a draft, one small step after the other, and who is at it now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from journeys.maps.models.versions import Version


class Operation(WorkspaceModel):
    """One change of a draft, as it was carried out; its number is the revision after it.

    `id` is the sender's, so that an operation that is sent twice is carried out once.
    """

    not_personal: ClassVar[tuple[str, ...]] = ("content", "client")

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="operations", verbose_name=_("version")
    )
    number = models.PositiveBigIntegerField(_("number"))
    content = models.JSONField(_("content"))
    client = models.CharField(_("window"), max_length=40, blank=True)
    by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["version_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="maps_operation_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.version} #{self.number}"


class Presence(WorkspaceModel):
    """A window in which somebody has a map open, and where in it they are."""

    not_personal: ClassVar[tuple[str, ...]] = ("client", "place")

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="present", verbose_name=_("version")
    )
    member = models.ForeignKey(
        Membership, models.CASCADE, related_name="+", verbose_name=_("member")
    )
    client = models.CharField(_("window"), max_length=40)
    place = models.CharField(_("place"), max_length=80, blank=True)
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "client"], name="maps_presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.member} @ {self.place}"
