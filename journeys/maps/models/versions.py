"""The states of a map: a draft that changes, and what was published."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from journeys.maps.models.journeys import JourneyMap
from journeys.maps.querysets import VersionQuerySet


class Version(WorkspaceModel):
    """A state of a map. The draft may change; what was published never does."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    not_personal: ClassVar[tuple[str, ...]] = ("status", "note")

    map = models.ForeignKey(
        JourneyMap, models.CASCADE, related_name="versions", verbose_name=_("journey")
    )
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    revision = models.PositiveBigIntegerField(
        _("revision"), default=0, editable=False, help_text=_("Counts its operations.")
    )
    made_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("made from"),
    )
    note = models.CharField(
        _("what changed"), max_length=240, blank=True, help_text=_("For those who read it later.")
    )
    window_start = models.DateField(
        _("data from"), null=True, blank=True, help_text=_("The figures it was published with.")
    )
    window_end = models.DateField(_("data until"), null=True, blank=True)
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
        ordering = ["map_id", "-number"]
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
            models.CheckConstraint(
                condition=Q(window_start__isnull=True, window_end__isnull=True)
                | Q(window_start__lte=models.F("window_end")),
                name="maps_version_window_in_order",
                violation_error_message=_("The data window ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(map)s, version %(number)s") % {"map": self.map, "number": self.number}

    @property
    def own_days(self) -> tuple[date, date] | None:
        """Return the first and last day of the data it was published with; None without any."""
        if self.window_start is None:
            return None
        return self.window_start, self.window_end or self.window_start

    def is_draft(self) -> bool:
        """Say whether it may still be changed."""
        return self.status == self.Status.DRAFT
