"""Answers on a customer's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cxm.customers.facts import Fact, fact
from cxm.customers.models import Customer
from cxm.customers.timeline import TimelineEntry, Wanted, timeline
from surveys.invitations.models import Invitation
from surveys.questionnaires.kinds import COMMENT, NPS
from surveys.responses.models import Answer, Response

NPS_WORDS = (
    (9, gettext_lazy("promoter")),
    (7, gettext_lazy("passive")),
    (0, gettext_lazy("detractor")),
)


@timeline(key="answers", title=gettext_lazy("Answers"))
def answers(wanted: Wanted) -> Iterable[TimelineEntry]:
    """Return what a customer answered, and when they were asked; two queries."""
    given = Answer.objects.filter(response=OuterRef("pk")).order_by()
    rows = (
        Response.objects.filter(customer__in=wanted.family)
        .select_related("survey")
        .annotate(
            score=Subquery(given.filter(question__kind=NPS).values("number")[:1]),
            comment=Subquery(given.filter(question__kind=COMMENT).values("text")[:1]),
        )
    )
    found = [
        TimelineEntry(
            at=row.submitted_at,
            id=row.pk,
            icon="survey",
            title=_("Answered a survey"),
            detail=row.comment or "",
            tag=row.survey.name,
            kind="answer",
            score=row.score,
            url=reverse("results_survey", args=[row.survey_id]),
        )
        for row in wanted.of(rows, at="submitted_at", search=("survey__name", "comment"))
    ]
    asked = Invitation.objects.filter(
        customer__in=wanted.family, sent_at__isnull=False
    ).select_related("campaign__survey")
    found += [
        TimelineEntry(
            at=row.sent_at,
            id=row.pk,
            icon="mail",
            title=_("Was asked by e-mail"),
            tag=row.campaign.survey.name,
        )
        for row in wanted.of(asked, at="sent_at", search=("campaign__survey__name",))
        if row.sent_at is not None
    ]
    return found


@fact(key="nps", title=gettext_lazy("Last NPS answer"), order=30)
def last_nps(customer: Customer, family: Sequence[UUID]) -> Fact | None:
    """Return the last score from 0 to 10 and when it was given."""
    scored = Answer.objects.filter(response=OuterRef("pk"), question__kind=NPS).order_by()
    row = (
        Response.objects.filter(Exists(scored.filter(number__isnull=False)))
        .filter(customer__in=family)
        .annotate(score=Subquery(scored.values("number")[:1]))
        .order_by("-submitted_at", "-id")
        .first()
    )
    if row is None:
        return None
    word = next(word for least, word in NPS_WORDS if row.score >= least)
    day = date_format(localtime(row.submitted_at), "DATE_FORMAT")
    return Fact(f"{row.score:g}", _("%(word)s, %(day)s") % {"word": word, "day": day})
