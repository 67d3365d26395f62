"""Staff doors to channels, touchpoints, goals and dimensions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.admin_base import WorkspaceAdmin
from touchpoints.catalogue import services
from touchpoints.catalogue.forms import TouchpointForm
from touchpoints.catalogue.models import Channel, Dimension, Goal, Touchpoint


class _CountingAdmin(WorkspaceAdmin):
    """Figures are counted by these rows: a change asks for a new count in the same transaction.

    Attributes:
        counting: the fields that matter; None for every one.
    """

    counting: ClassVar[frozenset[str] | None] = None

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, then ask."""
        super().save_related(request, form, formsets, change)
        if self.counting is None or not self.counting.isdisjoint(form.changed_data):
            services.refigure()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one row and ask."""
        with transaction.atomic():
            super().delete_model(request, obj)
            services.refigure()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete the chosen rows and ask."""
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            services.refigure()


@admin.register(Channel)
class ChannelAdmin(WorkspaceAdmin):
    """Ways between customers and us."""

    lead = _("The ways on which customers reach you. Every workspace starts with the usual ones.")
    list_display = ("name", "kind", "key", "touchpoint_count", "position")
    list_filter = ("kind",)
    search_fields = ("name", "key")
    fields = ("name", "key", "kind", "icon", "position")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Count the touchpoints along."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        counted: models.QuerySet[Any] = rows.annotate(touchpoints_there=models.Count("touchpoints"))
        return counted

    @admin.display(description=_("Touchpoints"), ordering="touchpoints_there")
    def touchpoint_count(self, channel: Any) -> int:
        """Return how many touchpoints lie on it."""
        count: int = channel.touchpoints_there
        return count

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A channel with touchpoints stays."""
        if isinstance(obj, Channel) and obj.touchpoints.exists():
            return False
        return bool(super().has_delete_permission(request, obj))

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer no deletion of many: those with touchpoints must stay."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


@admin.register(Touchpoint)
class TouchpointAdmin(_CountingAdmin):
    """Places where customers meet us."""

    lead = _("Where customers meet you. Each has a page with its scores and latest interactions.")
    counting = frozenset({"goal_event"})
    form = TouchpointForm
    list_display = (
        "name",
        "page",
        "channel",
        "phase",
        "status",
        "truth",
        "owner_name",
        "matched_by",
    )
    list_filter = (
        "status",
        ("phase", admin.RelatedOnlyFieldListFilter),
        "moment_of_truth",
        "channel__kind",
        "department",
    )
    list_select_related = ("channel", "phase", "owner__user")
    search_fields = ("name", "key", "description", "page_prefix", "goal_event")
    autocomplete_fields = ("channel",)
    prepopulated_fields = {"key": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "key", "channel", "phase", "status", "description")}),
        (_("Who answers for it"), {"fields": ("owner", "department", "moment_of_truth", "icon")}),
        (
            _("How interactions find it"),
            {"fields": ("event_names", "page_prefix", "goal_event")},
        ),
    )

    @admin.display(description=_("Page"))
    def page(self, touchpoint: Touchpoint) -> SafeString:
        """Return a link to the touchpoint's page."""
        return format_html(
            '<a href="{}">{}</a>', reverse("touchpoint", args=[touchpoint.pk]), _("How it goes")
        )

    @admin.display(description=_("Moment of truth"), ordering="moment_of_truth", empty_value="–")
    def truth(self, touchpoint: Touchpoint) -> str | None:
        """Return yes where it is one; the others have nothing wrong with them."""
        return str(_("yes")) if touchpoint.moment_of_truth else None

    @admin.display(description=_("Owner"), ordering="owner__user__name", empty_value="–")
    def owner_name(self, touchpoint: Touchpoint) -> str | None:
        """Return who answers for it."""
        return str(touchpoint.owner.user) if touchpoint.owner else None

    @admin.display(description=_("Found by"), empty_value="–")
    def matched_by(self, touchpoint: Touchpoint) -> str:
        """Return how interactions find it."""
        return ", ".join([*touchpoint.event_names[:3], touchpoint.page_prefix]).strip(", ")


@admin.register(Goal)
class GoalAdmin(_CountingAdmin):
    """What we want to happen."""

    lead = _("Events that you want to happen. Conversion is the share of visits with the primary.")
    counting = frozenset({"event_name", "is_primary"})
    list_display = ("name", "event_name", "is_primary", "value")
    list_filter = ("is_primary",)
    search_fields = ("name", "key", "event_name")
    prepopulated_fields = {"key": ("name",)}
    fields = ("name", "key", "event_name", "is_primary", "value")

    def save_model(self, request: HttpRequest, obj: Goal, form: Any, change: bool) -> None:
        """Let the goal that was primary step back."""
        if obj.is_primary:
            Goal.objects.filter(is_primary=True).exclude(pk=obj.pk).update(is_primary=False)
        super().save_model(request, obj, form, change)


@admin.register(Dimension)
class DimensionAdmin(_CountingAdmin):
    """What figures are broken down by."""

    lead = _("Properties of events by whose values visits and conversion are broken down.")
    list_display = ("title", "key", "property")
    search_fields = ("title", "key", "property")
    prepopulated_fields = {"key": ("title",)}
    fields = ("title", "key", "property")
