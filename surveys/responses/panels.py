"""What the home page says about answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cxm.common.clock import now
from cxm.dashboards.registry import Need, Window, attention, panel
from cxm.workspaces.models import Workspace
from surveys.responses.models import Response
from surveys.responses.reports import Quote, quotes

CANDIDATES = 200
SHOWN = 3
# Where a comment reads best in a card, in characters.
BEST_LENGTH = 90


@panel(
    key="quotes",
    slot="quotes",
    order=10,
    template="responses/panels/quotes.html",
    permission="responses.view_response",
)
def typical_quotes(workspace: Workspace, window: Window) -> Mapping[str, object] | None:
    """Show one comment for each of the touchpoints that were commented on most."""
    found = quotes(start=window.start, end=window.end, zone=workspace.timezone, limit=CANDIDATES)
    if not found:
        return None
    return {"quotes": typical(found, SHOWN)}


def typical(found: Sequence[Quote], most: int) -> list[Quote]:
    """Return one quote for each large topic: typical, not extreme.

    The topic is the touchpoint. Of its comments the one is taken whose score lies nearest to the
    topic's median; among equals the one of a length that can be read at a glance, then the newest.
    """
    topics: dict[object, list[Quote]] = {}
    for quote in found:
        topics.setdefault(quote.touchpoint_id, []).append(quote)
    largest = sorted(topics.values(), key=len, reverse=True)[:most]
    return [_middle(topic) for topic in largest]


def _middle(topic: Sequence[Quote]) -> Quote:
    scores = sorted(quote.score for quote in topic if quote.score is not None)
    median = scores[len(scores) // 2] if scores else 0

    def distance(quote: Quote) -> tuple[int, int]:
        off = abs((quote.score if quote.score is not None else median) - median)
        return off, abs(len(quote.comment) - BEST_LENGTH)

    return min(topic, key=distance)


@attention(key="overdue-replies", order=10, entry="results", permission="responses.view_response")
def overdue_replies(workspace: Workspace) -> Need | None:
    """Count the replies that were promised to customers and are overdue."""
    moment = now()
    overdue = Response.objects.filter(
        wants_reply=True, replied_at=None, reply_due_at__lt=moment
    ).aggregate(first=Min("reply_due_at"), n=Count("pk"))
    if overdue["first"] is None:
        return None
    late = (moment - overdue["first"]).days
    return Need(
        count=overdue["n"],
        severity="bad",
        title=_("Replies were promised and are overdue"),
        detail=_("The longest is %(days)s days late.") % {"days": late}
        if late
        else _("Customers were told a day by which they hear from you."),
        action_label=_("Reply"),
        url=f"{reverse('admin:responses_response_changelist')}?reply=open",
    )
