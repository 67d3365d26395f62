"""Writes of surveys with their questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction

from cxm.workspaces.models import Workspace
from surveys.questionnaires.kinds import COMMENT, NPS
from surveys.questionnaires.models import Question, QuestionText, Survey

if TYPE_CHECKING:
    from touchpoints.catalogue.models import Touchpoint


class Text(NamedTuple):
    """The words of a question in one language."""

    text: str
    low_label: str = ""
    high_label: str = ""


# Kept here and not in the catalogue of translations: these become rows, which the survey's
# owner rewrites, and a new translation of ours must not change a survey that is running.
NPS_TEXTS: Final = {
    "en": Text(
        "How likely are you to recommend {company} to a friend?",
        "not at all likely",
        "extremely likely",
    ),
    "de": Text(
        "Wie wahrscheinlich ist es, dass Sie {company} Freunden empfehlen?",
        "sehr unwahrscheinlich",
        "sehr wahrscheinlich",
    ),
}
COMMENT_TEXTS: Final = {
    "en": Text("What is the main reason?"),
    "de": Text("Was ist der wichtigste Grund?"),
}


@transaction.atomic
def create_nps_survey(
    *,
    workspace: Workspace,
    name: str,
    kind: str = Survey.Kind.RELATIONAL,
    touchpoint: Touchpoint | None = None,
    languages: Sequence[str] = ("en", "de"),
    status: str = Survey.Status.DRAFT,
    change_days: int = 7,
    reply_days: int = 3,
) -> Survey:
    """Create a survey that asks how likely a recommendation is, and for the main reason.

    Raises:
        ValidationError: a survey about one touchpoint names none, or the other way round, or a
            language is not spoken here.
    """
    survey = Survey(
        workspace=workspace,
        name=name,
        kind=kind,
        touchpoint=touchpoint,
        languages=list(languages),
        status=status,
        change_days=change_days,
        reply_days=reply_days,
    )
    survey.full_clean()
    survey.save()
    add_nps_questions(survey=survey)
    return survey


@transaction.atomic
def add_nps_questions(*, survey: Survey) -> None:
    """Give a survey without questions the score and the comment, with our texts."""
    if Question.objects.filter(survey=survey).exists():
        return
    score, comment = Question.objects.bulk_create(
        [
            Question(
                workspace_id=survey.workspace_id,
                survey=survey,
                kind=kind,
                position=position,
                required=required,
            )
            for position, (kind, required) in enumerate(((NPS, True), (COMMENT, False)), start=1)
        ]
    )
    QuestionText.objects.bulk_create(
        QuestionText(
            workspace_id=survey.workspace_id,
            question=question,
            language=language,
            text=texts[language].text,
            low_label=texts[language].low_label,
            high_label=texts[language].high_label,
        )
        for question, texts in ((score, NPS_TEXTS), (comment, COMMENT_TEXTS))
        for language in survey.languages
        if language in texts
    )
