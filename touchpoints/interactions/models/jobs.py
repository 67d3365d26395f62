"""Work that takes longer than a request: the row is the work, whoever holds its lease does it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.common.personal import PersonalData, PersonalField
from cxm.workspaces.models import Membership, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.interactions.models.sources import Source


class JobStatus(models.TextChoices):
    """How far the work is."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


OPEN_JOBS = (JobStatus.QUEUED, JobStatus.RUNNING)


class Job(WorkspaceModel):
    """What both kinds of work have: a state, a lease, how far they are and what became of it."""

    status = models.CharField(
        _("status"), max_length=10, choices=JobStatus, default=JobStatus.QUEUED, editable=False
    )
    asked_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )
    total = models.BigIntegerField(_("rows"), default=0, editable=False)
    done = models.BigIntegerField(_("done"), default=0, editable=False)
    stored = models.BigIntegerField(_("stored"), default=0, editable=False)
    duplicate = models.BigIntegerField(_("were there already"), default=0, editable=False)
    refused = models.BigIntegerField(_("refused"), default=0, editable=False)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it still has to be done."""
        return self.status in OPEN_JOBS

    @property
    def share(self) -> float:
        """Return how much of it is done, from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


class Retry(Job):
    """Rows of the quarantine with one reason that are tried again, in order of their ids."""

    not_personal: ClassVar[tuple[str, ...]] = ("status", "error", "reason")

    reason = models.CharField(_("reason"), max_length=60)
    source = models.ForeignKey(
        Source, models.CASCADE, null=True, related_name="+", verbose_name=_("source")
    )
    # The last row that was tried.
    cursor = models.UUIDField(null=True, editable=False)

    objects: ClassVar[WorkspaceQuerySet[Retry]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("retry")
        verbose_name_plural = _("retries")
        ordering = ["-created_at", "-id"]
        constraints = [
            # Two would wait for each other row by row.
            models.UniqueConstraint(
                fields=["workspace", "reason"],
                condition=models.Q(status__in=OPEN_JOBS),
                name="interactions_retry_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.reason


class FileImport(Job):
    """A file of contacts that was uploaded; its bytes go when it is read to the end."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer=None,
        fields={
            "content": PersonalField("import it", "until it is imported or for a day", export=False)
        },
        on_erase="keep",
    )
    not_personal: ClassVar[tuple[str, ...]] = (
        "status",
        "error",
        "stage",
        "file_name",
        "mapping",
    )

    class Stage(models.TextChoices):
        """Before it is begun, a mapping is chosen."""

        DRAFT = "draft", _("Mapping")
        STARTED = "started", _("Begun")

    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict)
    skipped = models.BigIntegerField(_("left out"), default=0, editable=False)

    objects: ClassVar[WorkspaceQuerySet[FileImport]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("file import")
        verbose_name_plural = _("file imports")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return the page on which its mapping is chosen and its progress is seen."""
        return reverse("contacts_import", args=[self.pk])
