"""API doors to responses."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response as ApiResponse
from rest_framework.serializers import BaseSerializer

from cxm.workspaces.viewsets import WorkspaceViewSet
from surveys.responses.filtersets import ResponseFilterSet
from surveys.responses.models import Response
from surveys.responses.serializers import NewResponseSerializer, ResponseSerializer


class ResponseViewSet(WorkspaceViewSet):
    """Responses with their answers, newest first.

    POST is for answers given on the phone or in the store; what a customer said is not edited.
    """

    scope = "responses"
    room = "responses"
    http_method_names = ["get", "post", "head", "options"]
    queryset = Response.objects.prefetch_related("answers__question")
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilterSet
    ordering = ("-submitted_at", "-id")

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return the shape for writing or for reading."""
        return NewResponseSerializer if self.action == "create" else ResponseSerializer

    @extend_schema(request=NewResponseSerializer, responses={201: ResponseSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> ApiResponse:
        """Take in a response that was given in another way."""
        return super().create(request, *args, **kwargs)
