"""The staff door to touchpoints."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

from cxm.workspaces import audit
from touchpoints.catalogue import services
from touchpoints.catalogue.admin.base import CountingAdmin
from touchpoints.catalogue.forms import TouchpointForm
from touchpoints.catalogue.models import Touchpoint

# What a copy takes over; how interactions find the original stays with the original.
COPIED = (
    "channel",
    "phase",
    "description",
    "content",
    "keywords",
    "importance_customer",
    "importance_business",
    "moment_of_truth",
    "owner",
    "department",
    "icon",
    "goal_event",
)

# What decides where interactions are found.
FINDING = frozenset({"event_names", "page_prefix", "status"})


@admin.register(Touchpoint)
class TouchpointAdmin(CountingAdmin):
    """Places where customers meet us."""

    lead = _("Where customers meet you. Each has a page with its scores and latest interactions.")
    counting = frozenset({"goal_event"})
    form = TouchpointForm
    list_display = (
        "name",
        "page",
        "channel",
        "phase",
        "importance",
        "status",
        "truth",
        "owner_name",
        "matched_by",
    )
    list_filter = (
        "status",
        ("phase", admin.RelatedOnlyFieldListFilter),
        ("channel", admin.RelatedOnlyFieldListFilter),
        "channel__kind",
        "moment_of_truth",
        "importance_customer",
        "importance_business",
        "department",
    )
    list_select_related = ("channel", "phase", "owner__user")
    list_filter_submit = True
    search_fields = (
        "name",
        "key",
        "description",
        "content",
        "keywords",
        "department",
        "page_prefix",
        "goal_event",
    )
    autocomplete_fields = ("channel",)
    prepopulated_fields = {"key": ("name",)}
    readonly_fields = ("picture_there",)
    actions = ("archive", "bring_back")
    actions_detail = ("see", "duplicate")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the picture, and the way to remove it, where there is one."""
        picture: tuple[str, ...] = ("upload",)
        if obj and obj.picture:
            picture = ("picture_there", "upload", "drop_picture")
        return (
            (None, {"fields": ("name", "key", "channel", "phase", "status")}),
            (
                _("What happens here"),
                {"fields": ("description", "content", "keywords", *picture)},
            ),
            (
                _("How much it matters"),
                {"fields": (("importance_customer", "importance_business"), "moment_of_truth")},
            ),
            (_("Who answers for it"), {"fields": ("owner", "department", "icon")}),
            (
                _("How interactions find it"),
                {
                    "fields": ("event_names", "page_prefix", "goal_event"),
                    "description": _(
                        "Rules with conditions come first; they have a page of their own."
                    ),
                },
            ),
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """Begin a copy with what the original has."""
        initial = super().get_changeform_initial_data(request)
        original = self._original(request)
        if original is None:
            return initial
        name = _("%(name)s (copy)") % {"name": original.name}
        copied = {field: getattr(original, field) for field in COPIED}
        return {
            **initial,
            **copied,
            "name": name,
            "key": services.free_key(Touchpoint, original.key),
            "status": Touchpoint.Status.PLANNED,
        }

    def _original(self, request: HttpRequest) -> Touchpoint | None:
        try:
            wanted = UUID(request.GET.get("like", ""))
        except ValueError:
            return None
        return self.get_queryset(request).filter(pk=wanted).first()

    def save_model(self, request: HttpRequest, obj: Touchpoint, form: Any, change: bool) -> None:
        """Save, with the picture that was sent or without the one that shall go."""
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("upload"):
            services.put_picture(touchpoint=obj, file=form.cleaned_data["upload"])
        elif form.cleaned_data.get("drop_picture"):
            services.drop_picture(touchpoint=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, and offer to go through history where interactions find other places now."""
        super().save_related(request, form, formsets, change)
        if not FINDING.isdisjoint(form.changed_data):
            messages.info(
                request,
                format_html(
                    '{} <a href="{}?saved={}">{}</a>',
                    _("New interactions follow from now on; what was stored before stays."),
                    reverse("touchpoint_rules"),
                    form.instance.pk,
                    _("Go through history"),
                ),
            )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete it, and its picture when that is sure."""
        with transaction.atomic():
            services.forget_picture(obj.picture)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete the chosen ones, and their pictures when that is sure."""
        with transaction.atomic():
            for name in queryset.values_list("picture", flat=True):
                services.forget_picture(name)
            super().delete_queryset(request, queryset)

    @action(description=_("See how it goes"), url_path="see")
    def see(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the touchpoint's page."""
        return redirect("touchpoint", pk=object_id)

    @action(description=_("Duplicate"), url_path="duplicate", permissions=["duplicate"])
    def duplicate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Open the form for a copy; nothing is written before it is saved."""
        return redirect(f"{reverse('admin:catalogue_touchpoint_add')}?like={UUID(object_id)}")

    def has_duplicate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may add touchpoints may copy them."""
        return bool(self.has_add_permission(request))

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Retire the chosen ones: they keep what they have and get nothing by rules any more."""
        done = self._set_status(queryset, Touchpoint.Status.RETIRED)
        messages.success(
            request,
            ngettext(
                "%(n)d touchpoint archived; its history stays.",
                "%(n)d touchpoints archived; their history stays.",
                done,
            )
            % {"n": done},
        )

    @admin.action(description=_("Bring back from the archive"), permissions=["change"])
    def bring_back(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Make the chosen ones active."""
        done = self._set_status(queryset, Touchpoint.Status.ACTIVE)
        messages.success(
            request,
            ngettext("%(n)d touchpoint is active.", "%(n)d touchpoints are active.", done)
            % {"n": done},
        )

    def _set_status(self, queryset: models.QuerySet[Any], status: str) -> int:
        rows = list(queryset.exclude(status=status))
        for row in rows:
            audit.record("changed", row, {"status": (row.status, status)})
        return queryset.exclude(status=status).update(status=status)

    @admin.display(description=_("Page"))
    def page(self, touchpoint: Touchpoint) -> SafeString:
        """Return a link to the touchpoint's page."""
        return format_html(
            '<a href="{}">{}</a>', reverse("touchpoint", args=[touchpoint.pk]), _("How it goes")
        )

    @admin.display(description=_("Customer / us"), ordering="importance_customer")
    def importance(self, touchpoint: Touchpoint) -> str:
        """Return its importance to the customer and to us."""
        customer, us = touchpoint.importance_customer, touchpoint.importance_business
        return "–" if customer is None and us is None else f"{customer or '–'} / {us or '–'}"

    @admin.display(description=_("Moment of truth"), ordering="moment_of_truth", empty_value="–")
    def truth(self, touchpoint: Touchpoint) -> str | None:
        """Return yes where it is one; the others have nothing wrong with them."""
        return str(_("yes")) if touchpoint.moment_of_truth else None

    @admin.display(description=_("Owner"), ordering="owner__user__name", empty_value="–")
    def owner_name(self, touchpoint: Touchpoint) -> str | None:
        """Return who answers for it."""
        return str(touchpoint.owner.user) if touchpoint.owner else None

    @admin.display(description=_("Found by"), empty_value="–")
    def matched_by(self, touchpoint: Any) -> str:
        """Return how interactions find it."""
        rules = ngettext("%(n)d rule", "%(n)d rules", touchpoint.rules_there) % {
            "n": touchpoint.rules_there
        }
        parts = [*touchpoint.event_names[:3], touchpoint.page_prefix]
        if touchpoint.rules_there:
            parts.insert(0, rules)
        return ", ".join(part for part in parts if part)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Count the rules along."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        counted: models.QuerySet[Any] = rows.annotate(rules_there=models.Count("rules"))
        return counted

    @admin.display(description=_("Picture"))
    def picture_there(self, touchpoint: Touchpoint) -> SafeString:
        """Show the picture."""
        return format_html(
            '<img class="cat-picture" src="{}" alt="{}" width="240">',
            reverse("touchpoint_picture", args=[touchpoint.pk]),
            touchpoint.name,
        )
