"""The API's doors to interactions, sources and the quarantine. They are written by ingestion."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from cxm.workspaces.viewsets import ReadOnlyWorkspaceViewSet
from touchpoints.interactions.filtersets import (
    InteractionFilterSet,
    QuarantinedFilterSet,
    SourceFilterSet,
)
from touchpoints.interactions.models import Interaction, Quarantined, Source
from touchpoints.interactions.serializers import (
    InteractionSerializer,
    QuarantinedSerializer,
    SourceSerializer,
)


class InteractionViewSet(ReadOnlyWorkspaceViewSet):
    """What customers did, newest first."""

    scope = "interactions"
    queryset = Interaction.objects.all()
    serializer_class = InteractionSerializer
    filterset_class = InteractionFilterSet
    ordering = ("-occurred_at", "-id")
    lookup_field = "id"
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    def get_object(self) -> Interaction:
        """Return one interaction, found by the time in its id."""
        try:
            wanted = UUID(self.kwargs["id"])
        except ValueError:
            raise Http404 from None
        rows = Interaction.objects.for_workspace(self.workspace)
        found = rows.with_id(wanted).first()
        if found is None:
            raise Http404
        return found


class SourceViewSet(ReadOnlyWorkspaceViewSet):
    """Systems that send interactions, and when they were last seen."""

    scope = "sources"
    room = "interactions"
    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_class = SourceFilterSet
    ordering = ("created_at", "id")


class QuarantinedViewSet(ReadOnlyWorkspaceViewSet):
    """What came in and could not be stored, newest first."""

    scope = "interactions"
    queryset = Quarantined.objects.all()
    serializer_class = QuarantinedSerializer
    filterset_class = QuarantinedFilterSet
    ordering = ("-received_at", "-id")
