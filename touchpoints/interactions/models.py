"""What customers did: interactions by month, where they come from, and what was refused."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.personal import PersonalData, PersonalField
from cxm.customers.models import Customer
from cxm.workspaces.models import Workspace, WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions.querysets import InteractionQuerySet

FALLBACK_ICON = "flow"


class Source(WorkspaceModel):
    """A system that sends interactions; only the hash of its key is kept."""

    class Kind(models.TextChoices):
        SEGMENT = "segment", _("Tracking API")
        IMPORT = "import", _("File import")
        DEMO = "demo", _("Demo")

    not_personal: ClassVar[tuple[str, ...]] = ("name", "kind", "prefix", "token_hash")

    name = models.CharField(
        _("name"), max_length=120, help_text=_("Which system it is, for example Web shop.")
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind, default=Kind.SEGMENT, editable=False
    )
    prefix = models.CharField(_("key begins with"), max_length=16, blank=True, editable=False)
    # A source without a key (an import) takes nothing at the door: NULL equals no hash.
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
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
    quarantined = models.BigIntegerField(_("quarantined"), default=0)

    objects: ClassVar[WorkspaceQuerySet[SourceDay]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("day of a source")
        verbose_name_plural = _("days of sources")
        ordering = ["-day", "source"]
        constraints = [
            models.UniqueConstraint(fields=["source", "day"], name="interactions_sourceday_once"),
            models.CheckConstraint(
                condition=models.Q(
                    received=models.F("stored") + models.F("duplicate") + models.F("quarantined")
                ),
                name="interactions_sourceday_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.day}"


class Interaction(models.Model):
    """One thing that a customer did. Only ever added; partitioned by month (UTC).

    The foreign keys carry no constraint: checking four of them for each row costs more than the
    row, and all ids are read under row-level security in the transaction that writes them.
    """

    class Kind(models.TextChoices):
        TRACK = "track", _("Event")
        PAGE = "page", _("Page view")
        SCREEN = "screen", _("Screen view")
        IDENTIFY = "identify", _("Identification")
        GROUP = "group", _("Group")
        ALIAS = "alias", _("Alias")
        OFFLINE = "offline", _("Offline")

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="customer",
        fields={
            name: PersonalField("work out what happens at each touchpoint", "until it is erased")
            for name in ("name", "anonymous_id", "url", "properties", "context")
        },
        on_erase="blank",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("kind", "event", "dwell_method", "currency")

    pk = models.CompositePrimaryKey("workspace_id", "occurred_at", "id")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    occurred_at = models.DateTimeField(_("when"))
    id = models.UUIDField(editable=False)
    received_at = models.DateTimeField(_("received"))
    source = models.ForeignKey(
        Source,
        models.RESTRICT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("source"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    event = models.CharField(_("event"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    touchpoint = models.ForeignKey(
        Touchpoint,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("touchpoint"),
    )
    customer = models.ForeignKey(
        Customer,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("customer"),
    )
    anonymous_id = models.CharField(_("anonymous id"), max_length=254, blank=True)
    visit_key = models.UUIDField(_("visit"))
    quantity = models.IntegerField(_("quantity"), default=1)
    dwell_seconds = models.FloatField(_("time spent (s)"), null=True)
    dwell_method = models.CharField(_("time measured by"), max_length=12, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    url = models.CharField(_("address"), max_length=2048, blank=True)
    properties = models.JSONField(_("properties"), default=dict)
    context = models.JSONField(_("context"), default=dict)

    objects: ClassVar[InteractionQuerySet] = InteractionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ["-occurred_at", "-id"]
        indexes = [
            # The latest of a touchpoint, and its days for the figures.
            models.Index(
                fields=["workspace", "touchpoint", "occurred_at"],
                name="interactions_by_touchpoint",
            ),
            # The timeline of a customer.
            models.Index(
                fields=["workspace", "customer", "occurred_at"],
                name="interactions_by_customer",
                condition=models.Q(customer__isnull=False),
            ),
            # What a browser did before we learned whose it is.
            models.Index(
                fields=["workspace", "anonymous_id"],
                name="interactions_by_anonymous",
                condition=models.Q(customer__isnull=True) & ~models.Q(anonymous_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the words for this row: its name, else its event, else its kind."""
        return self.name or self.event or self.get_kind_display()

    @property
    def icon(self) -> str:
        """Return the icon of this row: its touchpoint's, else its channel's."""
        if self.touchpoint is None:
            return FALLBACK_ICON
        return self.touchpoint.icon or self.touchpoint.channel.icon or FALLBACK_ICON


class MessageKey(models.Model):
    """An interaction that was taken in, by the hash of its message id: what makes it once.

    Apart from the interactions because a unique index there must hold the time, and the time of
    a message changes when it is sent again and the sender's clock is set right.
    """

    not_personal: ClassVar[tuple[str, ...]] = ()

    pk = models.CompositePrimaryKey("workspace_id", "key")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    key = models.UUIDField()

    objects: ClassVar[WorkspaceQuerySet[MessageKey]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("message key")
        verbose_name_plural = _("message keys")

    def __str__(self) -> str:
        return str(self.key)


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

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer=None,
        fields={
            "raw": PersonalField("store it once the cause is mended", "until it is deleted"),
            "detail": PersonalField("say what was wrong", "until it is deleted"),
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
