"""The API's door to personas."""

from __future__ import annotations

from cxm.workspaces.viewsets import WorkspaceViewSet
from journeys.personas.models import Persona
from journeys.personas.serializers import PersonaSerializer


class PersonaViewSet(WorkspaceViewSet):
    """Personas of the workspace."""

    scope = "personas"
    queryset = Persona.objects.all()
    serializer_class = PersonaSerializer
    filterset_fields = ("name", "segment")
    ordering = ("name", "id")
