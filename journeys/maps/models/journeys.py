"""The journeys that are mapped, and whose they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel
from journeys.personas.models import Persona
from touchpoints.catalogue.models import PhaseModel


class JourneyMap(WorkspaceModel):
    """A journey of one or several personas: what happens today, or what shall happen."""

    class Kind(models.TextChoices):
        AS_IS = "as_is", _("As-is")
        TO_BE = "to_be", _("To-be")

    not_personal: ClassVar[tuple[str, ...]] = ("name", "kind", "cycle_name")

    name = models.CharField(
        _("name"),
        max_length=120,
        help_text=_("What the customer does, for example Buying an e-bike."),
    )
    kind = models.CharField(
        _("shows"),
        max_length=8,
        choices=Kind,
        default=Kind.AS_IS,
        help_text=_("As-is: what happens today. To-be: what shall happen."),
    )
    personas = models.ManyToManyField(
        Persona, through="MapPersona", related_name="maps", verbose_name=_("personas")
    )
    cyclic = models.BooleanField(
        _("repeats"), default=False, help_text=_("After the last stage the first one follows.")
    )
    cycle_name = models.CharField(
        _("how it repeats"), max_length=40, blank=True, help_text=_("For example repeats yearly.")
    )
    is_main = models.BooleanField(
        _("shown on the home page"), default=False, help_text=_("One map of the workspace is.")
    )

    phase_model = models.ForeignKey(
        PhaseModel,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("phase model"),
        help_text=_("Its phases stand above the stages. Leave empty for a free journey."),
    )
    counterpart = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("counterpart"),
        help_text=_("The as-is journey of a to-be journey, or the other way round."),
    )

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name", "kind"],
                name="maps_journeymap_name_once",
                violation_error_message=_("There is a journey of this name already."),
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=Q(is_main=True),
                name="maps_journeymap_one_main",
                violation_error_message=_("Another journey is shown on the home page already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page on which the map is drawn."""
        return reverse("map_page", args=[self.pk])


class MapPersona(WorkspaceModel):
    """A persona on a map, in the order in which the map names them."""

    map = models.ForeignKey(
        JourneyMap, models.CASCADE, related_name="places", verbose_name=_("journey")
    )
    persona = models.ForeignKey(
        Persona, models.PROTECT, related_name="places", verbose_name=_("persona")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("persona on the map")
        verbose_name_plural = _("personas on the map")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["map", "persona"],
                name="maps_mappersona_once",
                violation_error_message=_("This persona is on the map already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.persona)
