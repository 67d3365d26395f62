"""The page of one customer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.common.clock import day_of, now
from cxm.customers import timeline
from cxm.customers.forms import EraseForm
from cxm.customers.models import Customer
from cxm.customers.privacy import erase_customer, export_customer
from cxm.customers.reports import consents_of, identities_of, segments_of
from cxm.customers.timeline import TimelineEntry
from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page

SHOWN_ENTRIES = 60


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day of the workspace."""

    day: date
    is_today: bool
    entries: Sequence[TimelineEntry]


@require_GET
@workspace_page("customers.view_customer")
def customer_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show who the customer is and what happened, with contact data masked."""
    return _page(request, _customer(pk), shown=False)


@require_POST
@workspace_page("customers.view_customer")
def show_contact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show the contact data this once, and write down who looked."""
    customer = _customer(pk)
    audit.record("shown contact data of", customer, {})
    return _page(request, customer, shown=True)


@require_POST
@workspace_page("customers.view_customer")
def export(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hand out everything that is kept about the customer, as a file."""
    customer = _customer(pk)
    _require(request, "export")
    body = json.dumps(export_customer(customer), ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="customer-{customer.number}.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@workspace_page("customers.view_customer")
def erase(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask whether to erase the customer, and erase them when their number is typed."""
    customer = _customer(pk)
    _require(request, "erase")
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


def _page(request: MemberRequest, customer: Customer, *, shown: bool) -> HttpResponse:
    chosen = request.GET.get("show", "")
    if chosen not in timeline.sources:
        chosen = ""
    entries = timeline.entries_of(customer, limit=SHOWN_ENTRIES, key=chosen)
    response = render_page(
        request,
        "customers/customer.html",
        {
            "customer": customer,
            "shown": shown,
            "identities": identities_of(customer),
            "consents": consents_of(customer),
            "segments": segments_of(customer),
            "days": _days(entries, request.workspace.timezone),
            "zone": ZoneInfo(request.workspace.timezone),
            "sources": list(timeline.sources.values()),
            "chosen": chosen,
            "is_full": len(entries) == SHOWN_ENTRIES,
            "limit": SHOWN_ENTRIES,
            "may_change": not customer.is_erased
            and request.user.has_perm("customers.change_customer"),
            "may_export": request.user.has_perm("customers.export_customer"),
            "may_erase": not customer.is_erased
            and request.user.has_perm("customers.erase_customer"),
        },
    )
    if shown:
        response["Cache-Control"] = "no-store"
    return response


def _days(entries: Sequence[TimelineEntry], zone: str) -> list[Day]:
    today = day_of(now(), zone)
    return [
        Day(day, day == today, list(found))
        for day, found in groupby(entries, key=lambda entry: day_of(entry.at, zone))
    ]


def _customer(pk: UUID) -> Customer:
    return get_object_or_404(Customer, pk=pk)


def _require(request: MemberRequest, verb: str) -> None:
    if not request.user.has_perm(f"customers.{verb}_customer"):
        raise PermissionDenied
