"""What was measured: daily tallies, the log of stale days, and measurements."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cxm.kpis.querysets import MeasurementQuerySet
from cxm.workspaces.models import Workspace, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet


class DailyTally(models.Model):
    """The sufficient statistics of one subject on one day; see `registry.Tally`.

    Grows without bound, hence a key that begins with the workspace. It serves the sums over days
    of one subject, as the day stands last.
    """

    not_personal: ClassVar[tuple[str, ...]] = (
        "metric",
        "subject_kind",
        "dimension",
        "dimension_value",
    )

    pk = models.CompositePrimaryKey(
        "workspace_id",
        "metric",
        "subject_kind",
        "subject_id",
        "dimension",
        "dimension_value",
        "day",
    )
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    metric = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    dimension = models.CharField(max_length=60)
    dimension_value = models.CharField(max_length=200)
    day = models.DateField()
    n = models.BigIntegerField()
    successes = models.BigIntegerField(default=0)
    failures = models.BigIntegerField(default=0)
    # Decimals, because their sums do not depend on the order in which rows are read.
    total = models.DecimalField(max_digits=30, decimal_places=6, default=0)
    total_sq = models.DecimalField(max_digits=36, decimal_places=6, default=0)

    objects: ClassVar[WorkspaceQuerySet[DailyTally]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("daily tally")
        verbose_name_plural = _("daily tallies")
        ordering = ["day", "metric"]
        indexes = [
            # The tallies of some days, which a scoring compares and replaces.
            models.Index(fields=["workspace", "metric", "day"], name="kpis_dailytally_days"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(n__gt=0), name="kpis_dailytally_counts_something"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.day}"


class StaleDay(WorkspaceModel):
    """A day of a feed whose tallies must be worked out again. Rows are added and deleted only."""

    not_personal: ClassVar[tuple[str, ...]] = ("feed",)

    feed = models.CharField(max_length=40)
    day = models.DateField()

    class Meta:
        verbose_name = _("day to score")
        verbose_name_plural = _("days to score")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.feed} {self.day}"


class Measurement(WorkspaceModel):
    """The figure of one subject in one window, with what it is compared with.

    Value, interval, target and floor are in the unit of the metric (a proportion in per cent runs
    from 0 to 100). `back` counts windows into the past, 0 is the current one. `start` and `end`
    are the first and last day that are covered.
    """

    not_personal: ClassVar[tuple[str, ...]] = (
        "metric",
        "subject_kind",
        "dimension",
        "dimension_value",
        "window",
        "status",
        "parts",
        "missing",
    )

    metric = models.CharField(_("measure"), max_length=60)
    subject_kind = models.CharField(_("kind of subject"), max_length=40)
    subject_id = models.UUIDField(_("about"))
    dimension = models.CharField(_("split by"), max_length=60, blank=True)
    dimension_value = models.CharField(_("only for"), max_length=200, blank=True)
    window = models.CharField(_("window"), max_length=10)
    back = models.PositiveSmallIntegerField(_("windows back"))
    start = models.DateField(_("from"))
    end = models.DateField(_("to"))
    value = models.FloatField(_("value"), null=True)
    n = models.BigIntegerField(_("n"))
    low = models.FloatField(_("lower end"), null=True)
    high = models.FloatField(_("upper end"), null=True)
    se = models.FloatField(_("standard error"), null=True)
    successes = models.BigIntegerField(_("successes"), default=0)
    failures = models.BigIntegerField(_("failures"), default=0)
    total = models.DecimalField(_("total"), max_digits=30, decimal_places=6, default=0)
    target = models.FloatField(_("target"), null=True)
    floor = models.FloatField(_("floor"), null=True)
    attainment = models.FloatField(_("attainment"), null=True)
    status = models.CharField(_("status"), max_length=10, blank=True)
    parts = models.JSONField(_("components"), default=list)
    missing = ArrayField(
        models.CharField(max_length=60), verbose_name=_("missing components"), default=list
    )

    objects: ClassVar[MeasurementQuerySet] = MeasurementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["metric", "subject_kind", "subject_id", "window", "back", "id"]
        constraints = [
            # Serves the reads of a subject's figures too.
            models.UniqueConstraint(
                fields=[
                    "workspace",
                    "subject_kind",
                    "subject_id",
                    "metric",
                    "dimension",
                    "dimension_value",
                    "window",
                    "back",
                ],
                name="kpis_measurement_once",
            ),
        ]
        indexes = [
            # All figures of a window: what changed, and the composites of the workspace.
            models.Index(fields=["workspace", "window", "back"], name="kpis_measurement_window"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.window}"


class ScoreState(WorkspaceModel):
    """As of when, and by which rules, a workspace was last measured as a whole."""

    not_personal: ClassVar[tuple[str, ...]] = ("timezone",)

    measured_on = models.DateField()
    scored_at = models.DateTimeField()
    timezone = models.CharField(max_length=60)
    confidence = models.FloatField()
    min_answers = models.PositiveIntegerField()
    min_visits = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("state of scoring")
        verbose_name_plural = _("states of scoring")
        ordering = ["workspace"]
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="kpis_scorestate_one"),
        ]

    def __str__(self) -> str:
        return f"{self.workspace_id} {self.measured_on}"
