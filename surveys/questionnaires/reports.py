"""Reads of surveys in the words of one language."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from surveys.questionnaires.kinds import COMMENT, NPS, QuestionKind
from surveys.questionnaires.models import Question, Survey

COMPANY = "{company}"


@dataclass(frozen=True, slots=True)
class Wording:
    """One question as a customer reads it."""

    id: UUID
    kind: QuestionKind
    required: bool
    text: str
    low_label: str
    high_label: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A survey as a customer reads it, its questions in order."""

    language: str
    questions: tuple[Wording, ...]

    @property
    def nps(self) -> Wording | None:
        """The question for the likelihood to recommend."""
        return self._first(NPS)

    @property
    def comment(self) -> Wording | None:
        """The question for words."""
        return self._first(COMMENT)

    def _first(self, kind: str) -> Wording | None:
        return next((wording for wording in self.questions if wording.kind.key == kind), None)


def questionnaire(survey: Survey, language: str, company: str) -> Questionnaire:
    """Return the questions of ``survey`` in ``language``, two queries in all.

    A question without a text in that language speaks the survey's first language that it has.
    """
    order = [language, *survey.languages]
    wordings = []
    for question in (
        Question.objects.filter(survey=survey).order_by("position").prefetch_related("texts")
    ):
        texts = {text.language: text for text in question.texts.all()}
        code = next((code for code in order if code in texts), "")
        text = texts.get(code) or next(iter(texts.values()), None)
        if text is None:
            continue
        wordings.append(
            Wording(
                id=question.pk,
                kind=question.rules(),
                required=question.required,
                text=text.text.replace(COMPANY, company),
                low_label=text.low_label,
                high_label=text.high_label,
            )
        )
    return Questionnaire(language=language, questions=tuple(wordings))
