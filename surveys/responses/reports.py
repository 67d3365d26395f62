"""Reads of answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from cxm.common.export import Cell
from cxm.common.statistics import Figure, nps, proportion, rescale, z_for
from cxm.workspaces.models import Workspace
from surveys.invitations.models import Invitation
from surveys.questionnaires.kinds import COMMENT, NPS, group_of
from surveys.questionnaires.models import Survey
from surveys.responses.models import Answer, Response

SCORES = range(11)


@dataclass(frozen=True, slots=True)
class Given:
    """What one customer answered."""

    score: int | None
    comment: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``start`` to ``end``, both included, in the workspace's time zone."""

    start: date
    end: date

    @classmethod
    def ending(cls, end: date, days: int) -> Span:
        """Return the span of ``days`` days whose last one is ``end``."""
        return cls(end - timedelta(days=days - 1), end)

    @property
    def before(self) -> Span:
        """The span of the same length that ends where this one begins."""
        return Span.ending(self.start - timedelta(days=1), (self.end - self.start).days + 1)

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """Return the first moment inside and the first one after."""
        place = ZoneInfo(zone)
        after = self.end + timedelta(days=1)
        return (
            datetime.combine(self.start, time.min, place),
            datetime.combine(after, time.min, place),
        )


@dataclass(frozen=True, slots=True)
class Distribution:
    """How often each score from 0 to 10 was given."""

    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        """How many answers there are."""
        return sum(self.counts)

    @property
    def promoters(self) -> int:
        """How many chose 9 or 10."""
        return sum(self.counts[9:])

    @property
    def passives(self) -> int:
        """How many chose 7 or 8."""
        return sum(self.counts[7:9])

    @property
    def detractors(self) -> int:
        """How many chose 0 to 6."""
        return sum(self.counts[:7])

    def figure(self, z: float) -> Figure:
        """Return the NPS with its interval."""
        return nps(self.promoters, self.passives, self.detractors, z)

    @property
    def bars(self) -> list[tuple[int, int, str, float]]:
        """The scores with count, group and height as a share of the highest."""
        most = max(self.counts, default=0) or 1
        return [(score, n, group_of(score), n / most) for score, n in enumerate(self.counts)]


@dataclass(frozen=True, slots=True)
class Funnel:
    """From the customers chosen to the answers; only steps that are measured.

    ``chosen`` leaves out who may not be asked; ``failed`` were refused by the mail server;
    ``uncertain`` may or may not have left and count as sent.
    """

    chosen: int
    sent: int
    failed: int
    uncertain: int
    waiting: int
    skipped: int
    answered: int

    def rate(self, z: float) -> Figure:
        """Return the response rate, 0…100, with its interval."""
        return rescale(proportion(self.answered, self.sent, z), 0, 1, 0, 100)


@dataclass(frozen=True, slots=True)
class Quote:
    """A comment with what one must know to read it."""

    response_id: UUID
    score: int | None
    comment: str
    submitted_at: datetime
    survey_name: str
    touchpoint_id: UUID | None
    touchpoint_name: str
    customer_id: UUID | None
    wants_reply: bool
    reply_due_at: datetime | None
    replied_at: datetime | None

    @property
    def group(self) -> str:
        """promoter, passive, detractor, or "" without a score."""
        return "" if self.score is None else group_of(self.score)


@dataclass(frozen=True, slots=True)
class PlaceFigure:
    """The NPS of one touchpoint."""

    touchpoint_id: UUID
    name: str
    figure: Figure


def given_of(response: Response) -> Given:
    """Return the answers of one response; one query."""
    score, comment = None, ""
    rows = Answer.objects.filter(response=response).values_list("question__kind", "number", "text")
    for kind, number, text in rows:
        if kind == NPS:
            score = number
        elif kind == COMMENT:
            comment = text
    return Given(score, comment)


def distribution(responses: QuerySet[Response]) -> Distribution:
    """Count the scores in ``responses``; one query."""
    rows = (
        Answer.objects.filter(
            response__in=responses.order_by().values("pk"),
            question__kind=NPS,
            number__isnull=False,
        )
        .values_list("number")
        .annotate(n=Count("pk"))
        .order_by("number")
    )
    counts = dict(rows)
    return Distribution(tuple(counts.get(score, 0) for score in SCORES))


def responses_in(survey: Survey, span: Span, zone: str) -> QuerySet[Response]:
    """Return the responses to a survey within some days."""
    start, end = span.moments(zone)
    return Response.objects.filter(survey=survey, submitted_at__gte=start, submitted_at__lt=end)


def funnel(survey: Survey, span: Span, zone: str) -> Funnel:
    """Count the invitations to a survey that were due within some days; one query.

    An answer counts with its invitation, whenever it came, so that the rate of an old span does
    not change any more.
    """
    start, end = span.moments(zone)
    left = Q(status__in=(Invitation.Status.SENT, Invitation.Status.UNCERTAIN))
    rows = Invitation.objects.filter(campaign__survey=survey).filter(
        Q(handed_over_at__gte=start, handed_over_at__lt=end)
        | Q(handed_over_at=None, due_at__gte=start, due_at__lt=end)
    )
    found = rows.aggregate(
        all=Count("pk"),
        skipped=Count("pk", filter=Q(status=Invitation.Status.SKIPPED)),
        sent=Count("pk", filter=left),
        failed=Count("pk", filter=Q(status=Invitation.Status.FAILED)),
        uncertain=Count("pk", filter=Q(status=Invitation.Status.UNCERTAIN)),
        answered=Count("answered_at", filter=left),
    )
    chosen = found["all"] - found["skipped"]
    return Funnel(
        chosen=chosen,
        sent=found["sent"],
        failed=found["failed"],
        uncertain=found["uncertain"],
        waiting=chosen - found["sent"] - found["failed"],
        skipped=found["skipped"],
        answered=found["answered"],
    )


def by_month(
    survey: Survey, end: date, zone: str, z: float, months: int = 12
) -> list[tuple[date, Figure]]:
    """Return the NPS of each of the last ``months`` calendar months, oldest first; one query."""
    firsts = [date(end.year, end.month, 1)]
    while len(firsts) < months:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    firsts.reverse()
    place = ZoneInfo(zone)
    start, after = Span(firsts[0], end).moments(zone)
    rows = (
        Answer.objects.filter(
            response__survey=survey,
            response__submitted_at__gte=start,
            response__submitted_at__lt=after,
            question__kind=NPS,
            number__isnull=False,
        )
        .annotate(month=TruncMonth("response__submitted_at", tzinfo=place))
        .values("month")
        .annotate(
            n=Count("pk"),
            promoters=Count("pk", filter=Q(number__gte=9)),
            detractors=Count("pk", filter=Q(number__lte=6)),
        )
        .order_by("month")
    )
    found = {
        row["month"].astimezone(place).date(): nps(
            row["promoters"], row["n"] - row["promoters"] - row["detractors"], row["detractors"], z
        )
        for row in rows
    }
    return [(first, found.get(first, nps(0, 0, 0, z))) for first in firsts]


def by_touchpoint(span: Span, zone: str, z: float) -> list[PlaceFigure]:
    """Return the NPS of each touchpoint that was asked about, the best first; one query."""
    start, end = span.moments(zone)
    rows = (
        Answer.objects.filter(
            response__touchpoint__isnull=False,
            response__submitted_at__gte=start,
            response__submitted_at__lt=end,
            question__kind=NPS,
            number__isnull=False,
        )
        .values("response__touchpoint_id", "response__touchpoint__name")
        .annotate(
            n=Count("pk"),
            promoters=Count("pk", filter=Q(number__gte=9)),
            detractors=Count("pk", filter=Q(number__lte=6)),
        )
        .order_by("response__touchpoint__name")
    )
    found = [
        PlaceFigure(
            row["response__touchpoint_id"],
            row["response__touchpoint__name"],
            nps(
                row["promoters"],
                row["n"] - row["promoters"] - row["detractors"],
                row["detractors"],
                z,
            ),
        )
        for row in rows
    ]
    return sorted(found, key=lambda place: -(place.figure.value or 0))


def commented(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Keep the responses with a comment, annotated with ``score`` and ``comment``."""
    answers = Answer.objects.filter(response=OuterRef("pk")).order_by()
    return responses.annotate(
        score=Subquery(answers.filter(question__kind=NPS).values("number")[:1]),
        comment=Subquery(
            answers.filter(question__kind=COMMENT).exclude(text="").values("text")[:1]
        ),
    ).filter(comment__isnull=False)


def with_score(responses: QuerySet[Response], lowest: int, highest: int) -> QuerySet[Response]:
    """Keep the responses whose score lies in a span."""
    return responses.filter(
        Exists(
            Answer.objects.filter(
                response=OuterRef("pk"), question__kind=NPS, number__range=(lowest, highest)
            )
        )
    )


def export_rows(responses: QuerySet[Response]) -> Iterator[tuple[Cell, ...]]:
    """Return one row for each response, oldest first; two queries at most."""
    answers = Answer.objects.filter(response=OuterRef("pk")).order_by()
    rows = (
        responses.select_related("customer", "touchpoint")
        .annotate(
            score=Subquery(answers.filter(question__kind=NPS).values("number")[:1]),
            comment=Subquery(answers.filter(question__kind=COMMENT).values("text")[:1]),
        )
        .order_by("submitted_at", "id")
    )
    for row in rows.iterator(chunk_size=2000):
        yield (
            row.pk,
            row.submitted_at,
            row.customer.number if row.customer else None,
            row.touchpoint.name if row.touchpoint else None,
            row.score,
            row.comment,
            row.language,
            row.via,
            int(row.wants_reply),
            row.replied_at,
        )


def quotes_of(responses: QuerySet[Response], limit: int, offset: int = 0) -> list[Quote]:
    """Return the newest comments in ``responses``; one query."""
    rows: Iterable[Any] = (
        commented(responses)
        .select_related("survey", "touchpoint")
        .order_by("-submitted_at", "-id")[offset : offset + limit]
    )
    return [
        Quote(
            response_id=row.pk,
            score=row.score,
            comment=row.comment,
            submitted_at=row.submitted_at,
            survey_name=row.survey.name,
            touchpoint_id=row.touchpoint_id,
            touchpoint_name=row.touchpoint.name if row.touchpoint else "",
            customer_id=row.customer_id,
            wants_reply=row.wants_reply,
            reply_due_at=row.reply_due_at,
            replied_at=row.replied_at,
        )
        for row in rows
    ]


def quotes(
    *,
    start: date,
    end: date,
    zone: str,
    limit: int,
    touchpoint_ids: Iterable[UUID] | None = None,
) -> list[Quote]:
    """Return the newest comments of some days, of all or some touchpoints; one query."""
    first, after = Span(start, end).moments(zone)
    rows = Response.objects.filter(submitted_at__gte=first, submitted_at__lt=after)
    if touchpoint_ids is not None:
        rows = rows.filter(touchpoint__in=list(touchpoint_ids))
    return quotes_of(rows, limit)


def z_of(workspace: Workspace) -> float:
    """Return the z for the workspace's level of confidence."""
    return z_for(workspace.confidence)
