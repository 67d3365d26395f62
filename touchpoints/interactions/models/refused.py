"""What was refused, and how files are read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.personal import PersonalData, PersonalField
from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.interactions.models.sources import Source


class ImportMapping(WorkspaceModel):
    """How rows of a file become interactions; kept so that refused rows can be tried again."""

    not_personal: ClassVar[tuple[str, ...]] = ("name", "content")

    name = models.CharField(_("name"), max_length=120)
    content = models.JSONField(_("mapping"))

    objects: ClassVar[WorkspaceQuerySet[ImportMapping]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("import mapping")
        verbose_name_plural = _("import mappings")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="interactions_mapping_name_once",
                violation_error_message=_("Another mapping has this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Quarantined(WorkspaceModel):
    """Something that came in and could not be stored, as it came, with the reason."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("Waiting")
        STORED = "stored", _("Stored")
        DUPLICATE = "duplicate", _("Was there already")
        DISCARDED = "discarded", _("Discarded")

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer=None,
        fields={
            "raw": PersonalField("store it once the cause is mended", "until it is deleted"),
            "original": PersonalField("show what was changed by hand", "until it is deleted"),
            "detail": PersonalField("say what was wrong", "until it is deleted"),
            "note": PersonalField("say why it was discarded", "until it is deleted"),
        },
        on_erase="keep",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("reason", "origin", "outcome")

    source = models.ForeignKey(
        Source, models.CASCADE, related_name="quarantined", verbose_name=_("source")
    )
    key = models.UUIDField(editable=False)
    received_at = models.DateTimeField(_("received"))
    reason = models.CharField(_("reason"), max_length=60)
    detail = models.CharField(_("what was wrong"), max_length=500)
    # JSON as text: jsonb refuses some of what makes a row bad.
    raw = models.TextField(_("as it came"))
    # What came, where somebody has mended `raw` since.
    original = models.TextField(
        _("before it was mended"), blank=True, db_default="", editable=False
    )
    note = models.CharField(
        _("why it was discarded"), max_length=300, blank=True, db_default="", editable=False
    )
    origin = models.CharField(_("made by"), max_length=140, blank=True)
    outcome = models.CharField(
        _("state"), max_length=10, choices=Outcome, default=Outcome.OPEN, editable=False
    )
    replayed_at = models.DateTimeField(_("tried again"), null=True, editable=False)

    objects: ClassVar[WorkspaceQuerySet[Quarantined]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("quarantined row")
        verbose_name_plural = _("quarantine")
        ordering = ["-received_at", "-id"]
        constraints = [
            # The same bad row sent or imported twice is one row here.
            models.UniqueConstraint(
                fields=["workspace", "key"], name="interactions_quarantine_once"
            )
        ]
        indexes = [
            # The list of what waits, by reason.
            models.Index(
                fields=["workspace", "outcome", "reason"], name="interactions_quarantine_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"
