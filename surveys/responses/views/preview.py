"""The survey as customers see it, for the team; nothing can be sent from it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cxm.workspaces.pages import MemberRequest, workspace_page
from surveys.invitations.public import public_page, spoken_language
from surveys.questionnaires.models import Survey
from surveys.questionnaires.reports import questionnaire
from surveys.responses.services import LONGEST_COMMENT

_SCORES = frozenset(str(score) for score in range(11))


@require_safe
@workspace_page("questionnaires.view_survey")
def preview(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Show the public page with its send button switched off."""
    survey = get_object_or_404(Survey, pk=survey_id)
    workspace = request.workspace
    language = survey.language_for(
        spoken_language(request, survey.languages, ""), workspace.language
    )
    questions = questionnaire(survey, language, workspace.name)
    chosen = request.GET.get("a", "")
    return public_page(
        request,
        "responses/preview.html",
        {
            "survey": survey,
            "nps": questions.nps,
            "comment": questions.comment,
            "scores": range(11),
            "initial": {"score": int(chosen) if chosen in _SCORES else None},
            "longest_comment": LONGEST_COMMENT,
            "months": workspace.answer_retention_months,
        },
        language=language,
        workspace=workspace,
        languages=survey.languages,
        keep={"a": chosen} if chosen in _SCORES else {},
    )
