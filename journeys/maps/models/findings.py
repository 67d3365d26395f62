"""Pain points and opportunities: rows of their own, which several maps share."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from journeys.maps.lanes import SEVERITIES, STATES


class PainPoint(WorkspaceModel):
    """Something that hurts customers, wherever it shows."""

    not_personal: ClassVar[tuple[str, ...]] = ("title", "description")

    title = models.CharField(_("what hurts"), max_length=400)
    description = models.TextField(_("description"), blank=True)
    severity = models.PositiveSmallIntegerField(
        _("severity"), null=True, blank=True, choices=list(SEVERITIES.items())
    )

    class Meta:
        verbose_name = _("pain point")
        verbose_name_plural = _("pain points")
        ordering = ["-severity", "title", "id"]

    def __str__(self) -> str:
        return self.title


class Opportunity(WorkspaceModel):
    """Something that we could do better, and how far that is."""

    not_personal: ClassVar[tuple[str, ...]] = ("title", "description", "status")

    title = models.CharField(_("what to do"), max_length=400)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        default="idea",
        choices=list(STATES["opportunity"].items()),
    )
    impact = models.PositiveSmallIntegerField(
        _("impact"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("1 small, 5 great."),
    )
    effort = models.PositiveSmallIntegerField(
        _("effort"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("1 small, 5 great."),
    )
    owner = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(impact__isnull=True) | models.Q(impact__range=(1, 5)),
                name="maps_opportunity_impact_range",
                violation_error_message=_("Impact lies between 1 and 5."),
            ),
            models.CheckConstraint(
                condition=models.Q(effort__isnull=True) | models.Q(effort__range=(1, 5)),
                name="maps_opportunity_effort_range",
                violation_error_message=_("Effort lies between 1 and 5."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
