"""The media plan, and what was spent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.clock import day_of, now
from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.campaigns.models.campaigns import Campaign
from touchpoints.campaigns.models.placements import Placement
from touchpoints.catalogue.models import Channel, Phase


class PlanLine(WorkspaceModel):
    """Money of a campaign that is meant for a phase, a channel and a target group."""

    not_personal: ClassVar[tuple[str, ...]] = ("audience",)

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="plan", verbose_name=_("campaign")
    )
    phase = models.ForeignKey(
        Phase,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("phase"),
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
            # A cell of the plan's table is one line; empty ones are equal here.
            models.UniqueConstraint(
                fields=["campaign", "phase", "channel", "audience"],
                name="campaigns_planline_cell_once",
                nulls_distinct=False,
                violation_error_message=_(
                    "The plan has a line for this phase, channel and target group already."
                ),
            ),
        ]

    def __str__(self) -> str:
        named = (str(self.phase or ""), str(self.channel or ""), self.audience)
        return " · ".join(filter(None, named)) or str(_("Everything"))

    def clean(self) -> None:
        """Refuse a second line for the same cell."""
        # None is looked up as "is empty".
        cell: dict[str, Any] = {"phase_id": self.phase_id, "channel_id": self.channel_id}
        same = PlanLine.objects.filter(campaign_id=self.campaign_id, audience=self.audience, **cell)
        if self.campaign_id is not None and same.exclude(pk=self.pk).exists():
            raise ValidationError(
                _("The plan has a line for this phase, channel and target group already."),
                code="cell_taken",
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

    def clean(self) -> None:
        """Refuse a placement or line of another campaign, and a reference that is there."""
        wrong: dict[str, ValidationError] = {}
        for name in ("placement", "line"):
            row = getattr(self, name)
            if row is not None and row.campaign_id != self.campaign_id:
                wrong[name] = ValidationError(
                    _("This belongs to another campaign."), code="other_campaign"
                )
        same = Spend.objects.filter(campaign_id=self.campaign_id, reference=self.reference)
        if self.reference and same.exclude(pk=self.pk).exists():
            wrong["reference"] = ValidationError(
                _("This reference was entered already."), code="reference_taken"
            )
        complete = self.day is not None and self.campaign_id is not None
        if complete and self.day > day_of(now(), self.campaign.workspace.timezone):
            wrong["day"] = ValidationError(
                _("This day has not come yet. What is to come stands in the plan."), code="future"
            )
        if wrong:
            raise ValidationError(wrong)
