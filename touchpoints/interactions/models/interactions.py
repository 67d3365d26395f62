"""What customers did, by month, and what makes each message count once."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cxm.common.personal import PersonalData, PersonalField
from cxm.customers.models import Customer
from cxm.workspaces.models import Workspace
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.campaigns.models import Campaign, Placement
from touchpoints.catalogue.models import Channel, Touchpoint
from touchpoints.interactions.models.sources import Source
from touchpoints.interactions.querysets import InteractionQuerySet
from touchpoints.interactions.records import PLACEMENT_CLICKED, PLACEMENT_VIEWED

FALLBACK_ICON = "flow"


class Interaction(models.Model):
    """One thing that a customer did. Only ever added; partitioned by month (UTC).

    The foreign keys carry no constraint: checking four of them for each row costs more than the
    row, and all ids are read under row-level security in the transaction that writes them.
    """

    class Kind(models.TextChoices):
        TRACK = "track", _("Event")
        PAGE = "page", _("Page view")
        SCREEN = "screen", _("Screen view")
        IDENTIFY = "identify", _("Identification")
        GROUP = "group", _("Group")
        ALIAS = "alias", _("Alias")
        OFFLINE = "offline", _("Offline")

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="customer",
        fields={
            name: PersonalField("work out what happens at each touchpoint", "until it is erased")
            for name in ("name", "anonymous_id", "url", "properties", "context")
        },
        on_erase="blank",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("kind", "event", "dwell_method", "currency")

    pk = models.CompositePrimaryKey("workspace_id", "occurred_at", "id")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    occurred_at = models.DateTimeField(_("when"))
    id = models.UUIDField(editable=False)
    received_at = models.DateTimeField(_("received"))
    source = models.ForeignKey(
        Source,
        models.RESTRICT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("source"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    event = models.CharField(_("event"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
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
    # The sender named the touchpoint: rules that change later leave it there.
    named = models.BooleanField(default=False)
    # Known by the browser and not by what the event says: given back when the browser is.
    by_browser = models.BooleanField(default=False)
    anonymous_id = models.CharField(_("anonymous id"), max_length=254, blank=True)
    # Who it was as far as was known then: the customer, else the browser, else this contact alone.
    actor = models.UUIDField()
    visit_key = models.UUIDField(_("visit"))
    # The visit's channel, campaign and placement, kept here as they were at this contact.
    channel = models.ForeignKey(
        Channel,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("channel"),
    )
    channel_version = models.SmallIntegerField(default=0)
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
    quantity = models.IntegerField(_("quantity"), default=1)
    dwell_seconds = models.FloatField(_("time spent (s)"), null=True)
    dwell_method = models.CharField(_("time measured by"), max_length=12, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    url = models.CharField(_("address"), max_length=2048, blank=True)
    properties = models.JSONField(_("properties"), default=dict)
    context = models.JSONField(_("context"), default=dict)

    objects: ClassVar[InteractionQuerySet] = InteractionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ["-occurred_at", "-id"]
        indexes = [
            # The latest of a touchpoint, and its days for the figures.
            models.Index(
                fields=["workspace", "touchpoint", "occurred_at"],
                name="interactions_by_touchpoint",
            ),
            # The timeline of a customer.
            models.Index(
                fields=["workspace", "customer", "occurred_at"],
                name="interactions_by_customer",
                condition=models.Q(customer__isnull=False),
            ),
            # What a browser did before we learned whose it is.
            models.Index(
                fields=["workspace", "anonymous_id"],
                name="interactions_by_anonymous",
                condition=models.Q(customer__isnull=True) & ~models.Q(anonymous_id=""),
            ),
            # Views and clicks of a campaign's placements.
            models.Index(
                fields=["workspace", "placement", "occurred_at"],
                name="interactions_by_placement",
                condition=models.Q(event__in=[PLACEMENT_VIEWED, PLACEMENT_CLICKED]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the words for this row: its name, else its event, else its kind."""
        return self.name or self.event or self.get_kind_display()

    @property
    def icon(self) -> str:
        """Return the icon of this row: its touchpoint's, else its channel's."""
        if self.touchpoint is None:
            return FALLBACK_ICON
        return self.touchpoint.icon or self.touchpoint.channel.icon or FALLBACK_ICON


class MessageKey(models.Model):
    """An interaction that was taken in, by the hash of its message id: what makes it once.

    Apart from the interactions because a unique index there must hold the time, and the time of
    a message changes when it is sent again and the sender's clock is set right.
    """

    not_personal: ClassVar[tuple[str, ...]] = ()

    pk = models.CompositePrimaryKey("workspace_id", "key")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    key = models.UUIDField()
    # A message is known for as long as interactions are kept.
    seen_on = models.DateField(db_default=Now())

    objects: ClassVar[WorkspaceQuerySet[MessageKey]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("message key")
        verbose_name_plural = _("message keys")
        # Keys that are old enough to go; rows lie in the order of their days.
        indexes = [BrinIndex(fields=["seen_on"], name="interactions_messagekey_days")]

    def __str__(self) -> str:
        return str(self.key)
