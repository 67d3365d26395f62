"""Contacts that leave as a table: those of the live page, those that somebody looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from cxm.common.export import Cell
from cxm.workspaces.pages import MemberRequest, workspace_page
from touchpoints.interactions.forms import CriteriaForm, LiveForm
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.reports import newest_rows, place_of, to_export
from touchpoints.interactions.views.shared import send_table

HEADER: Final = (
    "when", "kind", "event", "title", "touchpoint", "channel", "campaign", "source", "customer",
    "place", "quantity", "value", "currency", "seconds", "address",
)  # fmt: skip


@require_GET
@workspace_page("interactions.view_interaction")
def export_live(request: MemberRequest) -> HttpResponse:
    """Send the newest contacts that fit the live page's filter."""
    asked, _seen = LiveForm(request.GET).asked()
    rows = newest_rows(workspace=request.workspace, asked=asked)
    return send_table(request, "contacts", HEADER, _cells(request, rows))


@require_GET
@workspace_page("interactions.view_interaction")
def export_interactions(request: MemberRequest) -> HttpResponse:
    """Send the newest interactions that fit the page's filter."""
    criteria, _after = CriteriaForm(request.GET).criteria()
    rows = to_export(workspace=request.workspace, criteria=criteria)
    return send_table(request, "interactions", HEADER, _cells(request, rows))


def _cells(request: MemberRequest, rows: Iterable[Interaction]) -> Iterator[Sequence[Cell]]:
    zone = ZoneInfo(request.workspace.timezone)
    for row in rows:
        yield (
            row.occurred_at.astimezone(zone), row.kind, row.event, row.title,
            row.touchpoint.name if row.touchpoint else "",
            row.channel.name if row.channel else "",
            row.campaign.name if row.campaign else "",
            row.source.name,
            row.customer.number if row.customer else "",
            place_of(row), row.quantity, row.value, row.currency, row.dwell_seconds, row.url,
        )  # fmt: skip
