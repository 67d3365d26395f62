"""The Net Promoter Score, by the day on which the answers came in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from cxm.common.scope import current_workspace_id
from cxm.customers.models import Customer
from cxm.kpis.registry import Tally, by_customer, feed, metric
from cxm.workspaces.models import Workspace
from surveys.questionnaires.kinds import NPS
from surveys.responses.feeds import ANSWERS
from surveys.responses.models import Answer, Response


@feed(key=ANSWERS)
def days_with_answers() -> Iterable[date]:
    """Return every day on which a response came in."""
    zone = ZoneInfo(_workspace().timezone)
    return (
        Response.objects.annotate(day=TruncDate("submitted_at", tzinfo=zone))
        .values_list("day", flat=True)
        .order_by("day")
        .distinct()
    )


@by_customer(key="nps")
@metric(
    key="nps",
    title=_("NPS"),
    unit="points",
    kind="nps",
    subjects=("touchpoint", "workspace"),
    feed=ANSWERS,
    minimum="answers",
    area="satisfaction",
    description=_(
        "Share of promoters (9, 10) minus share of detractors (0 to 6). A touchpoint's comes from "
        "the surveys about it, the workspace's from the surveys about you as a whole."
    ),
)
def nps(days: set[date], *, customers: QuerySet[Customer] | None = None) -> Iterable[Tally]:
    """Count promoters and detractors of each day, of everybody or of some customers.

    Relational and transactional answers are never pooled: the first are the workspace's, the
    second those of the touchpoint that the survey was about when they were given. The denominator
    is answers with a number; 0 is one.
    """
    if not days:
        return
    workspace = _workspace()
    zone = ZoneInfo(workspace.timezone)
    start = datetime.combine(min(days), time.min, zone)
    end = datetime.combine(max(days) + timedelta(days=1), time.min, zone)
    answers = Answer.objects.filter(
        question__kind=NPS,
        number__isnull=False,
        response__submitted_at__gte=start,
        response__submitted_at__lt=end,
    )
    if customers is not None:
        answers = answers.filter(response__customer__root__in=customers.order_by().values("pk"))
    rows = (
        answers.annotate(
            day=TruncDate("response__submitted_at", tzinfo=zone),
            place=F("response__touchpoint_id"),
        )
        .filter(day__in=days)
        .values("day", "place")
        .annotate(
            n=Count("pk"),
            promoters=Count("pk", filter=Q(number__gte=9)),
            detractors=Count("pk", filter=Q(number__lte=6)),
        )
        .order_by("day", "place")
    )
    for row in rows:
        relational = row["place"] is None
        yield Tally(
            subject_kind="workspace" if relational else "touchpoint",
            subject_id=workspace.pk if relational else row["place"],
            day=row["day"],
            n=row["n"],
            successes=row["promoters"],
            failures=row["detractors"],
        )


def _workspace() -> Workspace:
    return Workspace.objects.get(pk=str(current_workspace_id()))
