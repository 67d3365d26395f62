"""Staff doors to campaigns, their placements and what they cost."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from cxm.common.clock import day_of, now
from cxm.dashboards import numbers
from cxm.workspaces.admin_base import WorkspaceAdmin, WorkspaceTabularInline, workspace_of
from touchpoints.campaigns.forms import CampaignForm
from touchpoints.campaigns.models import Campaign, Placement, Spend
from touchpoints.campaigns.plan import Money
from touchpoints.campaigns.reports import money_of


class PlacementInline(WorkspaceTabularInline):
    """Where the campaign meets people."""

    model = Placement
    fields = ("name", "kind", "target_url", "source", "medium", "content", "channel", "touchpoint")
    autocomplete_fields = ("channel", "touchpoint")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Placements are deleted on their own page, which knows which ones were met."""
        return False


@admin.register(Campaign)
class CampaignAdmin(WorkspaceAdmin):
    """Campaigns; how one goes stands on its page."""

    lead = _("Efforts with a budget. Each has a page with its plan, its spend and what came of it.")
    form = CampaignForm
    list_display = ("name", "page", "status", "starts_on", "ends_on", "owner_name", "money", "word")
    list_filter = ("status", "owner")
    list_select_related = ("owner__user",)
    search_fields = ("name", "key", "utm_campaign", "utm_id", "description", "audience")
    prepopulated_fields = {"key": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "key", "status", "owner", "description")}),
        (
            _("When, for whom, in which money"),
            {"fields": ("starts_on", "ends_on", "audience", "currency")},
        ),
        (_("How visits find it"), {"fields": ("utm_campaign", "utm_id")}),
    )
    inlines: ClassVar[list[type[WorkspaceTabularInline]]] = [PlacementInline]
    actions_detail = ("open_page", "open_plan", "open_spend")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start today, with the currency of the newest campaign."""
        workspace = workspace_of(request)
        newest = Campaign.objects.order_by("-created_at").values_list("currency", flat=True).first()
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        if workspace is not None:
            initial.setdefault("starts_on", day_of(now(), workspace.timezone))
        initial.setdefault("currency", newest or "EUR")
        return initial

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Read the money of the page's campaigns, in two queries."""
        changes = super().get_changelist_instance(request)
        found = money_of(changes.result_list)
        for campaign in changes.result_list:
            campaign.money_there = found[campaign.pk]
        return changes

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What ran or cost something is archived instead."""
        if obj is None:
            return bool(super().has_delete_permission(request, obj))
        return obj.may_be_deleted() and bool(super().has_delete_permission(request, obj))

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer no deletion of many: those that ran must stay."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Go on to the media plan, which comes next."""
        if any(name in request.POST for name in ("_addanother", "_continue", "_popup")):
            return super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("marketing-plan", args=[obj.pk]))

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        """Go back to the campaign's page."""
        if any(name in request.POST for name in ("_addanother", "_continue", "_popup")):
            return super().response_change(request, obj)
        return HttpResponseRedirect(obj.get_absolute_url())

    @admin.display(description=_("Page"))
    def page(self, campaign: Campaign) -> SafeString:
        """Return a link to the campaign's page."""
        return format_html('<a href="{}">{}</a>', campaign.get_absolute_url(), _("How it goes"))

    @admin.display(description=_("Owner"), ordering="owner__user__name", empty_value="–")
    def owner_name(self, campaign: Campaign) -> str | None:
        """Return who is responsible."""
        return str(campaign.owner.user) if campaign.owner else None

    @admin.display(description=_("Spent of planned"))
    def money(self, campaign: Any) -> str:
        """Return what was spent of what was planned."""
        found: Money = campaign.money_there
        return (
            f"{numbers.number(float(found.spent))} / {numbers.number(float(found.planned))}"
            f" {campaign.currency}"
        )

    @admin.display(description=_("Word in addresses"), ordering="utm_campaign")
    def word(self, campaign: Campaign) -> str:
        """Return the word by which visits find it."""
        return campaign.utm_campaign or campaign.key

    @action(description=_("How it goes"))
    def open_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the campaign's page."""
        return HttpResponseRedirect(reverse("marketing-campaign", args=[object_id]))

    @action(description=_("Media plan"))
    def open_plan(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the plan's table."""
        return HttpResponseRedirect(reverse("marketing-plan", args=[object_id]))

    @action(description=_("Spend"))
    def open_spend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to what it cost."""
        return HttpResponseRedirect(reverse("marketing-spend", args=[object_id]))


@admin.register(Placement)
class PlacementAdmin(WorkspaceAdmin):
    """Placements with their codes."""

    lead = _("Where campaigns meet people, each with the code that stands in its address.")
    list_display = ("name", "campaign", "kind", "code", "channel", "touchpoint", "last_seen_at")
    list_filter = ("kind", "campaign", "channel")
    list_select_related = ("campaign", "channel", "touchpoint")
    search_fields = ("name", "code", "campaign__name", "target_url", "source", "medium", "content")
    autocomplete_fields = ("campaign", "channel", "touchpoint")
    readonly_fields = ("code", "last_seen_at")
    fieldsets = (
        (None, {"fields": ("campaign", "name", "kind", "target_url")}),
        (_("What visits say of it"), {"fields": ("source", "medium", "content")}),
        (_("Where it is counted"), {"fields": ("channel", "touchpoint")}),
        (_("Its code"), {"fields": ("code", "last_seen_at")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A placement stays with its campaign."""
        return ("campaign", *self.readonly_fields) if obj is not None else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A code that was met goes on working."""
        if obj is not None and obj.last_seen_at is not None:
            return False
        return bool(super().has_delete_permission(request, obj))

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer no deletion of many: those that were met must stay."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


@admin.register(Spend)
class SpendAdmin(WorkspaceAdmin):
    """What campaigns cost, day by day. It is entered on the campaign's page."""

    lead = _("What campaigns cost, day by day. Enter it on a campaign's page, or import a file.")
    list_display = ("day", "campaign", "amount", "money", "placement", "line", "note", "reference")
    list_filter = ("campaign",)
    list_select_related = ("campaign", "placement", "line__phase", "line__channel")
    search_fields = ("note", "reference", "campaign__name", "placement__name")
    date_hierarchy = "day"
    fields = ("campaign", "day", "amount", "placement", "line", "note", "reference")
    readonly_fields = ("campaign",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Spend is added to a campaign, on its page."""
        return False

    @admin.display(description=_("Currency"))
    def money(self, spend: Spend) -> str:
        """Return the campaign's currency."""
        return spend.campaign.currency

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer placements and lines of the row's own campaign."""
        match = request.resolver_match
        row = match.kwargs.get("object_id") if match else None
        if row and db_field.name in {"placement", "line"}:
            campaign = Spend.objects.filter(pk=row).values("campaign")
            model = db_field.related_model
            kwargs["queryset"] = model.objects.filter(campaign__in=campaign)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
