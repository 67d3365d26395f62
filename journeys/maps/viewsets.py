"""The API's doors to maps."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from cxm.workspaces import audit
from cxm.workspaces.access import current_access
from cxm.workspaces.viewsets import WorkspaceViewSet
from journeys.maps import editing, services, syncing
from journeys.maps.models import Card, JourneyMap, Lane, Stage, Step
from journeys.maps.operation_serializers import (
    OperationResultsSerializer,
    OperationsReadSerializer,
    OperationsWriteSerializer,
)
from journeys.maps.operations.reading import read_operations
from journeys.maps.reports import version_to_show
from journeys.maps.serializers import (
    CardSerializer,
    JourneyMapDetailSerializer,
    JourneyMapSerializer,
    LaneSerializer,
    StageSerializer,
    StepSerializer,
    VersionReadSerializer,
)

MOST_DIGITS = 18
SINCE = OpenApiParameter(
    "since",
    OpenApiTypes.INT64,
    default=0,
    description="The number of the last operation that is known.",
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

    @extend_schema(
        methods=["GET"], parameters=[SINCE], request=None, responses=OperationsReadSerializer
    )
    @extend_schema(
        methods=["POST"],
        request=OperationsWriteSerializer,
        responses={200: OperationResultsSerializer},
    )
    @action(detail=True, methods=["get", "post"], filter_backends=[], pagination_class=None)
    def operations(self, request: Request, pk: str | None = None) -> Response:
        """Read what was done to the map since a number, or change its draft.

        Operations are carried out in their order, each wholly or not at all; one that is refused
        does not stop those behind it, and the answer says what came of each.
        """
        journey = self.get_object()
        if request.method == "GET":
            return Response(_operations_since(journey, request.query_params.get("since", "0")))
        given = OperationsWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(_carried_out(journey, given.validated_data))


def _operations_since(journey: JourneyMap, since: str) -> dict[str, Any]:
    if not since.isascii() or not since.isdigit() or len(since) > MOST_DIGITS:
        raise ValidationError({"since": _("This is the number of an operation.")})
    version = version_to_show(journey, editor=True)
    found = syncing.operations_since(version, int(since))
    return {
        "version": str(version.pk),
        "status": version.status,
        "revision": version.revision,
        "reload": found is None,
        "ops": [syncing.operation_json(operation) for operation in found or ()],
    }


def _carried_out(journey: JourneyMap, given: dict[str, Any]) -> dict[str, Any]:
    access = current_access()
    sent = [{"id": str(one["id"]), "change": one["change"]} for one in given["ops"]]
    outcome = syncing.change(
        version=services.draft_of(journey),
        sent=read_operations(sent),
        client=given["client"],
        by=access.membership if access else None,
    )
    return {
        "version": str(outcome.version.pk),
        "revision": outcome.version.revision,
        "results": [result.as_json() for result in outcome.results],
    }


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
    ordering = ("version_id", "position", "id")

    def delete_row(self, row: Stage) -> None:
        """Delete a stage with its steps."""
        editing.delete_stage(stage=row)


class StepViewSet(_ContentViewSet):
    """Steps of maps."""

    queryset = Step.objects.select_related("stage__version__map")
    serializer_class = StepSerializer
    filterset_fields = ("stage", "stage__version")
    ordering = ("stage_id", "position", "id")

    def delete_row(self, row: Step) -> None:
        """Delete a step with its cards."""
        editing.delete_step(step=row)


class LaneViewSet(_ContentViewSet):
    """Lanes of maps."""

    queryset = Lane.objects.select_related("version__map")
    serializer_class = LaneSerializer
    filterset_fields = ("version", "kind", "hidden")
    ordering = ("version_id", "position", "id")

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
    ordering = ("lane_id", "step_id", "position", "id")

    def delete_row(self, row: Card) -> None:
        """Delete a card."""
        editing.delete_card(card=row)
