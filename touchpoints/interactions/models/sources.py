"""Who sends: sources, what they sent on each day, and what has arrived and waits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.personal import PersonalData, PersonalField
from cxm.workspaces.models import Workspace, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet


class Source(WorkspaceModel):
    """A system that sends interactions; only the hash of its key is kept."""

    class Kind(models.TextChoices):
        SEGMENT = "segment", _("Tracking API")
        WEB = "web", _("Website")
        CODES = "codes", _("Tracking codes")
        IMPORT = "import", _("File import")
        STAFF = "staff", _("Entered by hand")
        DEMO = "demo", _("Demo")

    not_personal: ClassVar[tuple[str, ...]] = (
        "name",
        "kind",
        "prefix",
        "token_hash",
        "public_key",
    )

    name = models.CharField(
        _("name"), max_length=120, help_text=_("Which system it is, for example Web shop.")
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind, default=Kind.SEGMENT, editable=False
    )
    prefix = models.CharField(_("key begins with"), max_length=16, blank=True, editable=False)
    # A source without a key (an import) takes nothing at the door: NULL equals no hash.
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    # A website's key stands in its pages for everybody to read, so we may show it again.
    public_key = models.CharField(_("key"), max_length=64, blank=True, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)
    expected_hours = models.PositiveIntegerField(
        _("late after hours"),
        null=True,
        blank=True,
        help_text=_("Warn when nothing has come for so long. Empty: never."),
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects: ClassVar[WorkspaceQuerySet[Source]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name", "id"]
        constraints = [
            # An import finds its source by name.
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="interactions_source_name_once",
                violation_error_message=_("Another source has this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class SourceDay(WorkspaceModel):
    """What one source sent on one day, of the workspace's time zone, by when it arrived."""

    not_personal: ClassVar[tuple[str, ...]] = ()

    source = models.ForeignKey(Source, models.CASCADE, related_name="days")
    day = models.DateField(_("day"))
    received = models.BigIntegerField(_("received"), default=0)
    stored = models.BigIntegerField(_("stored"), default=0)
    duplicate = models.BigIntegerField(_("duplicate"), default=0)
    bot = models.BigIntegerField(_("from bots"), default=0)
    quarantined = models.BigIntegerField(_("quarantined"), default=0)
    # Not received: who asked not to be tracked leaves this count and nothing else.
    declined = models.BigIntegerField(_("asked not to be tracked"), default=0)

    objects: ClassVar[WorkspaceQuerySet[SourceDay]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("day of a source")
        verbose_name_plural = _("days of sources")
        ordering = ["-day", "source"]
        constraints = [
            models.UniqueConstraint(fields=["source", "day"], name="interactions_sourceday_once"),
            models.CheckConstraint(
                condition=models.Q(
                    received=models.F("stored")
                    + models.F("duplicate")
                    + models.F("bot")
                    + models.F("quarantined")
                ),
                name="interactions_sourceday_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.day}"


class VisitSalt(WorkspaceModel):
    """A day's random salt: visitors without consent are told apart by it for that day only.

    With it goes any way from a network address to what its visitor did. Days are UTC's.
    """

    not_personal: ClassVar[tuple[str, ...]] = ("salt",)

    day = models.DateField(_("day"))
    salt = models.BinaryField(max_length=32)

    objects: ClassVar[WorkspaceQuerySet[VisitSalt]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("salt of a day")
        verbose_name_plural = _("salts of days")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "day"], name="interactions_salt_once")
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Inbox(models.Model):
    """A body as the collector took it, committed before its sender is answered.

    The one table without row-level security: COPY is refused where that applies. Only the
    collector writes it and only the drain reads it, workspace by workspace; a row lies here for
    about a second.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer=None,
        fields={
            name: PersonalField("sort it in", "until it is sorted in, about a second", export=False)
            for name in ("body", "visitor", "agent")
        },
        on_erase="keep",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("call",)

    pk = models.CompositePrimaryKey("workspace_id", "id")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    # Made at the door, in order of time: a body that is copied twice is one row.
    id = models.UUIDField(editable=False)
    source = models.ForeignKey(
        Source, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    received_at = models.DateTimeField(_("received"))
    call = models.CharField(max_length=10)
    events = models.IntegerField()
    declined = models.BooleanField(default=False)
    visitor = models.CharField(max_length=40)
    agent = models.CharField(max_length=512)
    body = models.BinaryField()

    class Meta:
        verbose_name = _("waiting body")
        verbose_name_plural = _("inbox")

    def __str__(self) -> str:
        return str(self.id)
