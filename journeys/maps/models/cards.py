"""What stands in the cells of a map."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cxm.common.ids import uuid7
from cxm.workspaces.models import WorkspaceModel
from journeys.maps.lanes import SEVERITIES, STATES, states_of
from journeys.maps.models.columns import Step
from journeys.maps.models.findings import Opportunity, PainPoint
from journeys.maps.models.journeys import JourneyMap
from journeys.maps.models.lanes import Lane
from journeys.maps.querysets import CardQuerySet
from journeys.maps.validators import validate_state
from journeys.personas.models import Persona
from touchpoints.catalogue.models import Touchpoint


class Card(WorkspaceModel):
    """What stands in a cell: a sentence, a touchpoint, a feeling."""

    not_personal: ClassVar[tuple[str, ...]] = ("text", "status", "answer", "picture")

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="cards", verbose_name=_("lane"))
    step = models.ForeignKey(Step, models.CASCADE, related_name="cards", verbose_name=_("step"))
    key = models.UUIDField(
        _("key"),
        default=uuid7,
        editable=False,
        help_text=_("The same in all versions of the map."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Within its cell, from above.")
    )
    span = models.PositiveSmallIntegerField(
        _("steps covered"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Reaches over this many steps to the right."),
    )
    text = models.CharField(_("text"), max_length=400, blank=True)
    touchpoint = models.ForeignKey(
        Touchpoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name=_("touchpoint"),
    )
    valence = models.DecimalField(
        _("feeling"),
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(-2), MaxValueValidator(2)],
        help_text=_("What we assume, from −2 (frustrated) to +2 (delighted)."),
    )
    severity = models.PositiveSmallIntegerField(
        _("severity"), null=True, blank=True, choices=list(SEVERITIES.items())
    )
    status = models.CharField(_("status"), max_length=20, blank=True, validators=[validate_state])
    persona = models.ForeignKey(
        Persona,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("persona"),
        help_text=_("Whose feeling this is; of all of them when empty."),
    )
    pain_point = models.ForeignKey(
        PainPoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name=_("pain point"),
    )
    opportunity = models.ForeignKey(
        Opportunity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name=_("opportunity"),
    )
    answer = models.CharField(
        _("answered by"), max_length=240, blank=True, help_text=_("What answers the question.")
    )
    # An answer of a customer, by its id in the wing of surveys: its words stay there, so that
    # they vanish from the map when the customer is erased.
    response_id = models.UUIDField(_("answer of a customer"), null=True, blank=True)
    linked_map = models.ForeignKey(
        JourneyMap,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="linked_from",
        verbose_name=_("leads to"),
    )
    picture = models.CharField(_("picture"), max_length=60, blank=True, editable=False)

    objects: ClassVar[CardQuerySet] = CardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["lane_id", "step_id", "position"]
        indexes = [
            # Serves the hourly look for pictures that no card names any more.
            models.Index(fields=["picture"], name="maps_card_picture", condition=~Q(picture="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lane", "step", "position"],
                name="maps_card_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two cards of the cell have the same position."),
            ),
            models.UniqueConstraint(
                fields=["lane", "step", "touchpoint"],
                name="maps_card_touchpoint_once",
                violation_error_message=_("This touchpoint is in the cell already."),
            ),
            models.UniqueConstraint(fields=["lane", "key"], name="maps_card_key_once"),
            models.CheckConstraint(
                condition=Q(valence__isnull=True) | Q(valence__gte=-2, valence__lte=2),
                name="maps_card_valence_range",
                violation_error_message=_("A feeling lies between −2 and +2."),
            ),
            models.CheckConstraint(
                condition=Q(span__gte=1),
                name="maps_card_span_positive",
                violation_error_message=_("A card covers at least one step."),
            ),
            models.CheckConstraint(
                condition=~Q(text="")
                | ~Q(picture="")
                | Q(touchpoint__isnull=False)
                | Q(valence__isnull=False)
                | Q(response_id__isnull=False)
                | Q(linked_map__isnull=False),
                name="maps_card_says_something",
                violation_error_message=_("Write something, or choose a touchpoint or a feeling."),
            ),
        ]

    def __str__(self) -> str:
        # Also what a person reads who tries to delete a touchpoint that is on a map.
        what = self.text or (str(self.touchpoint) if self.touchpoint_id else str(self.valence))
        return _("“%(card)s” at the step “%(step)s” of “%(map)s”") % {
            "card": what,
            "step": self.step.name,
            "map": self.step.stage.version,
        }

    def clean(self) -> None:
        """Refuse a card whose fields do not fit its lane, or whose step is on another version."""
        super().clean()
        if self.lane_id is None or self.step_id is None:
            return
        if self.step.stage.version_id != self.lane.version_id:
            raise ValidationError(
                _("Lane and step belong to different versions."), code="two_versions"
            )
        shape = self.lane.entry.shape
        if not self.lane.entry.of_cards:
            raise ValidationError(_("This lane is filled from data."), code="lane_without_cards")
        if shape == "touchpoint" and self.touchpoint_id is None:
            raise ValidationError(
                {"touchpoint": _("Choose a touchpoint.")}, code="touchpoint_needed"
            )
        if shape == "feeling" and self.valence is None:
            raise ValidationError({"valence": _("Say how it feels.")}, code="feeling_needed")
        if shape not in ("touchpoint", "feeling") and not self.text:
            raise ValidationError({"text": _("Write something.")}, code="text_needed")
        if self.status and self.status not in states_of(self.lane.kind):
            raise ValidationError({"status": _("This lane has no such status.")}, code="no_status")

    @property
    def state_title(self) -> str:
        """Return its status in words, the usual one of its lane when it names none."""
        states = STATES.get(self.lane.entry.shape, {})
        return str(states.get(self.status) or next(iter(states.values()), ""))
