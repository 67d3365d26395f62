"""Where customers meet us: channels and touchpoints, what counts as a goal, and dimensions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet

validate_key = RegexValidator(
    r"^[a-z0-9][a-z0-9_.-]*$",
    _("Use small letters, digits, and - _ . between them."),
)


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


class Touchpoint(WorkspaceModel):
    """A place where a customer meets us; interactions, surveys and KPIs point to it by id."""

    class Phase(models.TextChoices):
        AWARENESS = "awareness", _("Awareness")
        CONSIDERATION = "consideration", _("Consideration")
        PURCHASE = "purchase", _("Purchase")
        DELIVERY = "delivery", _("Delivery")
        USE = "use", _("Use and service")
        LOYALTY = "loyalty", _("Loyalty")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    not_personal: ClassVar[tuple[str, ...]] = (
        "key",
        "name",
        "phase",
        "description",
        "department",
        "status",
        "icon",
        "event_names",
        "page_prefix",
        "goal_event",
    )

    key = models.CharField(
        _("key"), max_length=80, validators=[validate_key], help_text=_("For imports and the API.")
    )
    name = models.CharField(_("name"), max_length=120)
    channel = models.ForeignKey(
        Channel, models.RESTRICT, related_name="touchpoints", verbose_name=_("channel")
    )
    phase = models.CharField(_("phase"), max_length=20, choices=Phase, blank=True)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Who is responsible for how it goes here."),
    )
    department = models.CharField(_("department"), max_length=80, blank=True)
    moment_of_truth = models.BooleanField(
        _("moment of truth"),
        default=False,
        help_text=_("What happens here decides whether the customer stays."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    icon = models.CharField(
        _("icon"), max_length=30, blank=True, help_text=_("The channel's own when empty.")
    )
    event_names = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("events"),
        default=list,
        blank=True,
        help_text=_("Names of events or pages that happen here, separated by commas."),
    )
    page_prefix = models.CharField(
        _("page address begins with"),
        max_length=300,
        blank=True,
        help_text=_("For example /checkout or shop.example/checkout."),
    )
    goal_event = models.CharField(
        _("event that shows success"),
        max_length=120,
        blank=True,
        help_text=_("A visit here succeeded when this event followed in it."),
    )

    objects: ClassVar[WorkspaceQuerySet[Touchpoint]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="catalogue_touchpoint_key_once",
                violation_error_message=_("Another touchpoint has this key."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page that shows how it goes here."""
        return reverse("touchpoint", args=[self.pk])


class Goal(WorkspaceModel):
    """An event that we want to happen; the primary one makes a visit a conversion."""

    not_personal: ClassVar[tuple[str, ...]] = ("key", "name", "event_name")

    key = models.CharField(_("key"), max_length=60, validators=[validate_key])
    name = models.CharField(_("name"), max_length=120)
    event_name = models.CharField(
        _("event"), max_length=120, help_text=_("The name as it is sent, for example purchase.")
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
        help_text=_("What one is worth, where the event does not say."),
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
