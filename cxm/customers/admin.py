"""Staff doors to customers and segments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from cxm.customers.forms import ConditionForm, IdentityForm, SuppressionForm
from cxm.customers.keys import EMAIL, KINDS, PHONE
from cxm.customers.models import Customer, Identity, Segment, SegmentCondition, Suppression
from cxm.customers.reports import Person, sizes_of
from cxm.customers.services import lock_identities, next_number
from cxm.customers.words import CHANNEL_WORDS, REASON_WORDS
from cxm.workspaces.admin_base import WorkspaceAdmin, WorkspaceTabularInline

Choices = Iterable[tuple[str, Any]]


class IdentityFilter(admin.SimpleListFilter):
    """Customers who are known by a kind of identity."""

    title = _("known by")
    parameter_name = "known_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Return the kinds."""
        return Identity.Kind.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
        """Keep those who have the kind."""
        if self.value() not in KINDS:
            return queryset
        known = Identity.objects.filter(customer__root=OuterRef("pk"), kind=self.value())
        return queryset.filter(Exists(known))


class SegmentFilter(admin.SimpleListFilter):
    """Customers who are in a segment now."""

    title = _("segment")
    parameter_name = "segment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Return the segments of the workspace."""
        return [(str(pk), name) for pk, name in Segment.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
        """Keep those who are in the segment."""
        chosen = self.value()
        if chosen is None or chosen not in {key for key, _name in self.lookup_choices}:
            return queryset
        segment = Segment.objects.get(pk=chosen)
        return queryset.filter(erased_at=None).filter(segment.test())


class StateFilter(admin.SimpleListFilter):
    """Customers who are there, or who were erased."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Return the two states."""
        return [("present", _("Not erased")), ("erased", _("Erased"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
        """Keep those in the state."""
        if self.value() in ("present", "erased"):
            return queryset.filter(erased_at__isnull=self.value() == "present")
        return queryset


class KnownIdentityInline(WorkspaceTabularInline):
    """The identities that a customer has: masked, taken away, never changed."""

    model = Identity
    hide_title = True
    fields = ("kind", "system", "shown")
    readonly_fields = fields
    verbose_name_plural = _("identities")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """New ones are typed below."""
        return False

    @admin.display(description=_("identity"))
    def shown(self, identity: Identity) -> str:
        """Return the masked value."""
        return identity.masked


class NewIdentityInline(WorkspaceTabularInline):
    """Identities to be added."""

    model = Identity
    form = IdentityForm
    fields = ("kind", "system", "value")
    verbose_name = _("identity")
    verbose_name_plural = _("new identities")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return none: those that exist stand above."""
        return Identity.objects.none()


def _person(customer: Customer) -> Person:
    """Return the person with what the list has fetched already."""
    absorbed = sorted(customer.absorbed.all(), key=lambda row: (row.created_at, row.pk))
    return Person(customer, tuple(absorbed))


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class CustomerList(ChangeList):
    """A list whose rows lead to the customers' pages, not to their forms."""

    def url_for_result(self, result: Any) -> str:
        """Return the address of the customer's page."""
        address: str = result.get_absolute_url()
        return address


@admin.register(Customer)
class CustomerAdmin(WorkspaceAdmin):
    """The list of customers; each has a page of its own under /app/customers/."""

    lead = _("Everybody whom your sources, surveys and systems know. Contact data is masked.")
    list_display = ("person", "number", "contact", "language", "created_at", "state")
    list_filter = (StateFilter, IdentityFilter, SegmentFilter, "language")
    search_fields = ("number",)
    search_help_text = _("Number, name, or a whole e-mail address, phone number or id")
    ordering = ("-created_at", "-id")
    fields = ("name", "language", "traits")

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return the tables of identities."""
        return [NewIdentityInline] if obj is None else [KnownIdentityInline, NewIdentityInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the people; who was merged is found as a part of somebody else."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.filter(merged_into=None).prefetch_related("identities", "absorbed__identities")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list whose rows lead to pages."""
        return CustomerList

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find by number, name or identity."""
        if not search_term.strip():
            return queryset, False
        return queryset.search(search_term), False

    @admin.display(description=_("Customer"), ordering="name")
    def person(self, customer: Customer) -> str:
        """Return the name, which leads to the customer's page."""
        return _person(customer).name or customer.number

    @admin.display(description=_("Contact"))
    def contact(self, customer: Customer) -> str:
        """Return the masked addresses."""
        members = (customer, *_person(customer).absorbed)
        identities = [one for member in members for one in member.identities.all()]
        shown = [one.masked for one in identities if one.kind in (EMAIL, PHONE)]
        return ", ".join(shown[:2]) or "–"

    @admin.display(description=_("State"), ordering="erased_at")
    def state(self, customer: Customer) -> SafeString | str:
        """Return a tag on those who were erased."""
        if customer.is_erased:
            return format_html('<span class="tag">{}</span>', _("Erased"))
        return ""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form to who may change; others are led to the customer's page.

        A customer who was merged has no form, and their page leads to the person's.
        """
        pk = _as_id(object_id)
        merged = Customer.objects.filter(pk=pk, merged_into__isnull=False).first() if pk else None
        if merged is not None:
            return HttpResponseRedirect(merged.get_absolute_url())
        customer = self.get_object(request, object_id)
        if customer is not None and not self.has_change_permission(request, customer):
            return HttpResponseRedirect(customer.get_absolute_url())
        response: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return response

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no for who was erased."""
        if isinstance(obj, Customer) and obj.is_erased:
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes a customer; they are erased on their page, which keeps the number."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Give a new customer a number; hold off who else adds identities meanwhile."""
        if change:
            lock_identities()
        else:
            obj.number = next_number()
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Go on to the customer's page."""
        return HttpResponseRedirect(obj.get_absolute_url())

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Go back to the customer's page."""
        return HttpResponseRedirect(obj.get_absolute_url())


class ConditionInline(WorkspaceTabularInline):
    """The conditions of a segment."""

    model = SegmentCondition
    form = ConditionForm
    fields = ("field", "name", "operator", "value")
    extra = 0
    min_num = 0


@admin.register(Segment)
class SegmentAdmin(WorkspaceAdmin):
    """Groups of customers."""

    lead = _("Groups of customers to ask, described by conditions and always up to date.")
    list_display = ("name", "described", "size")
    search_fields = ("name", "description")
    fields = ("name", "description", "match")
    inlines = (ConditionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return segments with their conditions."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.select_related("workspace").prefetch_related("conditions")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Count the customers of all segments of the page at once."""
        changes: ChangeList = super().get_changelist_instance(request)
        segments = list(changes.result_list)
        sizes = sizes_of(segments)
        for segment in segments:
            segment.counted = sizes[segment.pk]
        changes.result_list = segments
        return changes

    @admin.display(description=_("Who"))
    def described(self, segment: Segment) -> str:
        """Return the conditions as words."""
        words = [str(condition) for condition in segment.conditions.all()]
        if not words:
            return str(segment.description or _("Everybody"))
        joint = _(" or ") if segment.match == Segment.Match.ANY else _(" and ")
        return segment.description or str(joint).join(words)

    @admin.display(description=_("Customers"))
    def size(self, segment: Any) -> SafeString:
        """Return the number of customers as a link to them."""
        return format_html(
            '<a href="{}?segment={}">{}</a>',
            reverse("admin:customers_customer_changelist"),
            segment.pk,
            f"{segment.counted:,}",
        )


@admin.register(Suppression)
class SuppressionAdmin(WorkspaceAdmin):
    """Addresses that must not be written to."""

    lead = _("Nobody writes to these addresses any more. Only fingerprints of them are kept.")
    form = SuppressionForm
    list_display = ("fingerprint", "by", "why", "at")
    list_display_links = None
    list_filter = ("channel", "reason")
    fields = ("channel", "address", "reason")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: an address is suppressed or it is not."""
        return False

    @admin.display(description=_("Fingerprint"))
    def fingerprint(self, row: Suppression) -> str:
        """Return the beginning of the hash."""
        return f"{row.address_hash[:12]}…"

    @admin.display(description=_("Channel"), ordering="channel")
    def by(self, row: Suppression) -> str:
        """Return the channel in words."""
        return str(CHANNEL_WORDS.get(row.channel, row.channel))

    @admin.display(description=_("Reason"), ordering="reason")
    def why(self, row: Suppression) -> str:
        """Return the reason in words."""
        return str(REASON_WORDS.get(row.reason, row.reason))
