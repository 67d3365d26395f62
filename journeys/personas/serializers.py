"""Shape of personas in the API."""

from __future__ import annotations

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
