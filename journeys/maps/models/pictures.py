"""Pictures that no card names any more."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel


class UnusedPicture(WorkspaceModel):
    """A stored picture that no card of any version named when it was looked for.

    `created_at` says since when, so that who undoes a change within a day finds it again.
    """

    not_personal: ClassVar[tuple[str, ...]] = ("name",)

    name = models.CharField(_("picture"), max_length=60)

    class Meta:
        verbose_name = _("unused picture")
        verbose_name_plural = _("unused pictures")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="maps_unused_picture_once")
        ]

    def __str__(self) -> str:
        return self.name
