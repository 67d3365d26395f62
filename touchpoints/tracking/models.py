"""Pictures of pages, to draw heat maps on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet


class PagePicture(WorkspaceModel):
    """What a page looks like on one class of devices, from its top to its end."""

    class Device(models.TextChoices):
        DESKTOP = "desktop", _("Desktop")
        TABLET = "tablet", _("Tablet")
        PHONE = "phone", _("Phone")

    not_personal: ClassVar[tuple[str, ...]] = ("path", "device", "picture")

    path = models.CharField(_("page"), max_length=500)
    device = models.CharField(_("device"), max_length=10, choices=Device)
    # The name of the file in the storage: random, with nothing of the name that it had.
    picture = models.CharField(_("picture"), max_length=120, editable=False)

    objects: ClassVar[WorkspaceQuerySet[PagePicture]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("picture of a page")
        verbose_name_plural = _("pictures of pages")
        ordering = ["path", "device", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "path", "device"], name="tracking_pagepicture_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.path} ({self.get_device_display()})"
