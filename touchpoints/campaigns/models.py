"""Campaigns: what is placed where, what was planned for it, and what it cost."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.campaigns.addresses import is_web_address, tagged
from touchpoints.campaigns.codes import LENGTH, make_code
from touchpoints.campaigns.currencies import validate_currency
from touchpoints.catalogue.models import Channel, Touchpoint, validate_key


def validate_target(url: str) -> None:
    """Raise ValidationError unless ``url`` is an absolute address of the web."""
    if not is_web_address(url):
        raise ValidationError(
            _("Write the whole address, beginning with https:// or http://, without blanks.")
        )


class Campaign(WorkspaceModel):
    """An effort with a beginning, an aim and a budget; contacts find it by their utm words."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")
        ARCHIVED = "archived", _("Archived")

    not_personal: ClassVar[tuple[str, ...]] = (
        "key",
        "name",
        "status",
        "utm_campaign",
        "utm_id",
        "currency",
        "description",
        "audience",
    )

    key = models.CharField(
        _("key"), max_length=80, validators=[validate_key], help_text=_("For imports and the API.")
    )
    name = models.CharField(_("name"), max_length=120)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    description = models.TextField(_("description"), blank=True)
    audience = models.CharField(
        _("target group"),
        max_length=200,
        blank=True,
        help_text=_("Whom it addresses, for example parents in cities."),
    )
    owner = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Who is responsible for it."),
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(
        _("ends on"), null=True, blank=True, help_text=_("The last day. Open when empty.")
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[validate_currency],
        help_text=_("Of its plan and its spend, for example EUR."),
    )
    utm_campaign = models.CharField(
        _("utm_campaign"),
        max_length=120,
        blank=True,
        help_text=_("Visits with this word in their address belong to it. The key when empty."),
    )
    utm_id = models.CharField(
        _("utm_id"),
        max_length=120,
        blank=True,
        help_text=_("The campaign's number where advertisements are booked, if there is one."),
    )

    objects: ClassVar[WorkspaceQuerySet[Campaign]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="campaigns_campaign_key_once",
                violation_error_message=_("Another campaign has this key."),
            ),
            # An archived campaign leaves its words to a new one.
            models.UniqueConstraint(
                "workspace",
                Lower("utm_campaign"),
                condition=~models.Q(utm_campaign="") & ~models.Q(status="archived"),
                name="campaigns_campaign_utm_once",
                violation_error_message=_("Another campaign has this utm_campaign."),
            ),
            models.UniqueConstraint(
                "workspace",
                Lower("utm_id"),
                condition=~models.Q(utm_id="") & ~models.Q(status="archived"),
                name="campaigns_campaign_utm_id_once",
                violation_error_message=_("Another campaign has this utm_id."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="campaigns_campaign_dates_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page that shows how it goes."""
        return reverse("marketing-campaign", args=[self.pk])

    @property
    def is_archived(self) -> bool:
        """Whether it is put away."""
        return self.status == self.Status.ARCHIVED


class Placement(WorkspaceModel):
    """One place where a campaign meets people: an advertisement, a link in a mail, a poster."""

    class Kind(models.TextChoices):
        LINK = "link", _("Link")
        QR = "qr", _("QR code")
        PIXEL = "pixel", _("Pixel")

    not_personal: ClassVar[tuple[str, ...]] = (
        "name",
        "kind",
        "code",
        "target_url",
        "source",
        "medium",
        "content",
    )

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="placements", verbose_name=_("campaign")
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LINK)
    code = models.CharField(
        _("code"), max_length=LENGTH, unique=True, default=make_code, editable=False
    )
    target_url = models.CharField(
        _("leads to"),
        max_length=2000,
        blank=True,
        validators=[validate_target],
        help_text=_("The whole address, for example https://shop.example/spring."),
    )
    touchpoint = models.ForeignKey(
        Touchpoint,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("touchpoint"),
        help_text=_("Where its views and clicks are counted."),
    )
    channel = models.ForeignKey(
        Channel,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("channel"),
    )
    source = models.CharField(
        _("utm_source"), max_length=120, blank=True, help_text=_("For example newsletter.")
    )
    medium = models.CharField(
        _("utm_medium"), max_length=120, blank=True, help_text=_("For example email.")
    )
    content = models.CharField(
        _("utm_content"), max_length=120, blank=True, help_text=_("Tells variants apart.")
    )
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)

    objects: ClassVar[WorkspaceQuerySet[Placement]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name"],
                name="campaigns_placement_name_once",
                violation_error_message=_("Another placement of the campaign has this name."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="pixel") | ~models.Q(target_url=""),
                name="campaigns_placement_leads_somewhere",
                violation_error_message=_("A link and a QR code need an address to lead to."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def landing(self, campaign: Campaign) -> str:
        """Return the address that it leads to, with its campaign's words for the page there.

        Args:
            campaign: its campaign, which who comes by the code alone cannot read.
        """
        return tagged(
            self.target_url,
            {
                "campaign": campaign.utm_campaign or campaign.key,
                "source": self.source,
                "medium": self.medium,
                "content": self.content,
                "id": campaign.utm_id or self.code,
            },
        )


class PlanLine(WorkspaceModel):
    """Money of a campaign that is meant for a phase, a channel and a target group."""

    not_personal: ClassVar[tuple[str, ...]] = ("audience",)

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="plan", verbose_name=_("campaign")
    )
    channel = models.ForeignKey(
        Channel,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("channel"),
    )
    audience = models.CharField(_("target group"), max_length=200, blank=True)
    budget = models.DecimalField(
        _("budget"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    reach_target = models.PositiveIntegerField(
        _("people to reach"), null=True, blank=True, help_text=_("Visitors that it should bring.")
    )

    objects: ClassVar[WorkspaceQuerySet[PlanLine]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("line of the plan")
        verbose_name_plural = _("media plan")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(budget__gte=0),
                name="campaigns_planline_budget_not_negative",
                violation_error_message=_("A budget is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (str(self.channel or ""), self.audience))) or str(
            _("Everything")
        )


class Spend(WorkspaceModel):
    """What a campaign cost on one day, as told by a person, a file or a program."""

    not_personal: ClassVar[tuple[str, ...]] = ("note", "reference")

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="spend", verbose_name=_("campaign")
    )
    placement = models.ForeignKey(
        Placement,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="spend",
        verbose_name=_("placement"),
    )
    line = models.ForeignKey(
        PlanLine,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="spend",
        verbose_name=_("line of the plan"),
    )
    day = models.DateField(_("day"))
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    reference = models.CharField(
        _("reference"),
        max_length=120,
        blank=True,
        help_text=_("The number of the invoice or row there. The same one is never added twice."),
    )

    objects: ClassVar[WorkspaceQuerySet[Spend]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("spend")
        verbose_name_plural = _("spend")
        ordering = ["-day", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0),
                name="campaigns_spend_amount_not_negative",
                violation_error_message=_("An amount is not negative."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "reference"],
                condition=~models.Q(reference=""),
                name="campaigns_spend_reference_once",
                violation_error_message=_("This reference was entered already."),
            ),
        ]
        indexes = [
            # What a campaign cost within a window.
            models.Index(fields=["campaign", "day"], name="campaigns_spend_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.amount}"
