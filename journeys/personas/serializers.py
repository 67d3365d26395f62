"""Shape of personas in the API."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework import serializers

from journeys.personas.models import Persona


class PersonaSerializer(serializers.ModelSerializer[Persona]):
    """A persona; goals, needs and fears have one entry on each line."""

    class Meta:
        model = Persona
        fields = (
            "id",
            "name",
            "role",
            "quote",
            "initials",
            "color",
            "goals",
            "needs",
            "fears",
            "segment",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")

    def validate_name(self, name: str) -> str:
        """Refuse a name that another persona of the workspace has."""
        same = Persona.objects.filter(name=name)
        if self.instance is not None:
            same = same.exclude(pk=self.instance.pk)
        if same.exists():
            raise serializers.ValidationError(
                _("There is a persona of this name already."), code="name_taken"
            )
        return name
