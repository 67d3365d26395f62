"""The API's door to personas."""

from __future__ import annotations

from django.db import models, transaction

from cxm.workspaces.viewsets import WorkspaceViewSet
from journeys.personas import services
from journeys.personas.filtersets import PersonaFilterSet
from journeys.personas.models import Persona
from journeys.personas.serializers import PersonaSerializer


class PersonaViewSet(WorkspaceViewSet):
    """Personas of the workspace."""

    scope = "personas"
    queryset = Persona.objects.all()
    serializer_class = PersonaSerializer
    filterset_class = PersonaFilterSet
    ordering = ("name", "id")

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete it, and its portrait when that is sure."""
        with transaction.atomic():
            super().perform_destroy(instance)
            services.forget_portrait(getattr(instance, "portrait", ""))
