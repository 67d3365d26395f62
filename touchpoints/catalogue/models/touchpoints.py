"""Where customers meet us."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.catalogue.models.base import validate_key
from touchpoints.catalogue.models.channels import Channel
from touchpoints.catalogue.models.phases import Phase


class Touchpoint(WorkspaceModel):
    """A place where a customer meets us; interactions, surveys and KPIs point to it by id."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    class Importance(models.IntegerChoices):
        LITTLE = 1, _("1 – hardly any")
        SOME = 2, _("2 – some")
        MEDIUM = 3, _("3 – medium")
        MUCH = 4, _("4 – much")
        DECISIVE = 5, _("5 – decisive")

    not_personal: ClassVar[tuple[str, ...]] = (
        "key",
        "name",
        "description",
        "content",
        "keywords",
        "picture",
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
    phase = models.ForeignKey(
        Phase,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="touchpoints",
        verbose_name=_("phase"),
    )
    description = models.TextField(_("description"), blank=True)
    content = models.TextField(
        _("content"),
        blank=True,
        help_text=_("What customers read, see or hear here, in your words."),
    )
    keywords = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("keywords"),
        default=list,
        blank=True,
        help_text=_("Separated by commas."),
    )
    picture = models.CharField(_("picture"), max_length=60, blank=True, editable=False)
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
    importance_customer = models.PositiveSmallIntegerField(
        _("importance to the customer"),
        choices=Importance,
        null=True,
        blank=True,
    )
    importance_business = models.PositiveSmallIntegerField(
        _("importance to us"),
        choices=Importance,
        null=True,
        blank=True,
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
            ),
            models.CheckConstraint(
                condition=models.Q(importance_customer=None)
                | models.Q(importance_customer__range=(1, 5)),
                name="catalogue_touchpoint_customer_1_to_5",
                violation_error_message=_("Importance lies between 1 and 5."),
            ),
            models.CheckConstraint(
                condition=models.Q(importance_business=None)
                | models.Q(importance_business__range=(1, 5)),
                name="catalogue_touchpoint_business_1_to_5",
                violation_error_message=_("Importance lies between 1 and 5."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page that shows how it goes here."""
        return reverse("touchpoint", args=[self.pk])
