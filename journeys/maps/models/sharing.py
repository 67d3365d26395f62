"""A map for people without an account."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from journeys.maps.models.journeys import JourneyMap
from journeys.maps.models.versions import Version


class ShareLink(WorkspaceModel):
    """An address that shows chosen lanes of a map to whoever has it; only its hash is kept."""

    not_personal: ClassVar[tuple[str, ...]] = ("name", "token_hash", "password", "lanes")

    map = models.ForeignKey(
        JourneyMap, models.CASCADE, related_name="share_links", verbose_name=_("journey")
    )
    version = models.ForeignKey(
        Version,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version"),
        help_text=_("Leave empty for whatever is published."),
    )
    name = models.CharField(
        _("for whom"), max_length=120, help_text=_("So that you know later which link this is.")
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    password = models.CharField(_("password"), max_length=200, blank=True, editable=False)
    lanes = ArrayField(models.UUIDField(), verbose_name=_("lanes shown"), default=list)
    with_figures = models.BooleanField(_("with figures"), default=False)
    may_embed = models.BooleanField(
        _("may be embedded"), default=False, help_text=_("Other websites may show it in a frame.")
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    opened_at = models.DateTimeField(_("last opened"), null=True, blank=True, editable=False)
    opened = models.PositiveIntegerField(_("times opened"), default=0, editable=False)

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def is_open(self, at: datetime) -> bool:
        """Say whether it still shows the map at this moment."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)
