"""Staff door to personas."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cxm.workspaces.admin_base import WorkspaceAdmin
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
        (_("What moves them"), {"fields": ("goals", "needs", "fears")}),
        (_("In figures"), {"fields": ("segment",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Persona]:
        """Count the journeys of each persona along."""
        personas: QuerySet[Persona] = super().get_queryset(request)
        return personas.annotate(number_of_journeys=Count("places"))

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
