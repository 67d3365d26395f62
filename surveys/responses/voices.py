"""Answers for the wing of journeys: the words beside a step, and the surveys asked there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from cxm.common.scope import current_workspace_id
from cxm.workspaces.models import Workspace
from surveys.invitations.models import Invitation
from surveys.questionnaires.kinds import group_of
from surveys.questionnaires.models import Survey
from surveys.responses.models import Response
from surveys.responses.reports import commented
from touchpoints.catalogue.voices import Asked, Voice, asks

MEASURE: Final = "NPS"
LEFT: Final = (Invitation.Status.SENT, Invitation.Status.UNCERTAIN)


class Answers:
    """Our answers and surveys, as `touchpoints.catalogue.voices` asks for them.

    Words that were erased, or whose time is over, are blank in the database and no voice here.
    """

    def voices(
        self,
        workspace: Workspace,
        touchpoint_ids: Sequence[UUID] | None,
        *,
        q: str,
        limit: int,
        since: datetime | None,
    ) -> list[Voice]:
        """Return the newest comments; one query, along the index `responses_place`."""
        rows = Response.objects.for_workspace(workspace)
        if touchpoint_ids is not None:
            rows = rows.filter(touchpoint__in=list(touchpoint_ids))
        if since is not None:
            rows = rows.filter(submitted_at__gte=since)
        found: Any = commented(rows)
        if q:
            found = found.filter(comment__icontains=q)
        return _voices(found.order_by("-submitted_at", "-id")[:limit])

    def by_ids(self, ids: Sequence[UUID]) -> dict[UUID, Voice]:
        """Return the comments of these responses; one query."""
        rows = Response.objects.filter(workspace=current_workspace_id(), pk__in=ids)
        return {voice.id: voice for voice in _voices(commented(rows))}

    def asked(
        self, workspace: Workspace, touchpoint_ids: Sequence[UUID], *, since: datetime | None
    ) -> list[Asked]:
        """Return the surveys of these touchpoints, the one with most answers first; one query."""
        answers = Q() if since is None else Q(submitted_at__gte=since)
        sent = (
            Q(status__in=LEFT) if since is None else Q(status__in=LEFT, handed_over_at__gte=since)
        )
        responses = Response.objects.filter(answers, survey=OuterRef("pk")).order_by()
        invitations = Invitation.objects.filter(sent, campaign__survey=OuterRef("pk")).order_by()
        surveys = (
            Survey.objects.for_workspace(workspace)
            .filter(touchpoint__in=list(touchpoint_ids))
            .annotate(
                answers=_counted(responses.values("survey"), "pk"),
                invited=_counted(invitations.values("campaign__survey"), "pk"),
                answered=_counted(invitations.values("campaign__survey"), "answered_at"),
            )
            .order_by(F("answers").desc(), "name", "pk")
        )
        return [
            Asked(
                id=survey.pk,
                touchpoint_id=survey.touchpoint_id,
                survey=survey.name,
                url=reverse("results_survey", args=[survey.pk]),
                answers=survey.answers,
                invited=survey.invited,
                answered=survey.answered,
                new_url=self.new_url(survey.touchpoint_id),
                state="" if survey.is_open() else survey.get_status_display(),
            )
            for survey in surveys
            if survey.touchpoint_id is not None
        ]

    def new_url(self, touchpoint_id: UUID) -> str:
        """Return the form of a new survey, with the touchpoint chosen."""
        wanted = {"kind": Survey.Kind.TRANSACTIONAL, "touchpoint": str(touchpoint_id)}
        return f"{reverse('admin:questionnaires_survey_add')}?{urlencode(wanted)}"


def _counted(rows: QuerySet[Any, Any], name: str) -> Coalesce:
    return Coalesce(
        Subquery(rows.annotate(n=Count(name)).values("n"), output_field=IntegerField()), 0
    )


def _voices(rows: QuerySet[Response]) -> list[Voice]:
    found: Iterable[Any] = rows.select_related("survey")
    return [
        Voice(
            id=row.pk,
            touchpoint_id=row.touchpoint_id,
            text=row.comment,
            score=row.score,
            at=row.submitted_at,
            survey=row.survey.name,
            group="" if row.score is None else group_of(row.score),
            measure="" if row.score is None else MEASURE,
        )
        for row in found
    ]


asks("answers", Answers())
