"""API doors to campaigns and invitations."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cxm.workspaces import audit
from cxm.workspaces.viewsets import ReadOnlyWorkspaceViewSet, WorkspaceViewSet
from surveys.invitations import services
from surveys.invitations.models import Campaign, Invitation
from surveys.invitations.reports import progress
from surveys.invitations.serializers import (
    CampaignProgressSerializer,
    CampaignSerializer,
    InvitationSerializer,
)


class CampaignViewSet(WorkspaceViewSet):
    """Campaigns. `launch` queues the invitations; the workers send them within seconds."""

    scope = "invitations"
    room = "invitations"
    http_method_names = ["get", "post", "put", "patch", "head", "options"]
    queryset = Campaign.objects.prefetch_related("texts")
    serializer_class = CampaignSerializer
    filterset_fields = ("status", "survey", "segment")
    ordering = ("-created_at", "-id")

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def launch(self, request: Request, pk: str) -> Response:
        """Queue an invitation for everybody who may be asked."""
        return self._turned(services.launch_campaign(campaign=self.get_object()), "sent")

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Let no further mail leave."""
        return self._turned(services.pause_campaign(campaign=self.get_object()), "paused")

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Go on sending."""
        return self._turned(services.resume_campaign(campaign=self.get_object()), "resumed")

    @extend_schema(responses=CampaignProgressSerializer, filters=False)
    @action(detail=True, methods=["get"])
    def progress(self, request: Request, pk: str) -> Response:
        """Return how far the sending is."""
        campaign = self.get_object()
        found = progress(campaign)
        counts = {status: found.counts.get(status, 0) for status in Invitation.Status.values}
        return Response({"status": campaign.status, **counts, "answered": found.answered})

    def _turned(self, campaign: Campaign, verb: str) -> Response:
        audit.record(verb, campaign, {})
        return Response(self.get_serializer(campaign).data)


class InvitationViewSet(ReadOnlyWorkspaceViewSet):
    """Invitations and what became of each, newest first."""

    scope = "invitations"
    room = "invitations"
    queryset = Invitation.objects.all()
    serializer_class = InvitationSerializer
    filterset_fields = ("campaign", "customer", "status", "reason")
    ordering = ("-created_at", "-id")
