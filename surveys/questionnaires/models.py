"""Surveys, their questions and what these say in each language."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.models import WorkspaceModel
from cxm.workspaces.querysets import WorkspaceQuerySet
from cxm.workspaces.validators import validate_language
from surveys.questionnaires.kinds import KINDS, QuestionKind

LONGEST_QUESTION = 300


def default_languages() -> list[str]:
    """Return the languages that public pages speak from the first day."""
    return ["en", "de"]


def validate_kind(key: str) -> None:
    """Raise ValidationError unless ``key`` is a kind of question that we know."""
    if key not in KINDS:
        raise ValidationError(
            gettext("“%(key)s” is no kind of question. Choose one of: %(keys)s."),
            params={"key": key, "keys": ", ".join(KINDS)},
        )


class Survey(WorkspaceModel):
    """A set of questions that customers are asked, about us or about one touchpoint."""

    class Kind(models.TextChoices):
        RELATIONAL = "relational", _("About us as a whole")
        TRANSACTIONAL = "transactional", _("About one touchpoint")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")

    not_personal: ClassVar[tuple[str, ...]] = ("name", "kind", "languages", "status")

    name = models.CharField(
        _("name"),
        max_length=120,
        help_text=_("Only your team sees it, for example After delivery."),
    )
    kind = models.CharField(
        _("asks"),
        max_length=16,
        choices=Kind,
        default=Kind.RELATIONAL,
        help_text=_("The two are never added up: they measure different things."),
    )
    touchpoint = models.ForeignKey(
        "catalogue.Touchpoint",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("touchpoint"),
    )
    languages = ArrayField(
        models.CharField(max_length=12, validators=[validate_language]),
        default=default_languages,
        verbose_name=_("languages"),
        help_text=_("Codes with commas between them: en,de"),
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT)
    change_days = models.PositiveSmallIntegerField(
        _("days in which an answer may be changed"),
        default=7,
        validators=[MaxValueValidator(90)],
    )
    reply_days = models.PositiveSmallIntegerField(
        _("days until a reply is promised"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Customers who ask for a reply are told this date."),
    )

    objects: ClassVar[WorkspaceQuerySet[Survey]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="relational", touchpoint=None)
                | models.Q(kind="transactional", touchpoint__isnull=False),
                name="questionnaires_survey_touchpoint",
                violation_error_message=_(
                    "A survey about one touchpoint names it; one about us as a whole names none."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(languages__len__gt=0),
                name="questionnaires_survey_speaks",
                violation_error_message=_("A survey needs at least one language."),
            ),
        ]
        indexes = [
            # The surveys of one touchpoint, in its inspector.
            models.Index(fields=["workspace", "touchpoint"], name="questionnaires_touchpoint"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self) -> bool:
        """Whether customers may answer now."""
        return self.status == self.Status.ACTIVE

    def language_for(self, wanted: str, otherwise: str = "") -> str:
        """Return the language to speak: the wanted one, the other one, or the survey's first."""
        for code in (wanted, wanted.partition("-")[0], otherwise):
            if code and code in self.languages:
                return code
        return self.languages[0]


class Question(WorkspaceModel):
    """One question of a survey."""

    not_personal: ClassVar[tuple[str, ...]] = ("kind",)

    survey = models.ForeignKey(
        Survey, models.CASCADE, related_name="questions", verbose_name=_("survey")
    )
    kind = models.CharField(_("kind"), max_length=16, validators=[validate_kind])
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    required = models.BooleanField(_("must be answered"), default=False)

    objects: ClassVar[WorkspaceQuerySet[Question]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["survey", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "position"],
                name="questionnaires_question_position",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two questions stand at the same position."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey}: {self.position} ({self.kind})"

    def rules(self) -> QuestionKind:
        """Return what an answer to this question looks like."""
        return KINDS[self.kind]


class QuestionText(WorkspaceModel):
    """A question in one language; “{company}” stands for the workspace's name."""

    not_personal: ClassVar[tuple[str, ...]] = ("language", "text", "low_label", "high_label")

    question = models.ForeignKey(
        Question, models.CASCADE, related_name="texts", verbose_name=_("question")
    )
    language = models.CharField(_("language"), max_length=12, validators=[validate_language])
    text = models.CharField(
        _("text"),
        max_length=LONGEST_QUESTION,
        help_text=_("{company} stands for the name of your company."),
    )
    low_label = models.CharField(_("at the low end"), max_length=60, blank=True)
    high_label = models.CharField(_("at the high end"), max_length=60, blank=True)

    objects: ClassVar[WorkspaceQuerySet[QuestionText]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["question", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "language"],
                name="questionnaires_text_language_once",
                violation_error_message=_("This question has a text in this language already."),
            )
        ]

    def __str__(self) -> str:
        return self.text
