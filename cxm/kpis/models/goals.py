"""What shall be reached: KPIs, their targets, and the components of task fulfilment."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cxm.common.targets import Goal
from cxm.kpis import registry
from cxm.kpis.querysets import KpiQuerySet
from cxm.workspaces.models import Membership, WorkspaceModel


class Kpi(WorkspaceModel):
    """A measure of one subject that somebody answers for."""

    not_personal: ClassVar[tuple[str, ...]] = (
        "name",
        "description",
        "metric",
        "subject_kind",
        "dimension",
        "dimension_value",
        "method",
    )

    name = models.CharField(
        _("name"),
        max_length=120,
        help_text=_("What people call it, for example Checkout completed."),
    )
    description = models.CharField(
        _("definition"),
        max_length=200,
        blank=True,
        help_text=_("In a few words what is counted, for example Share of carts paid."),
    )
    metric = models.CharField(_("measure"), max_length=60)
    subject_kind = models.CharField(_("kind of subject"), max_length=40)
    subject_id = models.UUIDField(_("about"))
    dimension = models.CharField(
        _("split by"),
        max_length=60,
        blank=True,
        help_text=_("Leave empty for everyone. Otherwise the split, for example visitor_type."),
    )
    dimension_value = models.CharField(
        _("only for"),
        max_length=200,
        blank=True,
        help_text=_("The value of the split, for example New."),
    )
    method = models.CharField(_("method"), max_length=40, blank=True, editable=False)
    owner = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Who answers for it."),
    )
    weight = models.FloatField(
        _("weight"),
        default=1.0,
        help_text=_("How much it counts in target achievement, against 1 for the others."),
    )

    objects: ClassVar[KpiQuerySet] = KpiQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("KPI")
        verbose_name_plural = _("KPIs")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "workspace",
                    "metric",
                    "subject_kind",
                    "subject_id",
                    "dimension",
                    "dimension_value",
                ],
                name="kpis_kpi_once",
                violation_error_message=_("There is a KPI for this measure and subject already."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="kpis_kpi_weight_positive",
                violation_error_message=_("The weight is above 0."),
            ),
            models.CheckConstraint(
                condition=Q(dimension="", dimension_value="") | ~Q(dimension=""),
                name="kpis_kpi_value_needs_dimension",
                violation_error_message=_("Name the split as well as its value."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a measure or subject that no room registered."""
        super().clean()
        entry = registry.metrics.get(self.metric)
        if entry is None:
            raise ValidationError({"metric": _("There is no such measure.")}, code="unknown_metric")
        if self.subject_kind not in entry.subjects:
            raise ValidationError(
                {"subject_id": _("This measure is not worked out for such a subject.")},
                code="unmeasured_subject",
            )
        kind = registry.subject_kinds.get(self.subject_kind)
        if kind is None or self.subject_id not in kind.names():
            raise ValidationError(
                {"subject_id": _("There is no such subject.")}, code="unknown_subject"
            )
        self.method = entry.method

    def target_on(self, day: date) -> Target | None:
        """Return the target that holds on a day: the one that began last."""
        running = [
            target
            for target in self.targets.all()
            if target.start <= day and (target.end is None or day <= target.end)
        ]
        return max(running, key=lambda target: target.start, default=None)


class Target(WorkspaceModel):
    """What a KPI shall reach, from which baseline, in which period."""

    class Period(models.TextChoices):
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        YEAR = "year", _("Year")
        DAYS_30 = "30d", _("Last 30 days")
        DAYS_90 = "90d", _("Last 90 days")
        DAYS_365 = "365d", _("Last 365 days")

    not_personal: ClassVar[tuple[str, ...]] = ("period",)

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="targets", verbose_name=_("KPI"))
    value = models.FloatField(
        _("target"), help_text=_("In the unit of the measure: points, per cent, seconds, a number.")
    )
    baseline = models.FloatField(
        _("baseline"),
        blank=True,
        help_text=_(
            "Where you start from: attainment is 0 here and 100 % at the target. Put it above the "
            "target when less is better. Empty: the worst end of the scale, or 0."
        ),
    )
    floor = models.FloatField(
        _("floor"),
        null=True,
        blank=True,
        help_text=_("Beyond it the KPI is off target. Empty: where attainment is 90 %."),
    )
    tolerance = models.FloatField(
        _("tolerance"),
        default=0.0,
        validators=[MinValueValidator(0.0)],
        help_text=_("For a range: the target is met within plus or minus this much."),
    )
    period = models.CharField(
        _("period"),
        max_length=10,
        choices=Period,
        default=Period.DAYS_90,
        help_text=_("For counts, a calendar period is compared with its share that has passed."),
    )
    start = models.DateField(_("valid from"))
    end = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["kpi", "-start", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "start"],
                name="kpis_target_one_start",
                violation_error_message=_("Another target of this KPI begins on that day."),
            ),
            models.CheckConstraint(
                condition=~Q(value=F("baseline")),
                name="kpis_target_not_baseline",
                violation_error_message=_("Target and baseline are the same."),
            ),
            models.CheckConstraint(
                condition=Q(floor__isnull=True)
                | Q(value__gt=F("baseline"), floor__lte=F("value"))
                | Q(value__lt=F("baseline"), floor__gte=F("value")),
                name="kpis_target_floor_side",
                violation_error_message=_("The floor lies on the wrong side of the target."),
            ),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0)
                & (
                    Q(baseline__lt=F("value") - F("tolerance"))
                    | Q(baseline__gt=F("value") + F("tolerance"))
                ),
                name="kpis_target_range_clear",
                violation_error_message=_("The range reaches the baseline."),
            ),
            models.CheckConstraint(
                condition=Q(floor__isnull=True)
                | Q(tolerance=0)
                | Q(floor__lte=F("value") - F("tolerance"))
                | Q(floor__gte=F("value") + F("tolerance")),
                name="kpis_target_floor_outside",
                violation_error_message=_("The floor lies inside the range."),
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="kpis_target_ends_after_start",
                violation_error_message=_("The target ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.value:g}"

    def clean(self) -> None:
        """Fill an empty baseline from the measure; the constraints refuse what makes no sense."""
        super().clean()
        # The KPI of an inline form is known before it has an id.
        known = self.kpi_id is not None or Target.kpi.is_cached(self)
        entry = registry.metrics.get(self.kpi.metric) if known else None
        if self.baseline is None and entry is not None:
            if entry.default_baseline is None:
                raise ValidationError(
                    {"baseline": _("Say where you start from: less is better here.")},
                    code="baseline_needed",
                )
            self.baseline = entry.default_baseline

    def goal(self) -> Goal:
        """Return the rule of this target; raises ValueError when it makes no sense."""
        return Goal(self.value, self.baseline, self.floor, self.tolerance)


class FulfilmentComponent(WorkspaceModel):
    """One measure in the task fulfilment of a subject that has no goal event."""

    not_personal: ClassVar[tuple[str, ...]] = ("subject_kind", "component")

    subject_kind = models.CharField(_("kind of subject"), max_length=40)
    subject_id = models.UUIDField(_("about"))
    component = models.CharField(_("measure"), max_length=60)
    floor = models.FloatField(_("floor"), help_text=_("Counts as 0 of 100."))
    target = models.FloatField(
        _("target"), help_text=_("Counts as 100 of 100. Below the floor when less is better.")
    )
    weight = models.FloatField(_("weight"), help_text=_("The weights of a subject sum to 1."))

    class Meta:
        verbose_name = _("component of task fulfilment")
        verbose_name_plural = _("components of task fulfilment")
        ordering = ["subject_kind", "subject_id", "-weight", "component"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "subject_kind", "subject_id", "component"],
                name="kpis_component_once",
                violation_error_message=_("This measure is a component already."),
            ),
            models.CheckConstraint(
                condition=~Q(floor=F("target")),
                name="kpis_component_floor_not_target",
                violation_error_message=_("Floor and target are the same."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=1),
                name="kpis_component_weight_share",
                violation_error_message=_("A weight lies above 0 and is at most 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} ({self.weight:g})"
