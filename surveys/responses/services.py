"""Writes of responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.clock import day_of, now
from cxm.customers.models import Customer
from cxm.kpis.services import mark_stale
from cxm.workspaces.models import Workspace
from surveys.invitations.feeds import INVITATIONS
from surveys.invitations.models import Invitation
from surveys.questionnaires.kinds import COMMENT, KINDS, NPS
from surveys.questionnaires.models import Question, Survey
from surveys.responses.feeds import ANSWERS
from surveys.responses.models import Answer, Response

LONGEST_COMMENT: Final = 2000
CHUNK: Final = 2000
NUL: Final = chr(0)


@dataclass(frozen=True, slots=True)
class Submission:
    """One response as it came in, for `submit_responses`."""

    submitted_at: datetime
    score: int
    comment: str = ""
    wants_reply: bool = False
    language: str = ""
    customer_id: UUID | None = None
    invitation_id: UUID | None = None
    via: str = Response.Via.EMAIL


@transaction.atomic
def submit_response(
    *,
    score: int,
    survey: Survey | None = None,
    invitation: Invitation | None = None,
    comment: str = "",
    wants_reply: bool = False,
    language: str = "",
    customer: Customer | None = None,
    via: str = Response.Via.EMAIL,
    at: datetime | None = None,
) -> Response:
    """Take in a customer's answers: to an invitation, or to a survey asked in another way.

    An invitation has one response. Answering it again changes that response, as long as the
    survey allows; the same answers again change nothing.

    Raises:
        DomainError: the invitation has expired ("expired"), the survey is not open
            ("survey_closed"), the time for changes is over ("not_changeable"), the score is not
            0 to 10 ("off_scale"), or the comment is too long ("too_long").
        ValueError: neither survey nor invitation is given.
    """
    moment = at or now()
    text = _checked(score, comment)
    existing: Response | None = None
    if invitation is not None:
        # The lock lets a form that was sent twice come in one after the other.
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("campaign__survey", "customer")
            .get(pk=invitation.pk)
        )
        survey, customer = invitation.campaign.survey, invitation.customer
        existing = Response.objects.filter(invitation=invitation).first()
    if survey is None:
        raise ValueError("Give a survey or an invitation.")
    questions = _questions(survey)
    if existing is not None:
        return _change(
            existing,
            survey=survey,
            wanted=_answers(existing, questions, score, text),
            wants_reply=wants_reply,
            language=language,
            moment=moment,
        )
    if not survey.is_open():
        raise DomainError(_("This survey is closed."), code="survey_closed")
    if invitation is not None and invitation.expires_at and moment > invitation.expires_at:
        raise DomainError(_("This invitation has expired."), code="expired")
    response = Response.objects.create(
        workspace_id=survey.workspace_id,
        survey=survey,
        invitation=invitation,
        customer=customer,
        touchpoint_id=survey.touchpoint_id,
        language=language,
        via=via,
        submitted_at=moment,
        wants_reply=wants_reply,
        reply_due_at=_reply_due(survey, wants_reply, moment),
    )
    Answer.objects.bulk_create(_answers(response, questions, score, text))
    if invitation is not None:
        Invitation.objects.filter(pk=invitation.pk).update(answered_at=moment)
    zone = Workspace.objects.values_list("timezone", flat=True).get(pk=survey.workspace_id)
    mark_stale(ANSWERS, [day_of(moment, zone)])
    if invitation is not None and invitation.handed_over_at:
        mark_stale(INVITATIONS, [day_of(invitation.handed_over_at, zone)])
    return response


@transaction.atomic
def submit_responses(*, survey: Survey, submissions: Sequence[Submission]) -> int:
    """Take in many responses to one survey at once, as an import or a demonstration has them.

    A submission for an invitation that is answered already is passed over, so that a repeat
    changes nothing. The survey may be closed: history does not end when a survey does.

    Returns:
        How many responses are new.

    Raises:
        DomainError: a score is off the scale ("off_scale"), a comment too long ("too_long"), an
            invitation not one of this survey's ("unknown_invitation"), or an answer came after
            its invitation had expired ("expired").
    """
    questions = _questions(survey)
    invitations = _lock_invitations(survey, submissions)
    fresh: list[tuple[Submission, str]] = []
    taken: set[UUID] = set()
    for submission in submissions:
        text = _checked(submission.score, submission.comment)
        known = submission.invitation_id
        if known is not None:
            invitation = invitations[known]
            if invitation.answered_at is not None or known in taken:
                continue
            if invitation.expires_at and submission.submitted_at > invitation.expires_at:
                raise DomainError(_("This invitation has expired."), code="expired")
            taken.add(known)
        fresh.append((submission, text))
    zone = Workspace.objects.values_list("timezone", flat=True).get(pk=survey.workspace_id)
    for start in range(0, len(fresh), CHUNK):
        _insert(survey, questions, fresh[start : start + CHUNK], invitations)
    if fresh:
        mark_stale(ANSWERS, {day_of(row.submitted_at, zone) for row, _text in fresh})
    sent = [invitations[known].handed_over_at for known in taken]
    if days := {day_of(moment, zone) for moment in sent if moment is not None}:
        mark_stale(INVITATIONS, days)
    return len(fresh)


@transaction.atomic
def mark_replied(*, responses: Sequence[UUID], at: datetime | None = None) -> int:
    """Write down that customers who asked for a reply got one; return how many."""
    moment = at or now()
    return Response.objects.filter(pk__in=responses, wants_reply=True, replied_at=None).update(
        replied_at=moment, updated_at=moment
    )


@transaction.atomic
def forget_old(*, workspace: Workspace, at: datetime | None = None) -> int:
    """Delete words and cut the link to the customer where an answer's time is over.

    Numbers, days and touchpoints stay, so that figures can still be worked out from scratch.

    Returns:
        How many responses were cut loose.
    """
    moment = at or now()
    # A month is counted as 31 days, so that nothing goes too early.
    limit = moment - timedelta(days=31 * workspace.answer_retention_months)
    old = Response.objects.for_workspace(workspace).filter(submitted_at__lt=limit)
    Answer.objects.filter(response__in=old).exclude(text="").update(text="", updated_at=moment)
    return old.exclude(customer=None, invitation=None).update(
        customer=None, invitation=None, updated_at=moment
    )


def _checked(score: int, comment: str) -> str:
    """Return the comment fit to be stored."""
    if isinstance(score, bool) or not KINDS[NPS].allows(score):
        raise DomainError(_("Choose a number from 0 to 10."), code="off_scale")
    text = comment.replace(NUL, "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_COMMENT:
        raise DomainError(
            _("Write at most %(most)s characters.") % {"most": LONGEST_COMMENT}, code="too_long"
        )
    return text


def _questions(survey: Survey) -> Mapping[str, UUID]:
    """Return the first question of each kind."""
    found: dict[str, UUID] = {}
    rows = Question.objects.filter(survey=survey).order_by("position").values_list("kind", "pk")
    for kind, question in rows:
        found.setdefault(kind, question)
    return found


def _answers(
    response: Response, questions: Mapping[str, UUID], score: int, text: str
) -> list[Answer]:
    """Return the rows for a score and, where there is one, a comment."""
    given: list[Answer] = []
    if NPS in questions:
        given.append(_answer(response, questions[NPS], number=score))
    if text and COMMENT in questions:
        given.append(_answer(response, questions[COMMENT], text=text))
    return given


def _answer(
    response: Response, question_id: UUID, *, number: int | None = None, text: str = ""
) -> Answer:
    return Answer(
        workspace_id=response.workspace_id,
        response=response,
        question_id=question_id,
        number=number,
        text=text,
    )


def _change(
    response: Response,
    *,
    survey: Survey,
    wanted: Sequence[Answer],
    wants_reply: bool,
    language: str,
    moment: datetime,
) -> Response:
    """Replace the answers of a response; it keeps the day on which it counts."""
    before = {
        question: (number, words)
        for question, number, words in Answer.objects.filter(response=response).values_list(
            "question_id", "number", "text"
        )
    }
    after = {answer.question_id: (answer.number, answer.text) for answer in wanted}
    if before == after and response.wants_reply == wants_reply:
        return response
    if not response.may_change(survey, moment):
        raise DomainError(_("This answer can no longer be changed."), code="not_changeable")
    Answer.objects.filter(response=response).exclude(question_id__in=after).delete()
    Answer.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["response", "question"],
        update_fields=["number", "text", "updated_at"],
    )
    response.changed_at = moment
    response.language = language or response.language
    if wants_reply != response.wants_reply:
        response.wants_reply = wants_reply
        response.reply_due_at = _reply_due(survey, wants_reply, moment)
    response.save()
    zone = Workspace.objects.values_list("timezone", flat=True).get(pk=survey.workspace_id)
    mark_stale(ANSWERS, [day_of(response.submitted_at, zone)])
    return response


def _reply_due(survey: Survey, wants_reply: bool, moment: datetime) -> datetime | None:
    return moment + timedelta(days=survey.reply_days) if wants_reply else None


def _lock_invitations(
    survey: Survey, submissions: Sequence[Submission]
) -> Mapping[UUID, Invitation]:
    wanted = {row.invitation_id for row in submissions if row.invitation_id is not None}
    if not wanted:
        return {}
    rows = (
        Invitation.objects.filter(pk__in=wanted, campaign__survey=survey)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    found = {row.pk: row for row in rows}
    if len(found) != len(wanted):
        raise DomainError(
            _("An invitation is not one of this survey's."), code="unknown_invitation"
        )
    return found


def _insert(
    survey: Survey,
    questions: Mapping[str, UUID],
    rows: Sequence[tuple[Submission, str]],
    invitations: Mapping[UUID, Invitation],
) -> None:
    responses: list[Response] = []
    answers: list[Answer] = []
    answered: list[Invitation] = []
    for row, text in rows:
        invitation = invitations[row.invitation_id] if row.invitation_id else None
        response = Response(
            workspace_id=survey.workspace_id,
            survey=survey,
            invitation=invitation,
            customer_id=invitation.customer_id if invitation else row.customer_id,
            touchpoint_id=survey.touchpoint_id,
            language=row.language,
            via=row.via,
            submitted_at=row.submitted_at,
            wants_reply=row.wants_reply,
            reply_due_at=_reply_due(survey, row.wants_reply, row.submitted_at),
        )
        responses.append(response)
        answers.extend(_answers(response, questions, row.score, text))
        if invitation is not None:
            invitation.answered_at = row.submitted_at
            answered.append(invitation)
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(answers)
    Invitation.objects.bulk_update(answered, ["answered_at"])
