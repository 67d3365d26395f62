"""Personas: the typical customers whose journeys are mapped."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.customers.models import Segment
from cxm.workspaces.models import WorkspaceModel


class Persona(WorkspaceModel):
    """A typical customer, invented from what is known about many; no real person."""

    class Color(models.TextChoices):
        """Names of tokens, so that a portrait is readable in light and dark."""

        PETROL = "petrol", _("Petrol")
        BERRY = "berry", _("Berry")
        BRONZE = "bronze", _("Bronze")
        VIOLET = "violet", _("Violet")
        SLATE = "slate", _("Slate")

    not_personal: ClassVar[tuple[str, ...]] = (
        "name",
        "role",
        "quote",
        "initials",
        "color",
        "goals",
        "needs",
        "fears",
        "expectations",
        "demographics",
        "channels",
        "devices",
        "brand_attitude",
        "tags",
        "portrait",
    )

    name = models.CharField(
        _("name"), max_length=80, help_text=_("As colleagues say it, for example Commuter Clara.")
    )
    role = models.CharField(
        _("role"),
        max_length=160,
        blank=True,
        help_text=_("Who that is in a few words, for example Nurse, 34, rides to work."),
    )
    quote = models.CharField(
        _("quote"), max_length=240, blank=True, help_text=_("A sentence this persona would say.")
    )
    initials = models.CharField(
        _("initials"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^\w{1,2}$", _("One or two letters."))],
        help_text=_("Drawn as the portrait; taken from the name when empty."),
    )
    color = models.CharField(_("colour"), max_length=10, choices=Color, default=Color.PETROL)
    goals = models.TextField(_("goals"), blank=True, help_text=_("One on each line."))
    needs = models.TextField(_("needs"), blank=True, help_text=_("One on each line."))
    fears = models.TextField(_("fears"), blank=True, help_text=_("One on each line."))
    expectations = models.TextField(_("expectations"), blank=True, help_text=_("One on each line."))
    demographics = models.TextField(
        _("demographics"),
        blank=True,
        help_text=_("One on each line as Name: value, for example Age: 34."),
    )
    channels = models.TextField(
        _("preferred channels"), blank=True, help_text=_("One on each line.")
    )
    devices = models.TextField(_("devices"), blank=True, help_text=_("One on each line."))
    brand_attitude = models.TextField(_("attitude to the brand"), blank=True)
    tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True
    )
    portrait = models.CharField(_("portrait"), max_length=60, blank=True, editable=False)
    segment = models.ForeignKey(
        Segment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("segment"),
        help_text=_("The customers that this persona stands for."),
    )

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="personas_persona_name_once",
                violation_error_message=_("There is a persona of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def face(self) -> str:
        """Return the letters of the portrait: the initials, else those of the name's words."""
        if self.initials:
            return self.initials.upper()
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def given_name(self) -> str:
        """Return the last word of the name, by which the map speaks of the persona."""
        return self.name.split()[-1] if self.name.split() else self.name
