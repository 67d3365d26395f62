"""The API's doors to maps."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from cxm.workspaces import audit
from cxm.workspaces.viewsets import WorkspaceViewSet
from journeys.maps import editing, services
from journeys.maps.models import Card, JourneyMap, Lane, Stage, Step
from journeys.maps.serializers import (
    CardSerializer,
    JourneyMapDetailSerializer,
    JourneyMapSerializer,
    LaneSerializer,
    StageSerializer,
    StepSerializer,
    VersionReadSerializer,
)


class JourneyMapViewSet(WorkspaceViewSet):
    """Journey maps; one of them comes with all that is drawn on its current version."""

    scope = "journeys"
    room = "maps"
    queryset = JourneyMap.objects.prefetch_related("places__persona", "versions")
    serializer_class = JourneyMapSerializer
    filterset_fields = ("name", "kind", "is_main")
    ordering = ("name", "id")

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return the shape with contents for a single map."""
        return JourneyMapDetailSerializer if self.action == "retrieve" else self.serializer_class

    @extend_schema(request=None, responses=VersionReadSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str | None = None) -> Response:
        """Publish the draft."""
        journey = self.get_object()
        with transaction.atomic():
            version = services.publish_version(version=services.draft_of(journey), by=None)
            audit.record("published", version, {})
        return Response(VersionReadSerializer(version).data)

    @extend_schema(request=None, responses={201: VersionReadSerializer})
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: str | None = None) -> Response:
        """Begin a draft from what is published; where there is one, return it."""
        with transaction.atomic():
            version = services.start_draft(journey=self.get_object())
            audit.record("started", version, {})
        return Response(VersionReadSerializer(version).data, status=status.HTTP_201_CREATED)


class _ContentViewSet(WorkspaceViewSet):
    """Rows of a version; deletion closes the gap that it leaves."""

    scope = "journeys"
    room = "maps"

    def delete_row(self, row: Any) -> None:
        """Delete a row as its service does."""
        raise NotImplementedError

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete the row and write down that it was there."""
        with transaction.atomic():
            audit.record("deleted", instance, {})
            self.delete_row(instance)


class StageViewSet(_ContentViewSet):
    """Stages of maps."""

    queryset = Stage.objects.select_related("version__map")
    serializer_class = StageSerializer
    filterset_fields = ("version", "version__map", "phase")
    ordering = ("version", "position", "id")

    def delete_row(self, row: Stage) -> None:
        """Delete a stage with its steps."""
        editing.delete_stage(stage=row)


class StepViewSet(_ContentViewSet):
    """Steps of maps."""

    queryset = Step.objects.select_related("stage__version__map")
    serializer_class = StepSerializer
    filterset_fields = ("stage", "stage__version")
    ordering = ("stage", "position", "id")

    def delete_row(self, row: Step) -> None:
        """Delete a step with its cards."""
        editing.delete_step(step=row)


class LaneViewSet(_ContentViewSet):
    """Lanes of maps."""

    queryset = Lane.objects.select_related("version__map")
    serializer_class = LaneSerializer
    filterset_fields = ("version", "kind", "hidden")
    ordering = ("version", "position", "id")

    def delete_row(self, row: Lane) -> None:
        """Delete a lane with its cards."""
        editing.delete_lane(lane=row)


class CardViewSet(_ContentViewSet):
    """Cards of maps."""

    queryset = Card.objects.select_related(
        "lane__version__map", "step__stage__version__map", "touchpoint"
    )
    serializer_class = CardSerializer
    filterset_fields = ("lane", "step", "touchpoint", "lane__version", "lane__kind")
    ordering = ("lane", "step", "position", "id")

    def delete_row(self, row: Card) -> None:
        """Delete a card."""
        editing.delete_card(card=row)
