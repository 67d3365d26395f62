"""The page of one person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.common.clock import day_of, now
from cxm.common.export import csv_lines
from cxm.customers import timeline
from cxm.customers.facts import facts_of
from cxm.customers.forms import EraseForm
from cxm.customers.models import Customer
from cxm.customers.privacy import erase_customer, export_customer
from cxm.customers.reports import (
    Person,
    consents_of,
    identities_of,
    merges_of,
    pairs,
    segments_of,
    waiting,
)
from cxm.customers.timeline import Cursor, TimelineEntry
from cxm.customers.views.base import find_person, may, require
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page

SHOWN_ENTRIES: Final = 40
# More than these scroll in their card.
FEW_ENTRIES: Final = 10
EXPORTED_AT_ONCE: Final = 500
SHOWN_PAIRS: Final = 3
COLUMNS: Final = ("at", "source", "title", "detail", "tag", "score")


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day of the workspace; `goes_on` where the page before showed its name."""

    day: date
    is_today: bool
    goes_on: bool
    entries: Sequence[TimelineEntry]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of the timeline is asked for.

    Attributes:
        show: the key of one source; "" for all.
        query: text to find.
        until: the newest day that is wanted.
        before: the cursor of the entries that are there already.
        last_day: the day under which the last of those stands.
    """

    show: str = ""
    query: str = ""
    until: date | None = None
    before: Cursor | None = None
    last_day: date | None = None

    @classmethod
    def of(cls, data: QueryDict) -> Choice:
        """Read an address; what makes no sense is left out."""
        show = data.get("show", "")
        return cls(
            show=show if show in timeline.sources else "",
            query=data.get("q", "").replace("\x00", "").strip()[:100],
            until=_day(data.get("until", "")),
            before=_cursor(data.get("before", "")),
            last_day=_day(data.get("day", "")),
        )

    def start(self, zone: str) -> Cursor | None:
        """Return the place at which the wanted part begins; None for the newest entry."""
        if self.before is not None or self.until is None or self.until >= date.max:
            return self.before
        next_day = datetime.combine(self.until + timedelta(days=1), time(), ZoneInfo(zone))
        return Cursor(next_day)

    def address(self, **changes: str) -> str:
        """Return the query of an address with changes; "?" for the whole timeline."""
        given = {
            "show": self.show,
            "q": self.query,
            "until": self.until.isoformat() if self.until else "",
            **changes,
        }
        return "?" + urlencode({name: value for name, value in given.items() if value})


@require_GET
@workspace_page("customers.view_customer")
def customer_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show who the person is and what happened, with contact data masked."""
    person = find_person(pk)
    if person.customer.pk != pk:
        return redirect(_address(person.customer, Choice.of(request.GET)))
    return _page(request, person, shown=False)


@require_GET
@workspace_page("customers.view_customer")
def timeline_part(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Return the timeline alone, or with `before` the entries that are older."""
    person = find_person(pk)
    choice = Choice.of(request.GET)
    template = "customers/_entries.html" if choice.before else "customers/_timeline.html"
    response = TemplateResponse(
        request,
        template,
        {
            "customer": person.customer,
            "zone": ZoneInfo(request.workspace.timezone),
            "is_part": True,
            **_timeline(request, person, choice),
        },
    )
    if choice.before is None:
        # What is seen has an address of its own, to go back to and to pass on.
        response["HX-Push-Url"] = _address(person.customer, choice)
    return response


@require_POST
@workspace_page("customers.view_customer")
def show_contact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the contact data this once, and write down who looked."""
    person = find_person(pk)
    audit.record("shown contact data of", person.customer, {})
    return _page(request, person, shown=True)


@require_POST
@workspace_page("customers.view_customer")
def export(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hand out everything that is kept about the person, as a file."""
    customer = find_person(pk).customer
    require(request, "export")
    body = json.dumps(export_customer(customer), ensure_ascii=False, indent=2)
    return _file(body, f"customer-{customer.number}.json")


@require_POST
@workspace_page("customers.view_customer")
def export_timeline(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hand out the timeline as it is filtered, whole, as CSV or JSON; it is audited."""
    person = find_person(pk)
    require(request, "export")
    choice = Choice.of(request.POST)
    audit.record("exported timeline of", person.customer, {})
    entries = timeline.entries_of(
        person.customer,
        person.ids,
        limit=EXPORTED_AT_ONCE,
        before=choice.start(request.workspace.timezone),
        key=choice.show,
        query=choice.query,
    )
    name = f"timeline-{person.customer.number}"
    if request.POST.get("format") == "json":
        rows = [dict(zip(COLUMNS, _plain(entry), strict=True)) for entry in entries]
        return _file(json.dumps(rows, ensure_ascii=False, indent=2), f"{name}.json")
    return _file("".join(csv_lines(COLUMNS, map(_plain, entries))), f"{name}.csv")


@require_http_methods(["GET", "POST"])
@workspace_page("customers.view_customer")
def erase(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask whether to erase the person, and erase them when their number is typed."""
    customer = find_person(pk).customer
    require(request, "erase")
    if customer.is_erased:
        return redirect(customer)
    form = EraseForm(request.POST or None, customer=customer)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            erase_customer(customer)
        messages.success(
            request,
            _("%(number)s was erased. The number stays, so that figures keep their counts.")
            % {"number": customer.number},
        )
        return redirect(customer)
    return render_page(request, "customers/erase.html", {"customer": customer, "form": form})


def _page(request: MemberRequest, person: Person, *, shown: bool) -> HttpResponse:
    customer = person.customer
    suggestions = [] if customer.is_erased else list(waiting(customer)[:SHOWN_PAIRS])
    response = render_page(
        request,
        "customers/customer.html",
        {
            "customer": customer,
            "person": person,
            "shown": shown,
            "facts": facts_of(customer, person.ids),
            "identities": identities_of(customer),
            "merges": merges_of(customer) if person.absorbed else [],
            "others": [(p, p.other_than(customer.pk)) for p in pairs(suggestions)],
            "consents": consents_of(customer),
            "segments": segments_of(customer),
            "zone": ZoneInfo(request.workspace.timezone),
            "may_change": not customer.is_erased and may(request, "change"),
            "may_erase": not customer.is_erased and may(request, "erase"),
            **_timeline(request, person, Choice.of(request.GET)),
        },
    )
    if shown:
        response["Cache-Control"] = "no-store"
    return response


def _timeline(request: MemberRequest, person: Person, choice: Choice) -> dict[str, Any]:
    zone = request.workspace.timezone
    page = timeline.page_of(
        person.customer,
        person.ids,
        limit=SHOWN_ENTRIES,
        before=choice.start(zone),
        key=choice.show,
        query=choice.query,
    )
    days = _days(page.entries, zone, choice.last_day)
    older = ""
    if page.older is not None:
        older = choice.address(before=str(page.older), day=days[-1].day.isoformat())
    return {
        "days": days,
        "older": older,
        "count": len(page.entries),
        "is_long": len(page.entries) > FEW_ENTRIES,
        "choice": choice,
        "part": reverse("customer_timeline", args=[person.customer.pk]),
        "chips": [
            ("", _("Everything"), choice.address(show="")),
            *((s.key, s.title, choice.address(show=s.key)) for s in timeline.sources.values()),
        ],
        "may_export": may(request, "export"),
    }


def _days(entries: Sequence[TimelineEntry], zone: str, last_day: date | None) -> list[Day]:
    today = day_of(now(), zone)
    return [
        Day(day, day == today, day == last_day, list(found))
        for day, found in groupby(entries, key=lambda entry: day_of(entry.at, zone))
    ]


def _address(customer: Customer, choice: Choice) -> str:
    return (customer.get_absolute_url() + choice.address()).removesuffix("?")


def _plain(entry: TimelineEntry) -> tuple[str, str, str, str, str, int | None]:
    return (
        entry.at.isoformat(),
        entry.source,
        str(entry.title),
        str(entry.detail),
        str(entry.tag),
        entry.score,
    )


def _file(body: str, name: str) -> HttpResponse:
    kind = "application/json" if name.endswith(".json") else "text/csv"
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.parse(text) if text else None
    except ValueError:
        return None
