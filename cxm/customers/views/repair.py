"""Pages that mend a wrong connection: an identity moves, is split off, or is marked as shared."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.api.errors import DomainError
from cxm.customers.forms import MoveForm
from cxm.customers.keys import CRM
from cxm.customers.models import Identity
from cxm.customers.reports import person_of
from cxm.customers.services import (
    move_identity,
    share_identity,
    split_identity,
    unshare_identity,
)
from cxm.customers.views.base import require
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page

SHARED_A_PAGE: Final = 50


@require_http_methods(["GET", "POST"])
@workspace_page("customers.view_customer")
def identity_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say whose an identity is, and offer what can be mended; a POST moves it."""
    identity = _identity(pk)
    require(request, "change")
    if identity.customer is None:
        return redirect("shared_identities")
    form = MoveForm(request.POST or None, identity=identity)
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data["to"]
        try:
            move_identity(identity=identity, to=target)
        except DomainError as error:
            form.add_error("to", error.detail)
        else:
            messages.success(
                request,
                _("Moved to %(number)s, with what came by it alone.") % {"number": target.number},
            )
            return redirect(target)
    return render_page(
        request,
        "customers/identity.html",
        {
            "identity": identity,
            "person": person_of(identity.customer),
            "form": form,
            "may_be_shared": identity.kind != CRM,
        },
    )


@require_POST
@workspace_page("customers.view_customer")
def split(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Make a customer of their own out of the identity."""
    identity = _identity(pk)
    require(request, "change")
    try:
        customer = split_identity(identity=identity)
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("shared_identities")
    messages.success(
        request,
        _("This is %(number)s now, a person of their own.") % {"number": customer.number},
    )
    return redirect(customer)


@require_POST
@workspace_page("customers.view_customer")
def share(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Mark the identity as used by several people."""
    identity = _identity(pk)
    require(request, "change")
    owner = identity.customer
    try:
        share_identity(identity=identity)
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("customer_identity", pk)
    messages.success(request, _("Marked as shared. It means nobody from now on."))
    return redirect("duplicates" if request.POST.get("back") == "list" or owner is None else owner)


@require_POST
@workspace_page("customers.view_customer")
def unshare(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Let the identity be taken by whoever comes with it next."""
    identity = _identity(pk)
    require(request, "change")
    unshare_identity(identity=identity)
    messages.success(request, _("No longer shared. Whoever comes with it next is known by it."))
    return redirect("shared_identities")


@require_GET
@workspace_page("customers.view_customer")
def shared_identities(request: MemberRequest) -> HttpResponse:
    """List what is marked as shared, latest first."""
    rows = Identity.objects.filter(shared_at__isnull=False).order_by("-shared_at", "-id")
    return render_page(
        request,
        "customers/shared.html",
        {
            "page": Paginator(rows, SHARED_A_PAGE).get_page(request.GET.get("page")),
            "may_change": request.user.has_perm("customers.change_customer"),
        },
    )


def _identity(pk: UUID) -> Identity:
    return get_object_or_404(Identity.objects.select_related("customer"), pk=pk)
