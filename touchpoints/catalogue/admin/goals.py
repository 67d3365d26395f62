"""Staff doors to goals and dimensions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from touchpoints.catalogue import services
from touchpoints.catalogue.admin.base import CountingAdmin
from touchpoints.catalogue.forms import DimensionForm, GoalForm
from touchpoints.catalogue.models import Dimension, Goal


@admin.register(Goal)
class GoalAdmin(CountingAdmin):
    """What we want to happen."""

    lead = _(
        "What you want to happen: a purchase, a subscription, a download, a visit to the store. "
        "Conversion is the share of visits with the primary goal."
    )
    form = GoalForm
    counting = frozenset(
        {
            "event_name",
            "page_pattern",
            "touchpoint",
            "is_primary",
            "value",
            "currency",
            "once_per_visit",
        }
    )
    list_display = ("name", "kind", "reached_by", "primary", "worth", "counted")
    list_filter = ("kind", "is_primary")
    list_select_related = ("touchpoint",)
    search_fields = ("name", "key", "event_name", "page_pattern", "touchpoint__name")
    prepopulated_fields = {"key": ("name",)}
    autocomplete_fields = ("touchpoint",)
    fieldsets = (
        (None, {"fields": ("name", "key", "kind", "is_primary")}),
        (
            _("How it is reached"),
            {
                "fields": ("event_name", "page_pattern", "touchpoint"),
                "description": _("One is enough. Where you fill in several, all must hold."),
            },
        ),
        (_("What one is worth"), {"fields": (("value", "currency"), "once_per_visit")}),
    )

    @admin.display(description=_("Reached by"))
    def reached_by(self, goal: Goal) -> str:
        """Return what reaches it."""
        parts = [goal.event_name, goal.page_pattern, str(goal.touchpoint or "")]
        return " + ".join(part for part in parts if part)

    @admin.display(description=_("Primary goal"), ordering="is_primary", empty_value="–")
    def primary(self, goal: Goal) -> str | None:
        """Return yes for the one that is."""
        return str(_("yes")) if goal.is_primary else None

    @admin.display(description=_("Worth"), ordering="value", empty_value="–")
    def worth(self, goal: Goal) -> str | None:
        """Return value and currency."""
        return f"{goal.value:,.2f} {goal.currency}".strip() if goal.value is not None else None

    @admin.display(description=_("Counts"), ordering="once_per_visit")
    def counted(self, goal: Goal) -> str:
        """Return how often it counts."""
        return str(_("once per visit") if goal.once_per_visit else _("each time"))

    def count_again(self, request: HttpRequest) -> None:
        """Have history counted by the goals of today, and say so."""
        page = services.recount_goals()
        if page:
            messages.info(
                request,
                format_html(
                    '{} <a href="{}">{}</a>',
                    _("What happened before is being counted by the goals of today."),
                    page,
                    _("See how far it is"),
                ),
            )

    def save_model(self, request: HttpRequest, obj: Goal, form: Any, change: bool) -> None:
        """Let the goal that was primary step back."""
        if obj.is_primary:
            Goal.objects.filter(is_primary=True).exclude(pk=obj.pk).update(is_primary=False)
        super().save_model(request, obj, form, change)


@admin.register(Dimension)
class DimensionAdmin(CountingAdmin):
    """What figures are broken down by."""

    lead = _("Properties of events by whose values visits and conversion are broken down.")
    form = DimensionForm
    list_display = ("title", "key", "property")
    search_fields = ("title", "key", "property")
    prepopulated_fields = {"key": ("title",)}
    fields = ("title", "key", "property")
