"""Contacts that people enter by hand."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.customers.models import Customer
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.interactions import services
from touchpoints.interactions.contact_forms import STAMP, ContactForm
from touchpoints.interactions.models import StaffContact

LATEST: Final = 8
FOUND: Final = 8
# What stays as it is when the next contact is entered at once.
KEPT: Final = ("touchpoint", "place", "by", "currency")


@require_http_methods(["GET", "POST"])
@workspace_page("interactions.add_staffcontact")
def contact_new(request: MemberRequest) -> HttpResponse:
    """Enter a contact; "Save and another" keeps where it was and who had it."""
    if request.method == "POST":
        form = ContactForm(request.POST, workspace=request.workspace)
        if form.is_valid() and (entry := _save(request, form)) is not None:
            messages.success(request, _("Saved. You can take it back within ten minutes."))
            if "another" not in request.POST:
                return redirect(entry.touchpoint)
            kept = {name: request.POST.get(name, "") for name in KEPT}
            return redirect(f"{reverse('contact_new')}?{urlencode(kept)}")
    else:
        asked = {name: request.GET.get(name, "") for name in (*KEPT, "customer")}
        form = ContactForm(
            initial={
                "by": asked["by"] or str(request.user),
                **{name: value for name, value in asked.items() if value},
                "at": now().astimezone(ZoneInfo(request.workspace.timezone)).strftime(STAMP),
            },
            workspace=request.workspace,
        )
    return render_page(
        request,
        "interactions/contact_new.html",
        {
            "form": form,
            "chosen": _chosen(form),
            "latest": [
                (entry, entry.may_be_undone(request.membership, now()))
                for entry in StaffContact.objects.for_workspace(request.workspace)
                .filter(entered_by=request.membership)
                .select_related("touchpoint", "customer")[:LATEST]
            ],
        },
        status=422 if form.errors else 200,
    )


@require_GET
@workspace_page("interactions.add_staffcontact")
def contact_customers(request: MemberRequest) -> HttpResponse:
    """Send the customers whom some words fit, to choose one."""
    words = request.GET.get("who", "").strip()
    people = Customer.objects.for_workspace(request.workspace).present()
    return render(
        request,
        "interactions/_contact_customers.html",
        {"people": list(people.search(words)[:FOUND]) if len(words) > 1 else [], "words": words},
    )


@require_POST
@workspace_page("interactions.add_staffcontact")
def contact_undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a contact back."""
    entry = get_object_or_404(
        StaffContact.objects.for_workspace(request.workspace).select_related("workspace"), pk=pk
    )
    try:
        services.undo_contact(entry=entry, by=request.membership)
    except DomainError as error:
        messages.error(request, str(error.detail))
    else:
        messages.success(request, _("Taken back, with everything that it added to the figures."))
    return redirect("contact_new")


def _save(request: MemberRequest, form: ContactForm) -> StaffContact | None:
    data = form.cleaned_data
    goal = data["goal"]
    facts = services.ContactFacts(
        touchpoint=data["touchpoint"],
        occurred_at=data["at"],
        customer=form.person,
        event=goal.event_name if goal is not None else "",
        place=data["place"],
        by=data["by"],
        note=data["note"],
        outcome=data["outcome"],
        value=data["value"],
        currency=data["currency"],
    )
    try:
        return services.record_contact(
            workspace=request.workspace, facts=facts, entered_by=request.membership
        )
    except DomainError as error:
        form.add_error("at" if error.code == "bad_time" else None, str(error.detail))
        return None


def _chosen(form: ContactForm) -> Customer | None:
    """Return the customer who is chosen already, to be shown."""
    value = form["customer"].value()
    try:
        wanted = UUID(str(value)) if value else None
    except ValueError:
        return None
    people = Customer.objects.for_workspace(form.workspace).present()
    return people.filter(pk=wanted).first() if wanted else None
