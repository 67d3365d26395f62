"""What counts as a success, and what figures are broken down by."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.catalogue.models.base import validate_currency, validate_key
from touchpoints.catalogue.models.touchpoints import Touchpoint


class Goal(WorkspaceModel):
    """Something that we want to happen; the primary one makes a visit a conversion."""

    class Kind(models.TextChoices):
        PURCHASE = "purchase", _("Purchase")
        NEWSLETTER = "newsletter", _("Newsletter subscription")
        DOWNLOAD = "download", _("Download")
        OTHER = "other", _("Other")

    not_personal: ClassVar[tuple[str, ...]] = (
        "key",
        "name",
        "kind",
        "event_name",
        "page_pattern",
        "currency",
    )

    key = models.CharField(_("key"), max_length=60, validators=[validate_key])
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    event_name = models.CharField(
        _("event"),
        max_length=120,
        blank=True,
        help_text=_("The name as it is sent, for example purchase."),
    )
    page_pattern = models.CharField(
        _("page address"),
        max_length=300,
        blank=True,
        help_text=_("For example /thanks or */order/*/done; * stands for anything."),
    )
    touchpoint = models.ForeignKey(
        Touchpoint,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("touchpoint"),
        help_text=_("Any contact there reaches the goal, for example a visit to the store."),
    )
    is_primary = models.BooleanField(
        _("primary goal"), default=False, help_text=_("Conversion is measured by this one.")
    )
    value = models.DecimalField(
        _("value"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("What one is worth, where the event does not say."),
    )
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, validators=[validate_currency]
    )
    once_per_visit = models.BooleanField(
        _("once per visit"),
        default=True,
        help_text=_("Otherwise each time counts, as with orders."),
    )

    objects: ClassVar[WorkspaceQuerySet[Goal]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["-is_primary", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="catalogue_goal_key_once",
                violation_error_message=_("Another goal has this key."),
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(is_primary=True),
                name="catalogue_goal_one_primary",
                violation_error_message=_("Another goal is the primary one already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(event_name="", page_pattern="", touchpoint=None),
                name="catalogue_goal_can_be_reached",
                violation_error_message=_("Say by which event, page or touchpoint it is reached."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Dimension(WorkspaceModel):
    """A property of events by whose values figures are broken down, for example visitor_type."""

    not_personal: ClassVar[tuple[str, ...]] = ("key", "title", "property")

    key = models.CharField(_("key"), max_length=60, validators=[validate_key])
    title = models.CharField(_("title"), max_length=80)
    property = models.CharField(
        _("property"),
        max_length=80,
        help_text=_("The name under which events carry it in their properties."),
    )

    objects: ClassVar[WorkspaceQuerySet[Dimension]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="catalogue_dimension_key_once",
                violation_error_message=_("Another dimension has this key."),
            )
        ]

    def __str__(self) -> str:
        return self.title
