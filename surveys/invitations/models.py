"""Campaigns, the invitations in them, and the secrets in their links."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.clock import now
from cxm.common.personal import PersonalData, PersonalField
from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from cxm.workspaces.validators import validate_language
from surveys.invitations import querysets
from surveys.invitations.querysets import InvitationQuerySet


class Campaign(WorkspaceModel):
    """One sending of a survey to a segment."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENDING = "sending", _("Sending")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Done")

    not_personal: ClassVar[tuple[str, ...]] = ("name", "status")

    survey = models.ForeignKey(
        "questionnaires.Survey",
        models.RESTRICT,
        related_name="campaigns",
        verbose_name=_("survey"),
    )
    segment = models.ForeignKey(
        "customers.Segment",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("segment"),
        help_text=_("Empty means every customer."),
    )
    name = models.CharField(_("name"), max_length=120)
    status = models.CharField(
        _("status"), max_length=8, choices=Status, default=Status.DRAFT, editable=False
    )
    expires_days = models.PositiveSmallIntegerField(
        _("days that a link works"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    launched_at = models.DateTimeField(_("launched"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)

    objects: ClassVar[WorkspaceQuerySet[Campaign]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class CampaignText(WorkspaceModel):
    """What a campaign says in one language; without one, the mail speaks in general words."""

    not_personal: ClassVar[tuple[str, ...]] = ("language", "subject", "occasion")

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="texts", verbose_name=_("campaign")
    )
    language = models.CharField(_("language"), max_length=12, validators=[validate_language])
    subject = models.CharField(
        _("subject"),
        max_length=120,
        blank=True,
        help_text=_("Empty means: our own, in general words."),
    )
    occasion = models.CharField(
        _("occasion"),
        max_length=240,
        blank=True,
        help_text=_("One sentence before the question: Your order reached you on 18 November."),
    )

    objects: ClassVar[WorkspaceQuerySet[CampaignText]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["campaign", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "language"],
                name="invitations_text_language_once",
                violation_error_message=_("This campaign has a text in this language already."),
            )
        ]

    def __str__(self) -> str:
        return self.occasion or self.subject


class Invitation(WorkspaceModel):
    """One customer asked once in one campaign, from the outbox to the mail server.

    queued → sending → sent | uncertain | failed, or skipped. A worker claims it under a
    ``claim_id`` until ``claimed_until``; every later step asks for that claim, so that a worker
    that was given up cannot act on what another one holds. ``handed_over_at`` is committed
    before the mail server hears of the mail: after a crash it tells "never left" from "nobody
    knows", and what nobody knows is never sent again by itself.
    """

    class Status(models.TextChoices):
        QUEUED = querysets.QUEUED, _("Waiting")
        SENDING = querysets.SENDING, _("Being sent")
        SENT = querysets.SENT, _("Sent")
        UNCERTAIN = querysets.UNCERTAIN, _("Uncertain")
        FAILED = querysets.FAILED, _("Failed")
        SKIPPED = querysets.SKIPPED, _("Skipped")

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="customer",
        fields={
            "detail": PersonalField(
                "find out why a mail did not arrive; mail servers repeat the address",
                "with the customer",
            )
        },
        on_erase="blank",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("status", "reason", "language", "message_id")

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="invitations", verbose_name=_("campaign")
    )
    customer = models.ForeignKey(
        "customers.Customer",
        models.CASCADE,
        related_name="+",
        verbose_name=_("customer"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    reason = models.CharField(_("reason"), max_length=24, blank=True)
    detail = models.CharField(_("the mail server said"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    due_at = models.DateTimeField(_("due"), default=now)
    claim_id = models.UUIDField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    expires_at = models.DateTimeField(_("link works until"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    message_id = models.CharField(max_length=200, blank=True, editable=False)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "customer"],
                name="invitations_invitation_once",
                violation_error_message=_("This customer is in this campaign already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="sending")
                | models.Q(claim_id__isnull=False, claimed_until__isnull=False),
                name="invitations_invitation_claimed",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=("sent", "uncertain"))
                | models.Q(handed_over_at__isnull=False),
                name="invitations_invitation_handed_over",
            ),
        ]
        indexes = [
            # What a worker takes next.
            models.Index(
                fields=["workspace", "due_at", "id"],
                condition=models.Q(status="queued"),
                name="invitations_due",
            ),
            # What the sweeper looks through.
            models.Index(
                fields=["workspace", "claimed_until"],
                condition=models.Q(status="sending"),
                name="invitations_claimed",
            ),
            # The counts of a campaign's progress.
            models.Index(fields=["campaign", "status"], name="invitations_progress"),
            # Sends and answers by day.
            models.Index(fields=["workspace", "handed_over_at"], name="invitations_day"),
            # When a customer was asked last.
            models.Index(fields=["customer", "handed_over_at"], name="invitations_asked"),
            # Sends that somebody must look at.
            models.Index(
                fields=["workspace", "status"],
                condition=models.Q(status__in=("uncertain", "failed")),
                name="invitations_trouble",
            ),
            # The log in the admin and the API.
            models.Index(fields=["workspace", "-created_at", "-id"], name="invitations_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} ({self.get_status_display()})"


class InvitationToken(WorkspaceModel):
    """The hash of a secret in a link of a mail; each is good for one purpose alone.

    A table of its own, since a mail carries two secrets – to answer and to unsubscribe – and
    whoever holds one must not be able to work out the other. They are random and not derived
    from SECRET_KEY: a change of that key must not break the way out of mails that lie in
    people's mailboxes.
    """

    class Purpose(models.TextChoices):
        SURVEY = "survey", _("Answer")
        UNSUBSCRIBE = "unsubscribe", _("Unsubscribe")

    not_personal: ClassVar[tuple[str, ...]] = ("purpose", "token_hash")

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="tokens")
    purpose = models.CharField(max_length=12, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    objects: ClassVar[WorkspaceQuerySet[InvitationToken]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "purpose"], name="invitations_token_purpose_once"
            )
        ]

    def __str__(self) -> str:
        return self.purpose
