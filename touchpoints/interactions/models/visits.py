"""Visits, and what pages read of them: touches, sums by day, conversions.

All of it follows from the interactions and is written in the transaction that writes them; days
can be worked out again from scratch (``services.rollups``). Like the interactions these tables
grow without bound: their keys begin with the workspace, and foreign keys carry no constraint.
"""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.personal import PersonalData, PersonalField
from cxm.customers.models import Customer
from cxm.workspaces.models import Workspace
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.campaigns.models import Campaign, Placement
from touchpoints.catalogue.models import Channel, Goal, Touchpoint
from touchpoints.interactions.models.sources import Source

# In the place of a touchpoint: anywhere. Of a channel or campaign: none. Keys hold no NULL.
ZERO: Final = UUID(int=0)


class Visit(models.Model):
    """What one visitor did without a pause of 30 minutes; partitioned by month (UTC)."""

    class Device(models.TextChoices):
        DESKTOP = "desktop", _("Computer")
        PHONE = "phone", _("Phone")
        TABLET = "tablet", _("Tablet")

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="customer",
        fields={
            name: PersonalField("work out where visits come from", "until it is erased")
            for name in ("term", "content", "referrer", "landing")
        },
        on_erase="blank",
    )
    not_personal: ClassVar[tuple[str, ...]] = (
        "source_name",
        "medium",
        "campaign_name",
        "utm_id",
        "click_id",
        "browser",
        "os",
        "device",
    )

    pk = models.CompositePrimaryKey("workspace_id", "started_at", "id")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    started_at = models.DateTimeField(_("began"))
    id = models.UUIDField(editable=False)
    last_at = models.DateTimeField(_("last contact"))
    # Whose visits follow each other: the browser's, else the customer's; or a visit that was named.
    lane = models.UUIDField(editable=False)
    actor = models.UUIDField(editable=False)
    customer = models.ForeignKey(
        Customer,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("customer"),
    )
    source = models.ForeignKey(
        Source,
        models.RESTRICT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("sent by"),
    )
    channel = models.ForeignKey(
        Channel,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("channel"),
    )
    # Of the rules by which the channel was found; 0 where the sender named it or none was found.
    channel_version = models.SmallIntegerField(default=0)
    # Something is known of where it came from, be it that it came by itself.
    has_origin = models.BooleanField(default=False)
    source_name = models.CharField(_("came from"), max_length=200, blank=True)
    medium = models.CharField(_("medium"), max_length=200, blank=True)
    campaign_name = models.CharField(_("utm_campaign"), max_length=200, blank=True)
    term = models.CharField(_("term"), max_length=200, blank=True)
    content = models.CharField(_("content"), max_length=200, blank=True)
    utm_id = models.CharField(_("utm_id"), max_length=200, blank=True)
    # The name of the parameter, never its value: that would point at a person.
    click_id = models.CharField(_("click id"), max_length=12, blank=True)
    referrer = models.CharField(_("referring site"), max_length=253, blank=True)
    landing = models.CharField(_("first page"), max_length=2048, blank=True)
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("campaign"),
    )
    placement = models.ForeignKey(
        Placement,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("placement"),
    )
    # Came by itself and was here before: a sign of an earlier contact.
    returning_direct = models.BooleanField(_("returning, direct"), default=False)
    browser = models.CharField(_("browser"), max_length=40, blank=True)
    os = models.CharField(_("operating system"), max_length=40, blank=True)
    device = models.CharField(_("device"), max_length=10, choices=Device, blank=True)
    contacts = models.IntegerField(_("contacts"), default=0)

    objects: ClassVar[WorkspaceQuerySet[Visit]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-started_at", "-id"]
        indexes = [
            # The visit that goes on, and whether somebody was here before.
            models.Index(
                fields=["workspace", "lane", "started_at"], name="interactions_visit_lane"
            ),
            # The visits of a campaign, by placement.
            models.Index(
                fields=["workspace", "campaign", "started_at"],
                name="interactions_visit_campaign",
                condition=models.Q(campaign__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class Touch(models.Model):
    """That a visit had a contact at a touchpoint on a day; partitioned by month.

    The touchpoint ZERO stands for the whole workspace. `bucket` is a sixteenth of all visitors,
    by their actor, so that many can be estimated from a part.
    """

    not_personal: ClassVar[tuple[str, ...]] = ()

    pk = models.CompositePrimaryKey("workspace_id", "day", "visit_key", "touchpoint_id")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField(_("day"))
    visit_key = models.UUIDField()
    touchpoint_id = models.UUIDField()
    actor = models.UUIDField()
    bucket = models.SmallIntegerField()
    channel_id = models.UUIDField()
    campaign_id = models.UUIDField()
    # The primary goal was reached in the visit on this day.
    won = models.BooleanField(default=False)

    objects: ClassVar[WorkspaceQuerySet[Touch]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        indexes = [
            # The visitors of a touchpoint within some days, all or a part of them.
            models.Index(
                fields=["workspace", "touchpoint_id", "bucket", "day", "actor"],
                name="interactions_touch_visitors",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.visit_key}"


class TouchpointDay(models.Model):
    """Sums of one day at one touchpoint, by the channel and campaign of the visits.

    The touchpoint ZERO stands for the whole workspace; channel and campaign ZERO for none.
    """

    not_personal: ClassVar[tuple[str, ...]] = ()

    pk = models.CompositePrimaryKey(
        "workspace_id", "touchpoint_id", "day", "channel_id", "campaign_id"
    )
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    touchpoint_id = models.UUIDField()
    day = models.DateField(_("day"))
    channel_id = models.UUIDField()
    campaign_id = models.UUIDField()
    contacts = models.BigIntegerField(_("contacts"), default=0)
    views = models.BigIntegerField(_("views"), default=0)
    clicks = models.BigIntegerField(_("clicks"), default=0)
    visits = models.BigIntegerField(_("visits"), default=0)
    won = models.BigIntegerField(_("visits with the primary goal"), default=0)
    dwell_seconds = models.DecimalField(
        _("time in the foreground (s)"), max_digits=20, decimal_places=3, default=0
    )

    objects: ClassVar[WorkspaceQuerySet[TouchpointDay]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("day of a touchpoint")
        verbose_name_plural = _("days of touchpoints")
        indexes = [
            # What a campaign brought.
            models.Index(
                fields=["workspace", "campaign_id", "day"],
                name="interactions_day_campaign",
                condition=~models.Q(campaign_id=ZERO),
            ),
            # Days that are worked out again.
            models.Index(fields=["workspace", "day"], name="interactions_day_day"),
        ]

    def __str__(self) -> str:
        return f"{self.touchpoint_id} {self.day}"


class Conversion(models.Model):
    """A goal that was reached in a visit.

    `occurrence` is ZERO for goals that count once in a visit, else the interaction's id.
    """

    not_personal: ClassVar[tuple[str, ...]] = ("currency",)

    pk = models.CompositePrimaryKey("workspace_id", "goal_id", "visit_key", "day", "occurrence")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    goal = models.ForeignKey(
        Goal, models.CASCADE, related_name="+", db_index=False, verbose_name=_("goal")
    )
    visit_key = models.UUIDField()
    day = models.DateField(_("day"))
    occurrence = models.UUIDField()
    occurred_at = models.DateTimeField(_("when"))
    interaction_id = models.UUIDField()
    touchpoint = models.ForeignKey(
        Touchpoint,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("touchpoint"),
    )
    customer = models.ForeignKey(
        Customer,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("customer"),
    )
    channel_id = models.UUIDField()
    campaign_id = models.UUIDField()
    placement_id = models.UUIDField()
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    objects: ClassVar[WorkspaceQuerySet[Conversion]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("conversion")
        verbose_name_plural = _("conversions")
        ordering = ["-occurred_at", "-interaction_id"]
        indexes = [
            # Goals reached within some days, and days that are worked out again.
            models.Index(fields=["workspace", "day", "goal"], name="interactions_conversion_day"),
            # Goals that contacts at a touchpoint reached.
            models.Index(
                fields=["workspace", "touchpoint", "day"], name="interactions_conv_touchpoint"
            ),
            # What a campaign brought.
            models.Index(
                fields=["workspace", "campaign_id", "day"],
                name="interactions_conv_campaign",
                condition=~models.Q(campaign_id=ZERO),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.day}"
