"""How many of those whom we asked answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from cxm.common.scope import current_workspace_id
from cxm.customers.models import Customer
from cxm.kpis.registry import Tally, by_customer, feed, metric
from cxm.workspaces.models import Workspace
from surveys.invitations.feeds import INVITATIONS
from surveys.invitations.models import Invitation

_LEFT: Final = (Invitation.Status.SENT, Invitation.Status.UNCERTAIN)


@feed(key=INVITATIONS)
def days_with_invitations() -> Iterable[date]:
    """Return every day on which a mail left."""
    zone = ZoneInfo(_workspace().timezone)
    return (
        Invitation.objects.filter(status__in=_LEFT)
        .annotate(day=TruncDate("handed_over_at", tzinfo=zone))
        .values_list("day", flat=True)
        .order_by("day")
        .distinct()
    )


@by_customer(key="response_rate")
@metric(
    key="response_rate",
    title=_("Response rate"),
    unit="percent",
    kind="proportion",
    subjects=("workspace",),
    feed=INVITATIONS,
    minimum="answers",
    area="business",
    description=_("Invitations that were answered, by the day on which they were sent."),
)
def response_rate(
    days: set[date], *, customers: QuerySet[Customer] | None = None
) -> Iterable[Tally]:
    """Count the invitations of each day that left, and those of them that were answered.

    Of everybody, or of some customers.
    """
    if not days:
        return
    workspace = _workspace()
    zone = ZoneInfo(workspace.timezone)
    start = datetime.combine(min(days), time.min, zone)
    end = datetime.combine(max(days) + timedelta(days=1), time.min, zone)
    invitations = Invitation.objects.filter(
        status__in=_LEFT, handed_over_at__gte=start, handed_over_at__lt=end
    )
    if customers is not None:
        invitations = invitations.filter(customer__root__in=customers.order_by().values("pk"))
    rows = (
        invitations.annotate(day=TruncDate("handed_over_at", tzinfo=zone))
        .filter(day__in=days)
        .values("day")
        .annotate(n=Count("pk"), answered=Count("answered_at"))
        .order_by("day")
    )
    for row in rows:
        yield Tally(
            subject_kind="workspace",
            subject_id=workspace.pk,
            day=row["day"],
            n=row["n"],
            successes=row["answered"],
        )


def _workspace() -> Workspace:
    return Workspace.objects.get(pk=str(current_workspace_id()))
