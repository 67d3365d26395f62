"""Shape of personas in the API."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from journeys.personas.models import Persona


class PersonaSerializer(serializers.ModelSerializer[Persona]):
    """A persona; texts with several entries have one on each line.

    `portrait` is the address of the picture, empty where there is none; it is sent on the pages.
    """

    portrait = serializers.SerializerMethodField()

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
            "expectations",
            "demographics",
            "channels",
            "devices",
            "brand_attitude",
            "tags",
            "portrait",
            "segment",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")

    def get_portrait(self, persona: Persona) -> str:
        """Return the address of the picture, "" where there is none."""
        if not persona.portrait:
            return ""
        return settings.SITE_URL + reverse("persona_portrait", args=[persona.pk])

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
