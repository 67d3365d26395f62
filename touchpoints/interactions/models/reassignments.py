"""Going through what was stored with the rules, or the goals, of today."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import Membership, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet


class Reassignment(WorkspaceModel):
    """A run over stored interactions; the row is the work, and whoever holds its lease does it.

    Days are done one by one, the newest first, each in a transaction that also moves `cursor`:
    a worker that dies leaves whole days done and the rest to the next.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        RULES = "rules", _("Touchpoints by the rules of today")
        GOALS = "goals", _("Conversions by the goals of today")

    not_personal: ClassVar[tuple[str, ...]] = ("kind", "status", "error")

    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.RULES, editable=False
    )

    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.QUEUED, editable=False
    )
    asked_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )
    # Days of the workspace; an empty beginning means everything.
    from_day = models.DateField(_("from"), null=True)
    to_day = models.DateField(_("to"))
    # The newest day that is not done; empty before the first.
    cursor = models.DateField(_("next day"), null=True, editable=False)
    total = models.BigIntegerField(_("to look at"), null=True, editable=False)
    done = models.BigIntegerField(_("looked at"), default=0, editable=False)
    changed = models.BigIntegerField(_("changed"), default=0, editable=False)
    started_at = models.DateTimeField(_("began"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, editable=False)
    lease = models.UUIDField(_("lease"), null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True, editable=False)

    objects: ClassVar[WorkspaceQuerySet[Reassignment]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("re-assignment")
        verbose_name_plural = _("re-assignments")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind"],
                condition=models.Q(status__in=["queued", "running"]),
                name="interactions_reassignment_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(from_day=None) | models.Q(from_day__lte=models.F("to_day")),
                name="interactions_reassignment_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_day or '…'} – {self.to_day}"

    def get_absolute_url(self) -> str:
        """Return the page that shows how far it is."""
        return reverse("reassignment", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)

    @property
    def share(self) -> float | None:
        """Return how much of it is done, 0 to 1; None before that is known."""
        if self.status == self.Status.DONE:
            return 1.0
        if self.total is None:
            return None
        return min(1.0, self.done / self.total) if self.total else 0.0
