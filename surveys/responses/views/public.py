"""The page on which a customer answers, reached by the secret in a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cxm.api.errors import DomainError
from cxm.api.throttling import WINDOW, count
from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.common.tokens import hash_token
from cxm.common.visitors import client_address
from cxm.workspaces.models import Workspace
from surveys.invitations.models import Invitation, InvitationToken
from surveys.invitations.public import (
    browser_language,
    public_page,
    spoken_language,
    unknown_link,
)
from surveys.invitations.reports import find_token, occasion_of
from surveys.invitations.views import stop_page as stop_for
from surveys.questionnaires.models import Survey
from surveys.questionnaires.reports import Questionnaire, questionnaire
from surveys.responses.forms import AnswerForm
from surveys.responses.models import Response
from surveys.responses.reports import Given, given_of
from surveys.responses.services import LONGEST_COMMENT, submit_response

POSTS_PER_TOKEN = 10
POSTS_PER_ADDRESS = 60
SEE_OTHER = 303
_SCORES = frozenset(str(score) for score in range(11))


@dataclass(frozen=True, slots=True)
class Visit:
    """One customer at one survey, in one language."""

    request: HttpRequest
    token: str
    invitation: Invitation
    language: str

    @property
    def survey(self) -> Survey:
        """The survey that is asked."""
        return self.invitation.campaign.survey

    @property
    def workspace(self) -> Workspace:
        """Who asks."""
        return self.invitation.workspace

    def questions(self) -> Questionnaire:
        """Return the questions in the language of the visit."""
        return questionnaire(self.survey, self.language, self.workspace.name)


# The secret in the address is all that lets the form be sent: no cookie takes part, so there is
# nothing that another site could make a browser send along.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def survey_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the survey, take the answer, or say thank you.

    GET changes nothing, whatever its query says: mail scanners follow every link. An unknown
    link gets the page and the status of an expired one; only the holder of a real secret is
    told whose it was.
    """
    if request.method == "POST" and _too_many(request, token):
        return _wait(request)
    found = find_token(token, InvitationToken.Purpose.SURVEY)
    if found is None:
        return unknown_link(request)
    with workspace_scope(found.workspace_id):
        invitation = found.invitation
        survey = invitation.campaign.survey
        otherwise = invitation.language or survey.language_for(
            invitation.customer.language, invitation.workspace.language
        )
        language = spoken_language(request, survey.languages, otherwise)
        visit = Visit(request, token, invitation, survey.language_for(language))
        return _take(visit) if request.method == "POST" else _show(visit)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_page(request: HttpRequest, token: str) -> HttpResponse:
    """Stop invitations from the survey's own page.

    Who may answer in the customer's name may also decline for them; the secret of the mail's
    unsubscribe link, which mail programs see, in turn never lets anybody answer.
    """
    found = find_token(token, InvitationToken.Purpose.SURVEY)
    if found is None:
        return unknown_link(request)
    with workspace_scope(found.workspace_id):
        return stop_for(request, found.invitation)


def _show(visit: Visit) -> HttpResponse:
    moment = now()
    response = Response.objects.filter(invitation=visit.invitation).first()
    chosen = _chosen(visit.request)
    if response is None:
        if not visit.survey.is_open() or _expired(visit.invitation):
            return _gone(visit)
        return _form(visit, {"score": chosen, "comment": "", "reply": False})
    given = given_of(response)
    if response.may_change(visit.survey, moment):
        wants_other = chosen is not None and chosen != given.score
        if "change" in visit.request.GET or wants_other:
            score = chosen if wants_other else given.score
            initial = {"score": score, "comment": given.comment, "reply": response.wants_reply}
            return _form(visit, initial, changing=True)
    return _thanks(visit, response, given)


def _take(visit: Visit) -> HttpResponse:
    request = visit.request
    form = AnswerForm(request.POST)
    if not form.is_valid():
        initial = {
            "score": _whole(request.POST.get("score", "")),
            "comment": request.POST.get("comment", "").replace(chr(0), "")[: 2 * LONGEST_COMMENT],
            "reply": bool(request.POST.get("reply")),
        }
        return _form(visit, initial, errors=form, status=422)
    try:
        submit_response(
            invitation=visit.invitation,
            score=form.cleaned_data["score"],
            comment=form.cleaned_data["comment"],
            wants_reply=form.cleaned_data["reply"],
            language=visit.language,
        )
    except DomainError as error:
        if error.code in ("expired", "survey_closed"):
            return _gone(visit)
        if error.code != "not_changeable":
            raise
    # So that a reload shows the page again instead of sending the form once more.
    target = reverse("survey_page", args=[visit.token])
    return HttpResponseRedirect(f"{target}?{urlencode({'lang': visit.language})}", status=SEE_OTHER)


def _form(
    visit: Visit,
    initial: Mapping[str, object],
    *,
    changing: bool = False,
    errors: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    keep = {} if initial["score"] is None else {"a": str(initial["score"])}
    if changing:
        keep["change"] = "1"
    questions = visit.questions()
    return _page(
        visit,
        "responses/survey.html",
        {
            "occasion": occasion_of(visit.invitation.campaign, visit.language),
            "nps": questions.nps,
            "comment": questions.comment,
            "scores": range(11),
            "initial": initial,
            "errors": errors,
            "changing": changing,
            "longest_comment": LONGEST_COMMENT,
            "months": visit.workspace.answer_retention_months,
            "reply_days": visit.survey.reply_days,
        },
        keep=keep,
        status=status,
    )


def _thanks(visit: Visit, response: Response, given: Given) -> HttpResponse:
    changeable = response.may_change(visit.survey, now())
    return _page(
        visit,
        "responses/thanks.html",
        {
            "given": given,
            "reply_due": response.reply_due_at if response.wants_reply else None,
            "replied": response.replied_at is not None,
            "change_until": response.changeable_until(visit.survey) if changeable else None,
        },
    )


def _gone(visit: Visit) -> HttpResponse:
    """Say when it ended, in the workspace's name; the status is that of an unknown link."""
    ended = visit.invitation.expires_at if _expired(visit.invitation) else None
    return _page(visit, "responses/expired.html", {"ended": ended}, status=404)


def _page(
    visit: Visit,
    template: str,
    context: dict[str, object],
    *,
    keep: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    return public_page(
        visit.request,
        template,
        {"stop_url": reverse("survey_stop", args=[visit.token]), **context},
        language=visit.language,
        workspace=visit.workspace,
        languages=visit.survey.languages,
        keep=keep,
        status=status,
    )


def _wait(request: HttpRequest) -> HttpResponse:
    page = public_page(
        request, "responses/wait.html", {}, language=browser_language(request), status=429
    )
    page["Retry-After"] = str(WINDOW)
    return page


def _too_many(request: HttpRequest, token: str) -> bool:
    address = client_address(request.META, settings.TRUSTED_PROXIES)
    rates = [
        count(f"survey:{hash_token(token)[:40]}", POSTS_PER_TOKEN),
        count(f"survey-from:{address}", POSTS_PER_ADDRESS),
    ]
    return any(rate.exceeded for rate in rates)


def _expired(invitation: Invitation) -> bool:
    return invitation.expires_at is not None and now() > invitation.expires_at


def _chosen(request: HttpRequest) -> int | None:
    """Return the score that a link of the mail carries, if it is one."""
    return _whole(request.GET.get("a", ""))


def _whole(text: str) -> int | None:
    return int(text) if text in _SCORES else None
