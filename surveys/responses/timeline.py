"""Answers on a customer's page."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cxm.customers.models import Customer
from cxm.customers.timeline import TimelineEntry, timeline
from surveys.invitations.models import Invitation
from surveys.questionnaires.kinds import COMMENT, NPS
from surveys.responses.models import Answer, Response


@timeline(key="answers", title=gettext_lazy("Answers"))
def answers(customer: Customer, limit: int) -> Iterable[TimelineEntry]:
    """Return what a customer answered, and when they were asked; two queries."""
    given = Answer.objects.filter(response=OuterRef("pk")).order_by()
    rows = (
        Response.objects.filter(customer=customer)
        .select_related("survey")
        .annotate(
            score=Subquery(given.filter(question__kind=NPS).values("number")[:1]),
            comment=Subquery(given.filter(question__kind=COMMENT).values("text")[:1]),
        )
        .order_by("-submitted_at")[:limit]
    )
    found = [
        TimelineEntry(
            at=row.submitted_at,
            icon="survey",
            title=_("Answered a survey"),
            detail=row.comment or "",
            tag=row.survey.name,
            kind="answer",
            score=row.score,
            url=reverse("results_survey", args=[row.survey_id]),
        )
        for row in rows
    ]
    asked = (
        Invitation.objects.filter(customer=customer, sent_at__isnull=False)
        .select_related("campaign__survey")
        .order_by("-sent_at")[:limit]
    )
    found += [
        TimelineEntry(
            at=row.sent_at,
            icon="mail",
            title=_("Was asked by e-mail"),
            tag=row.campaign.survey.name,
        )
        for row in asked
        if row.sent_at is not None
    ]
    return found
