"""Responses and the answers in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cxm.common.clock import now
from cxm.common.personal import PersonalData, PersonalField
from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from surveys.questionnaires.models import Survey


class Response(WorkspaceModel):
    """One customer's answers to one survey.

    ``submitted_at`` is when it first came in and decides the day on which it counts; a later
    change moves ``changed_at`` alone.
    """

    class Via(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        STORE = "store", _("Store")
        OTHER = "other", _("Other")

    not_personal: ClassVar[tuple[str, ...]] = ("language", "via")

    survey = models.ForeignKey(
        "questionnaires.Survey",
        models.RESTRICT,
        related_name="responses",
        verbose_name=_("survey"),
    )
    invitation = models.OneToOneField(
        "invitations.Invitation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="response",
        verbose_name=_("invitation"),
    )
    customer = models.ForeignKey(
        "customers.Customer",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    touchpoint = models.ForeignKey(
        "catalogue.Touchpoint",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("touchpoint"),
    )
    language = models.CharField(_("language"), max_length=12, blank=True)
    via = models.CharField(_("came by"), max_length=8, choices=Via, default=Via.EMAIL)
    submitted_at = models.DateTimeField(_("answered"), default=now)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    wants_reply = models.BooleanField(_("wants a reply"), default=False)
    reply_due_at = models.DateTimeField(_("reply promised by"), null=True, blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)

    objects: ClassVar[WorkspaceQuerySet[Response]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wants_reply=False) | models.Q(reply_due_at__isnull=False),
                name="responses_response_reply_promised",
            )
        ]
        indexes = [
            # The figures of some days, and the newest answers of the workspace.
            models.Index(fields=["workspace", "submitted_at"], name="responses_day"),
            # The results page of one survey, newest first.
            models.Index(fields=["survey", "-submitted_at"], name="responses_newest"),
            # Replies that were promised and not given.
            models.Index(
                fields=["workspace", "reply_due_at"],
                condition=models.Q(wants_reply=True, replied_at=None),
                name="responses_reply_due",
            ),
            # The timeline of one customer.
            models.Index(fields=["customer", "-submitted_at"], name="responses_customer"),
            # The newest words at one touchpoint, beside its step on a map.
            models.Index(fields=["touchpoint", "-submitted_at", "-id"], name="responses_place"),
        ]

    def __str__(self) -> str:
        return f"{self.survey}, {self.submitted_at:%Y-%m-%d}"

    def may_change(self, survey: Survey, moment: datetime) -> bool:
        """Whether the customer may change it at ``moment``: for some days, while it is open."""
        return survey.is_open() and moment <= self.changeable_until(survey)

    def changeable_until(self, survey: Survey) -> datetime:
        """Return when the time for changes ends."""
        return self.submitted_at + timedelta(days=survey.change_days)


class Answer(WorkspaceModel):
    """The answer to one question: a number, or words. 0 is an answer; NULL is none."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer="response__customer",
        fields={
            "text": PersonalField(
                "learn why a customer is content or not, and put things right",
                "as many months as the workspace keeps answers",
            )
        },
        on_erase="blank",
    )

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="answers", verbose_name=_("response")
    )
    question = models.ForeignKey(
        "questionnaires.Question",
        models.RESTRICT,
        related_name="+",
        verbose_name=_("question"),
    )
    number = models.SmallIntegerField(_("number"), null=True, blank=True)
    text = models.TextField(_("text"), blank=True)

    objects: ClassVar[WorkspaceQuerySet[Answer]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["response", "question__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question"],
                name="responses_answer_once",
                violation_error_message=_("This question is answered already."),
            ),
            models.CheckConstraint(
                condition=models.Q(number=None) | models.Q(number__range=(0, 10)),
                name="responses_answer_on_scale",
                violation_error_message=_("Choose a number from 0 to 10."),
            ),
        ]
        indexes = [
            # Distribution and comments of one question.
            models.Index(fields=["question", "number"], name="responses_answer_question"),
        ]

    def __str__(self) -> str:
        return str(self.number) if self.number is not None else self.text[:60]
