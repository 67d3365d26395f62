"""The ways between customers and us, and the words by which visits are sorted onto them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.catalogue.models.base import validate_key


class Channel(WorkspaceModel):
    """A way on which customers reach us or we reach them."""

    class Kind(models.TextChoices):
        ONLINE = "online", _("Online")
        OFFLINE = "offline", _("Offline")

    not_personal: ClassVar[tuple[str, ...]] = ("key", "name", "kind", "icon")

    key = models.CharField(
        _("key"), max_length=60, validators=[validate_key], help_text=_("For imports and the API.")
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ONLINE)
    icon = models.CharField(_("icon"), max_length=30, blank=True, default="web")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects: ClassVar[WorkspaceQuerySet[Channel]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["position", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="catalogue_channel_key_once",
                violation_error_message=_("Another channel has this key."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ChannelWord(WorkspaceModel):
    """The workspace's own word for a channel: it comes before the usual rules."""

    class Field(models.TextChoices):
        SOURCE = "source", _("UTM source")
        MEDIUM = "medium", _("UTM medium")
        CAMPAIGN = "campaign", _("UTM campaign")

    not_personal: ClassVar[tuple[str, ...]] = ("field", "text")

    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="words", verbose_name=_("channel")
    )
    field = models.CharField(_("field"), max_length=10, choices=Field, default=Field.MEDIUM)
    text = models.CharField(
        _("word"),
        max_length=200,
        help_text=_("Compared as a whole; small and capital letters are the same."),
    )

    objects: ClassVar[WorkspaceQuerySet[ChannelWord]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("word of a channel")
        verbose_name_plural = _("words of channels")
        ordering = ["field", "text", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "field", "text"],
                name="catalogue_channelword_once",
                violation_error_message=_("Another channel has this word."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Keep the word in the form in which it is compared."""
        self.text = self.text.strip().lower()
