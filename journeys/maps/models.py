"""Journey maps: versions, columns (stages and steps), rows (lanes), and what is in the cells."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from journeys.maps.lanes import SEVERITIES, STATES, LaneKind, lane_kind, states_of
from journeys.maps.phases import PhaseWord
from journeys.maps.querysets import CardQuerySet, StepQuerySet, VersionQuerySet
from journeys.maps.validators import validate_lane_kind, validate_metric, validate_state
from journeys.personas.models import Persona
from touchpoints.catalogue.models import Touchpoint


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


class Version(WorkspaceModel):
    """A state of a map. The draft may change; what was published never does."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    not_personal: ClassVar[tuple[str, ...]] = ("status",)

    map = models.ForeignKey(
        JourneyMap, models.CASCADE, related_name="versions", verbose_name=_("journey")
    )
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["map", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["map", "number"], name="maps_version_number_once"),
            models.UniqueConstraint(
                fields=["map"],
                condition=Q(status="draft"),
                name="maps_version_one_draft",
                violation_error_message=_("This journey has a draft already."),
            ),
            models.UniqueConstraint(
                fields=["map"],
                condition=Q(status="published"),
                name="maps_version_one_published",
                violation_error_message=_("This journey has a published version already."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True)
                | (~Q(status="draft") & Q(published_at__isnull=False)),
                name="maps_version_published_when",
            ),
        ]

    def __str__(self) -> str:
        return _("%(map)s, version %(number)s") % {"map": self.map, "number": self.number}

    def is_draft(self) -> bool:
        """Say whether it may still be changed."""
        return self.status == self.Status.DRAFT


class Stage(WorkspaceModel):
    """A phase of the journey: neighbouring steps under one heading."""

    not_personal: ClassVar[tuple[str, ...]] = ("name", "phase")

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="stages", verbose_name=_("version")
    )
    name = models.CharField(_("name"), max_length=80)
    phase = models.CharField(
        _("phase of the phase model"),
        max_length=40,
        blank=True,
        choices=PhaseWord,
        help_text=_("Lets stages of several journeys be compared."),
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="maps_stage_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two stages have the same position."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Step(WorkspaceModel):
    """One thing that the customer goes through: a column of the map."""

    not_personal: ClassVar[tuple[str, ...]] = ("name", "metric")

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="steps", verbose_name=_("stage"))
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
        ordering = ["stage", "position"]
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


class Lane(WorkspaceModel):
    """A row of the map."""

    not_personal: ClassVar[tuple[str, ...]] = ("kind", "name")

    version = models.ForeignKey(
        Version, models.CASCADE, related_name="lanes", verbose_name=_("version")
    )
    kind = models.CharField(_("kind"), max_length=40, validators=[validate_lane_kind])
    name = models.CharField(
        _("heading"), max_length=60, blank=True, help_text=_("Leave empty for the kind's own.")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    hidden = models.BooleanField(_("hidden"), default=False)

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="maps_lane_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two lanes have the same position."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def entry(self) -> LaneKind:
        """Return what the registry says about its kind."""
        return lane_kind(self.kind)

    @property
    def title(self) -> str:
        """Return the heading."""
        return self.name or str(self.entry.title)


class Card(WorkspaceModel):
    """What stands in a cell: a sentence, a touchpoint, a feeling."""

    not_personal: ClassVar[tuple[str, ...]] = ("text", "status")

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="cards", verbose_name=_("lane"))
    step = models.ForeignKey(Step, models.CASCADE, related_name="cards", verbose_name=_("step"))
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

    objects: ClassVar[CardQuerySet] = CardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["lane", "step", "position"]
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
                condition=~Q(text="") | Q(touchpoint__isnull=False) | Q(valence__isnull=False),
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
