"""Phase models: the ways in which a workspace divides what customers go through."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.catalogue.models.base import validate_key


class PhaseModel(WorkspaceModel):
    """Phases in their order; in a cycle the first follows the last."""

    not_personal: ClassVar[tuple[str, ...]] = ("key", "name")

    key = models.CharField(
        _("key"), max_length=60, validators=[validate_key], help_text=_("For imports and the API.")
    )
    name = models.CharField(_("name"), max_length=80)
    is_cycle = models.BooleanField(
        _("cycle"), default=False, help_text=_("After the last phase comes the first again.")
    )
    is_default = models.BooleanField(
        _("used first"),
        default=False,
        help_text=_("Its phases are offered first, and imports mean these."),
    )

    objects: ClassVar[WorkspaceQuerySet[PhaseModel]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("phase model")
        verbose_name_plural = _("phase models")
        ordering = ["-is_default", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="catalogue_phasemodel_key_once",
                violation_error_message=_("Another phase model has this key."),
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=models.Q(is_default=True),
                name="catalogue_phasemodel_one_default",
                violation_error_message=_("Another phase model is used first already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Phase(WorkspaceModel):
    """A part of a phase model; touchpoints lie in it."""

    not_personal: ClassVar[tuple[str, ...]] = ("key", "name")

    model = models.ForeignKey(
        PhaseModel, models.CASCADE, related_name="phases", verbose_name=_("phase model")
    )
    key = models.CharField(_("key"), max_length=60, validators=[validate_key])
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects: ClassVar[WorkspaceQuerySet[Phase]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["model", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "key"],
                name="catalogue_phase_key_once",
                violation_error_message=_("Another phase of this model has this key."),
            )
        ]

    def __str__(self) -> str:
        return self.name
