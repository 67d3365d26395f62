"""Staff doors to channels with their words, and to phase models with their phases."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.admin_base import WorkspaceTabularInline
from touchpoints.catalogue.admin.base import CatalogueAdmin
from touchpoints.catalogue.forms import ChannelForm, ChannelWordForm, PhaseForm, PhaseModelForm
from touchpoints.catalogue.models import Channel, ChannelWord, Phase, PhaseModel


class WordInline(WorkspaceTabularInline):
    """The workspace's own words for a channel."""

    model = ChannelWord
    form = ChannelWordForm
    fields = ("field", "text")
    verbose_name_plural = _("Own words: visits with one of them belong to this channel")


@admin.register(Channel)
class ChannelAdmin(CatalogueAdmin):
    """Ways between customers and us."""

    lead = _("The ways on which customers reach you. Every workspace starts with the usual ones.")
    form = ChannelForm
    list_display = ("name", "kind", "key", "touchpoint_count", "own_words", "position")
    list_filter = ("kind",)
    search_fields = ("name", "key", "words__text")
    fields = ("name", "key", "kind", "icon", "position")
    inlines = (WordInline,)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Count the touchpoints and words along."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        counted: models.QuerySet[Any] = rows.annotate(
            touchpoints_there=models.Count("touchpoints", distinct=True),
            words_there=models.Count("words", distinct=True),
        )
        return counted

    @admin.display(description=_("Touchpoints"), ordering="touchpoints_there")
    def touchpoint_count(self, channel: Any) -> int:
        """Return how many touchpoints lie on it."""
        count: int = channel.touchpoints_there
        return count

    @admin.display(description=_("Own words"), ordering="words_there", empty_value="–")
    def own_words(self, channel: Any) -> int | None:
        """Return how many words of the workspace lead to it."""
        count: int = channel.words_there
        return count or None

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


class PhaseInline(WorkspaceTabularInline):
    """The phases of a model: drag them, or write their numbers."""

    model = Phase
    form = PhaseForm
    fields = ("position", "name", "key")
    ordering = ("position", "id")
    ordering_field = "position"
    verbose_name_plural = _("Phases, in the order of their numbers")


@admin.register(PhaseModel)
class PhaseModelAdmin(CatalogueAdmin):
    """Ways to divide what customers go through."""

    lead = _(
        "How you divide what customers go through. Three models are ready; change them or add your "
        "own. Touchpoints lie in phases."
    )
    form = PhaseModelForm
    list_display = ("name", "phases_there", "first", "used")
    search_fields = ("name", "key", "phases__name")
    fields = ("name", "key", "is_cycle", "is_default")
    prepopulated_fields = {"key": ("name",)}
    inlines = (PhaseInline,)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Fetch the phases and count the touchpoints along."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        counted: models.QuerySet[Any] = rows.annotate(
            touchpoints_there=models.Count("phases__touchpoints", distinct=True)
        ).prefetch_related(models.Prefetch("phases", Phase.objects.order_by("position", "id")))
        return counted

    @admin.display(description=_("Phases"))
    def phases_there(self, model: PhaseModel) -> SafeString:
        """Return the phases in order; a cycle leads back."""
        names = [phase.name for phase in model.phases.all()]
        return format_html("{}{}", " → ".join(names), " ↺" if model.is_cycle and names else "")

    @admin.display(description=_("Used first"), ordering="is_default", empty_value="–")
    def first(self, model: PhaseModel) -> str | None:
        """Return yes for the one that is; the others have nothing wrong with them."""
        return str(_("yes")) if model.is_default else None

    @admin.display(description=_("Touchpoints"), ordering="touchpoints_there")
    def used(self, model: Any) -> int:
        """Return how many touchpoints lie in its phases."""
        count: int = model.touchpoints_there
        return count

    def save_model(self, request: HttpRequest, obj: PhaseModel, form: Any, change: bool) -> None:
        """Let the model that was used first step back."""
        if obj.is_default:
            PhaseModel.objects.filter(is_default=True).exclude(pk=obj.pk).update(is_default=False)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The model used first stays: imports mean its phases."""
        if isinstance(obj, PhaseModel) and obj.is_default:
            return False
        return bool(super().has_delete_permission(request, obj))

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer no deletion of many: the one used first must stay."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions
