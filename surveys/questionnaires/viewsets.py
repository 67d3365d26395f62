"""API doors to surveys."""

from __future__ import annotations

from cxm.workspaces.viewsets import WorkspaceViewSet
from surveys.questionnaires.models import Survey
from surveys.questionnaires.serializers import SurveySerializer


class SurveyViewSet(WorkspaceViewSet):
    """Surveys with their questions."""

    scope = "surveys"
    room = "questionnaires"
    http_method_names = ["get", "post", "put", "patch", "head", "options"]
    queryset = Survey.objects.prefetch_related("questions__texts")
    serializer_class = SurveySerializer
    filterset_fields = ("status", "kind", "touchpoint")
    ordering = ("name", "id")
