"""The columns of a map: stages and their steps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.ids import uuid7
from cxm.workspaces.models import WorkspaceModel
from journeys.maps.models.versions import Version
from journeys.maps.querysets import StepQuerySet
from journeys.maps.validators import validate_metric
from touchpoints.catalogue.models import Phase


class Stage(WorkspaceModel):
    """A phase of the journey: neighbouring steps under one heading."""

    not_personal: ClassVar[tuple[str, ...]] = ("name",)

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="stages", verbose_name=_("version")
    )
    key = models.UUIDField(
        _("key"),
        default=uuid7,
        editable=False,
        help_text=_("The same in all versions of the map."),
    )
    name = models.CharField(_("name"), max_length=80)
    phase = models.ForeignKey(
        Phase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("phase"),
        help_text=_("Lets stages of several journeys be compared."),
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="maps_stage_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two stages have the same position."),
            ),
            models.UniqueConstraint(fields=["version", "key"], name="maps_stage_key_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Step(WorkspaceModel):
    """One thing that the customer goes through: a column of the map."""

    not_personal: ClassVar[tuple[str, ...]] = ("name", "metric")

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="steps", verbose_name=_("stage"))
    key = models.UUIDField(
        _("key"),
        default=uuid7,
        editable=False,
        help_text=_("The same in all versions of the map."),
    )
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(
        _("position"), help_text=_("Within its stage, from the left.")
    )
    metric = models.CharField(
        _("KPI on the map"),
        max_length=60,
        blank=True,
        validators=[validate_metric],
        help_text=_("Leave empty for the one that is furthest from its target."),
    )

    objects: ClassVar[StepQuerySet] = StepQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["stage_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "position"],
                name="maps_step_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two steps of the stage have the same position."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class StepLink(WorkspaceModel):
    """A step that follows another one, where it is not simply the next column."""

    not_personal: ClassVar[tuple[str, ...]] = ("label",)

    step = models.ForeignKey(Step, models.CASCADE, related_name="links", verbose_name=_("step"))
    to = models.ForeignKey(
        Step, models.CASCADE, related_name="links_here", verbose_name=_("next step")
    )
    label = models.CharField(
        _("when"), max_length=60, blank=True, help_text=_("For example: pays by invoice.")
    )

    class Meta:
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        ordering = ["step_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "to"],
                name="maps_steplink_once",
                violation_error_message=_("This step follows already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(step=models.F("to")),
                name="maps_steplink_elsewhere",
                violation_error_message=_("A step does not follow itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} → {self.to}"
