"""Pages on which two customers become one person, and two again."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.api.errors import DomainError
from cxm.customers.facts import facts_of
from cxm.customers.models import Customer, Merge, Suggestion
from cxm.customers.reports import (
    Person,
    identities_of,
    pairs,
    people_of,
    segments_of,
    waiting,
)
from cxm.customers.services import dismiss_suggestion, merge, undo_merge
from cxm.customers.views.base import find_person, require
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page

FOUND_AT_MOST: Final = 20
PAIRS_A_PAGE: Final = 25


@require_http_methods(["GET", "POST"])
@workspace_page("customers.view_customer")
def merge_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Find the other one, compare both, and merge them."""
    person = find_person(pk)
    require(request, "change")
    customer = person.customer
    if customer.is_erased or customer.pk != pk:
        return redirect(customer)
    given = request.POST if request.method == "POST" else request.GET
    other = _chosen(given.get("with", ""), person)
    if request.method == "POST":
        if other is None:
            raise Http404
        keep = other.customer if given.get("keep") == "other" else customer
        lose = customer if keep is other.customer else other.customer
        return _merge(request, keep, lose, Merge.Reason.MANUAL)
    query = given.get("q", "").replace("\x00", "").strip()[:100]
    found = Customer.objects.present().search(query).exclude(pk=customer.pk)
    results = list(found.values_list("pk", flat=True)[:FOUND_AT_MOST]) if query else []
    return render_page(
        request,
        "customers/merge.html",
        {
            "customer": customer,
            "person": person,
            "other": other,
            "sides": [_side(one) for one in (person, other)] if other else [],
            "query": query,
            "results": people_of(results),
            "is_full": len(results) == FOUND_AT_MOST,
            "pairs": [(p, p.other_than(customer.pk)) for p in pairs(list(waiting(customer)[:5]))],
        },
    )


@require_POST
@workspace_page("customers.view_customer")
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a merge back."""
    found = get_object_or_404(Merge.objects.select_related("winner", "loser"), pk=pk)
    require(request, "change")
    try:
        undo_merge(merge=found, by=request.user)
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect(found.loser)
    messages.success(
        request,
        format_html(
            _("Taken apart: this page is {} again, and {} is a person of their own."),
            found.winner.number,
            _link(found.loser),
        ),
    )
    return redirect(found.winner)


@require_GET
@workspace_page("customers.view_customer")
def duplicates(request: MemberRequest) -> HttpResponse:
    """List pairs who may be one person, latest first."""
    page = Paginator(waiting(), PAIRS_A_PAGE).get_page(request.GET.get("page"))
    return render_page(
        request,
        "customers/duplicates.html",
        {
            "page": page,
            "pairs": pairs(list(page.object_list)),
            "may_change": request.user.has_perm("customers.change_customer"),
        },
    )


@require_POST
@workspace_page("customers.view_customer")
def merge_suggested(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Merge a suggested pair; the older customer stays."""
    found = _suggestion(pk)
    require(request, "change")
    older, younger = sorted((found.first, found.second), key=lambda one: (one.created_at, one.pk))
    return _merge(request, older, younger, Merge.Reason.SUGGESTION)


def _leave(request: MemberRequest, customer: Customer) -> HttpResponse:
    """Go back to the list if the form stood there, else to the customer."""
    return redirect("duplicates" if request.POST.get("back") == "list" else customer)


@require_POST
@workspace_page("customers.view_customer")
def tell_apart(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write down that a suggested pair are two people."""
    found = _suggestion(pk)
    require(request, "change")
    dismiss_suggestion(suggestion=found, by=request.user)
    messages.success(request, _("Noted: they are not the same. No system merges them either."))
    asked_on = request.POST.get("customer", "")
    return _leave(request, found.second if asked_on == str(found.second.root) else found.first)


def _merge(
    request: MemberRequest, winner: Customer, loser: Customer, reason: Merge.Reason
) -> HttpResponse:
    try:
        done = merge(winner=winner, loser=loser, by=request.user, reason=reason)
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect(winner)
    messages.success(
        request,
        format_html(
            _("{} is a part of {} now. You can undo it there, in the card Identity."),
            done.loser.number,
            _link(done.winner),
        ),
    )
    return _leave(request, done.winner)


def _side(person: Person) -> dict[str, object]:
    return {
        "person": person,
        "identities": identities_of(person.customer),
        "segments": segments_of(person.customer),
        "facts": facts_of(person.customer, person.ids),
    }


def _chosen(text: str, person: Person) -> Person | None:
    """Return the other person that is named by an id; None for none or a part of the first."""
    try:
        other = find_person(UUID(text))
    except ValueError:
        return None
    gone = other.customer.is_erased or other.customer.pk == person.customer.pk
    return None if gone else other


def _suggestion(pk: UUID) -> Suggestion:
    return get_object_or_404(Suggestion.objects.select_related("first", "second"), pk=pk)


def _link(customer: Customer) -> str:
    return format_html('<a href="{}">{}</a>', customer.get_absolute_url(), customer.number)
