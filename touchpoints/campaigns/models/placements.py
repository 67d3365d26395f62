"""Placements: where a campaign meets people, each with its code."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.campaigns.addresses import is_web_address, tagged
from touchpoints.campaigns.codes import LENGTH, make_code
from touchpoints.campaigns.models.campaigns import Campaign
from touchpoints.catalogue.models import Channel, Touchpoint


def validate_target(url: str) -> None:
    """Raise ValidationError unless ``url`` is an absolute address of the web."""
    if not is_web_address(url):
        raise ValidationError(
            _("Write the whole address, beginning with https:// or http://, without blanks.")
        )


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
        _("source (utm_source)"), max_length=120, blank=True, help_text=_("For example newsletter.")
    )
    medium = models.CharField(
        _("medium (utm_medium)"), max_length=120, blank=True, help_text=_("For example email.")
    )
    content = models.CharField(
        _("content (utm_content)"), max_length=120, blank=True, help_text=_("Tells variants apart.")
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

    def clean(self) -> None:
        """Refuse a link that leads nowhere, and a name that the campaign has already."""
        wrong: dict[str, ValidationError] = {}
        if self.kind != self.Kind.PIXEL and not self.target_url:
            wrong["target_url"] = ValidationError(
                _("A link and a QR code need an address to lead to."), code="address_needed"
            )
        same = Placement.objects.filter(campaign_id=self.campaign_id, name=self.name)
        if self.campaign_id is not None and same.exclude(pk=self.pk).exists():
            wrong["name"] = ValidationError(
                _("Another placement of the campaign has this name."), code="name_taken"
            )
        if wrong:
            raise ValidationError(wrong)

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
