"""Staff door to personas."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.admin_base import WorkspaceAdmin
from journeys.personas import services
from journeys.personas.models import Persona


@admin.register(Persona)
class PersonaAdmin(WorkspaceAdmin):
    """The typical customers of a workspace."""

    lead = _("The typical customers whose journeys you map.")
    list_display = ("named", "role", "segment", "journeys")
    list_select_related = ("segment",)
    list_filter = ("segment",)
    search_fields = ("name", "role", "quote")
    autocomplete_fields = ("segment",)
    fieldsets = (
        (None, {"fields": ("name", "role", "quote")}),
        (_("Portrait"), {"fields": (("initials", "color"),)}),
        (_("What moves them"), {"fields": ("goals", "needs", "fears", "expectations")}),
        (
            _("How they live"),
            {"fields": ("demographics", "channels", "devices", "brand_attitude")},
        ),
        (_("In figures"), {"fields": ("segment", "tags")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Persona]:
        """Count the journeys of each persona along."""
        personas: QuerySet[Persona] = super().get_queryset(request)
        return personas.annotate(number_of_journeys=Count("places"))

    def delete_model(self, request: HttpRequest, obj: Persona) -> None:
        """Delete it, and its portrait when that is sure."""
        portrait = obj.portrait
        super().delete_model(request, obj)
        services.forget_portrait(portrait)

    @admin.display(description=_("persona"), ordering="name")
    def named(self, persona: Persona) -> SafeString:
        """Show portrait and name."""
        return format_html(
            '<span class="own"><span class="av s">{}</span>{}</span>', persona.face, persona.name
        )

    @admin.display(description=_("journeys"), ordering="number_of_journeys")
    def journeys(self, persona: Persona) -> int:
        """Show on how many maps the persona is."""
        return int(getattr(persona, "number_of_journeys", 0))
