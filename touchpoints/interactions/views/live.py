"""The live stream: contacts as they arrive."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from cxm.common.clock import now
from cxm.dashboards import numbers
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue.models import Channel, Touchpoint
from touchpoints.interactions.forms import LiveForm
from touchpoints.interactions.models import Source
from touchpoints.interactions.reports import Contact, Live, Minutes, by_minute, newest
from touchpoints.interactions.reports.live import LOOKED_THROUGH
from touchpoints.interactions.services import waiting_events
from touchpoints.interactions.views.shared import newest_of

SECONDS: Final = 2
HEIGHT: Final = 44
WIDTH: Final = 12


@require_GET
@workspace_page("interactions.view_interaction")
def live_page(request: MemberRequest) -> HttpResponse:
    """Show the newest contacts; more appear by themselves."""
    asked, _seen = LiveForm(request.GET).asked()
    workspace = request.workspace
    return render_page(
        request,
        "interactions/live.html",
        {
            **_state(request, asked),
            "contacts": newest(workspace=workspace, asked=asked),
            "asked": asked,
            "query": _query(asked),
            "exports": [(newest_of(LOOKED_THROUGH), f"{reverse('live_export')}?{_query(asked)}")],
            "seconds": SECONDS,
            "touchpoints": Touchpoint.objects.for_workspace(workspace).order_by("name"),
            "channels": Channel.objects.for_workspace(workspace),
            "sources": Source.objects.for_workspace(workspace).filter(revoked_at=None),
            "may_enter": request.user.has_perm("interactions.add_staffcontact"),
        },
    )


@require_GET
@workspace_page("interactions.view_interaction")
def live_rows(request: MemberRequest) -> HttpResponse:
    """Send the contacts that the page does not show yet, and the state of things."""
    asked, seen = LiveForm(request.GET).asked()
    contacts = newest(workspace=request.workspace, asked=asked, seen=seen)
    return render(
        request,
        "interactions/_live_news.html",
        {
            **_state(request, asked),
            "contacts": contacts,
            "said": _said(contacts),
            "fresh": True,
            "workspace": request.workspace,
        },
    )


def _state(request: MemberRequest, asked: Live) -> dict[str, object]:
    minutes = by_minute(workspace=request.workspace, asked=asked)
    return {
        "minutes": minutes,
        "bars": _bars(minutes),
        "waiting": waiting_events(request.workspace.pk),
        "now": now(),
        "width": WIDTH * len(minutes.counts),
        "height": HEIGHT,
    }


def _bars(minutes: Minutes) -> list[tuple[int, float, float]]:
    """Return (x, y, height) of each minute's bar; a minute with anything at all is seen."""
    found = []
    for place, (_moment, count) in enumerate(minutes.counts):
        tall = max(2.0, round(count / minutes.most * (HEIGHT - 2), 1)) if count else 0.0
        found.append((place * WIDTH, HEIGHT - tall, tall))
    return found


def _said(contacts: list[Contact]) -> str:
    """Return what a screen reader is told; nothing where nothing came."""
    if not contacts:
        return ""
    count = ngettext("%(n)s new contact", "%(n)s new contacts", len(contacts)) % {
        "n": numbers.number(len(contacts))
    }
    place = contacts[0].row.touchpoint
    return f"{count}, {_('the latest at %s') % place}" if place else count


def _query(asked: Live) -> str:
    return urlencode({name: value for name, value in asdict(asked).items() if value is not None})
