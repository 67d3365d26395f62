"""Campaigns: efforts with a beginning, an aim and a budget."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.campaigns.currencies import validate_currency
from touchpoints.catalogue.models import validate_key


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
        _("word in addresses (utm_campaign)"),
        max_length=120,
        blank=True,
        help_text=_("Visits with this word in their address belong to it. The key when empty."),
    )
    utm_id = models.CharField(
        _("number in addresses (utm_id)"),
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

    def may_be_deleted(self) -> bool:
        """Say whether nobody has met it yet: it is planned, unseen, and has cost nothing."""
        return (
            self.status == self.Status.PLANNED
            and not self.placements.filter(last_seen_at__isnull=False).exists()
            and not self.spend.exists()
        )

    def clean(self) -> None:
        """Take the key as its word where it has none, and refuse what another campaign has.

        Constraints with the workspace are not seen by forms, which do not show it.
        """
        self.utm_campaign = " ".join(self.utm_campaign.split())
        self.utm_id = " ".join(self.utm_id.split())
        if not self.utm_campaign:
            self.utm_campaign = self.key
        taken = {}
        # A form whose first day is not valid leaves it empty.
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            taken["ends_on"] = ValidationError(
                _("The last day lies before the first."), code="dates_out_of_order"
            )
        others = Campaign.objects.exclude(pk=self.pk)
        if others.filter(key=self.key).exists():
            taken["key"] = ValidationError(_("Another campaign has this key."), code="key_taken")
        if not self.is_archived:
            near = others.exclude(status=self.Status.ARCHIVED)
            for name in ("utm_campaign", "utm_id"):
                word = getattr(self, name)
                same = near.filter(**{f"{name}__iexact": word}).first() if word else None
                if same is not None:
                    taken[name] = ValidationError(
                        _("“%(campaign)s” has this word already."),
                        params={"campaign": same.name},
                        code="word_taken",
                    )
        if taken:
            raise ValidationError(taken)
