"""Staff doors to maps: their settings, and forms from which a whole map can be built."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import Field, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.admin_base import WorkspaceAdmin, WorkspaceTabularInline
from journeys.maps import editing, services
from journeys.maps.models import Card, JourneyMap, Lane, MapPersona, Stage, Step, Version


class MapPersonaInline(WorkspaceTabularInline):
    """The personas of a map, in order."""

    model = MapPersona
    fields = ("persona", "position")
    autocomplete_fields = ("persona",)


class VersionInline(WorkspaceTabularInline):
    """The versions of a map, to look at."""

    model = Version
    fields = ("number", "status", "published_at", "published_by")
    readonly_fields = fields
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Versions are made by publishing and by starting a draft."""
        return False


@admin.register(JourneyMap)
class JourneyMapAdmin(WorkspaceAdmin):
    """Journeys: name, personas, and what they show."""

    lead = _("What your customers go through, step by step.")
    list_display = ("name", "kind", "persons", "state", "drawn")
    list_filter = ("kind",)
    search_fields = ("name",)
    fields = ("name", "kind", ("cyclic", "cycle_name"), "is_main")
    inlines = (MapPersonaInline, VersionInline)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[JourneyMap]:
        """Fetch personas and versions along."""
        return super().get_queryset(request).prefetch_related("places__persona", "versions")

    def save_model(
        self, request: HttpRequest, obj: JourneyMap, form: ModelForm[JourneyMap], change: bool
    ) -> None:
        """Save the map; a new one gets a draft with the usual lanes."""
        super().save_model(request, obj, form, change)
        if not change:
            services.add_first_draft(journey=obj)

    @admin.display(description=_("personas"))
    def persons(self, journey: JourneyMap) -> str:
        """Name its personas."""
        return ", ".join(place.persona.name for place in journey.places.all())

    @admin.display(description=_("state"))
    def state(self, journey: JourneyMap) -> str:
        """Say what there is of it."""
        kept = (Version.Status.DRAFT, Version.Status.PUBLISHED)
        return ", ".join(
            f"{version.get_status_display()} {version.number}"
            for version in journey.versions.all()
            if version.status in kept
        )

    @admin.display(description=_("map"))
    def drawn(self, journey: JourneyMap) -> SafeString:
        """Link to the map itself."""
        return format_html('<a href="{}">{}</a>', journey.get_absolute_url(), _("Open the map"))


class _ContentAdmin(WorkspaceAdmin):
    """Rows of a version: a published one can be looked at only."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep what was published as it was."""
        return super().has_change_permission(request, obj) and _is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep what was published as it was."""
        return super().has_delete_permission(request, obj) and _is_draft(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows are added below their parent."""
        return False

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows below, and let windows in which the map is open read it anew."""
        super().save_related(request, form, formsets, change)
        editing.note_change(_version_of(form.instance).pk)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete a row, and let windows in which the map is open read it anew."""
        version = _version_of(obj)
        super().delete_model(request, obj)
        editing.note_change(version.pk)


class _ContentInline(WorkspaceTabularInline):
    """Rows of a version below their parent."""

    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Add to a draft only."""
        return super().has_add_permission(request, obj) and _is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Change a draft only."""
        return super().has_change_permission(request, obj) and _is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Delete from a draft only."""
        return super().has_delete_permission(request, obj) and _is_draft(obj)


class StageInline(_ContentInline):
    """The stages of a version."""

    model = Stage
    fields = ("position", "name", "phase")


class LaneInline(_ContentInline):
    """The lanes of a version."""

    model = Lane
    fields = ("position", "kind", "name", "hidden")
    show_change_link = False


class StepInline(_ContentInline):
    """The steps of a stage."""

    model = Step
    fields = ("position", "name", "metric")


class CardInline(_ContentInline):
    """The cards of a step, over all lanes."""

    model = Card
    fields = ("lane", "position", "text", "touchpoint", "valence", "severity", "status", "span")
    autocomplete_fields = ("touchpoint",)
    show_change_link = False

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """Offer the lanes of the step's own version."""
        match = request.resolver_match
        step_id = match.kwargs.get("object_id") if match else None
        if db_field.name == "lane" and step_id:
            kwargs["queryset"] = Lane.objects.filter(
                version__stages__steps=Step.objects.filter(pk=step_id).first()
            ).order_by("position")
        field: Field | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field


@admin.register(Version)
class VersionAdmin(_ContentAdmin):
    """A version with its stages and lanes."""

    list_display = ("map", "number", "status", "published_at")
    list_select_related = ("map",)
    list_filter = ("status",)
    fields = ("map", "number", "status", "published_at", "published_by")
    readonly_fields = fields
    inlines = (StageInline, LaneInline)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Keep it out of the index: it is reached from its map."""
        return {}


@admin.register(Stage)
class StageAdmin(_ContentAdmin):
    """A stage with its steps."""

    list_display = ("name", "version", "position")
    list_select_related = ("version__map",)
    fields = ("on_map", "name", "phase")
    readonly_fields = ("on_map",)
    inlines = (StepInline,)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Keep it out of the index: it is reached from its version."""
        return {}

    @admin.display(description=_("map"))
    def on_map(self, stage: Stage) -> SafeString:
        """Link to the version it belongs to."""
        return _version_link(stage.version)


@admin.register(Step)
class StepAdmin(_ContentAdmin):
    """A step with its cards."""

    list_display = ("name", "stage", "position")
    list_select_related = ("stage",)
    fields = ("on_map", "name", "metric")
    readonly_fields = ("on_map",)
    inlines = (CardInline,)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Keep it out of the index: it is reached from its stage."""
        return {}

    @admin.display(description=_("map"))
    def on_map(self, step: Step) -> SafeString:
        """Link to the version it belongs to."""
        return _version_link(step.stage.version)


def _is_draft(obj: Any) -> bool:
    """Say whether a row may be changed; a list as a whole may, each row is asked again."""
    return _version_of(obj).is_draft() if isinstance(obj, (Version, Stage, Step)) else True


def _version_of(obj: Version | Stage | Step) -> Version:
    if isinstance(obj, Step):
        return obj.stage.version
    return obj.version if isinstance(obj, Stage) else obj


def _version_link(version: Version) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:maps_version_change", args=[version.pk]), version
    )
