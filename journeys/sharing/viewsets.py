"""The API's door to share links."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cxm.workspaces.viewsets import ReadOnlyWorkspaceViewSet
from journeys.maps.models import ShareLink
from journeys.sharing.serializers import (
    ShareLinkCreateSerializer,
    ShareLinkMadeSerializer,
    ShareLinkSerializer,
)
from journeys.sharing.services import revoke_link


class ShareLinkViewSet(ReadOnlyWorkspaceViewSet):
    """Links that show a map to people without an account; they are revoked, never deleted."""

    scope = "journeys"
    room = "maps"
    queryset = ShareLink.objects.all()
    serializer_class = ShareLinkSerializer
    filterset_fields = ("map", "version")
    ordering = ("-created_at", "-id")

    @extend_schema(request=ShareLinkCreateSerializer, responses={201: ShareLinkMadeSerializer})
    def create(self, request: Request) -> Response:
        """Make a link; its token is in this answer and nowhere else."""
        wanted = ShareLinkCreateSerializer(data=request.data, context={"request": request})
        wanted.is_valid(raise_exception=True)
        made = wanted.save()
        return Response(ShareLinkMadeSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=ShareLinkSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str | None = None) -> Response:
        """Close a link for good."""
        link = revoke_link(link=self.get_object())
        return Response(ShareLinkSerializer(link).data)
