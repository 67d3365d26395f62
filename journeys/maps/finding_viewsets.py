"""The API's doors to pain points and opportunities."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from cxm.workspaces import audit
from cxm.workspaces.viewsets import WorkspaceViewSet
from journeys.maps import finding_services
from journeys.maps.finding_filtersets import OpportunityFilterSet, PainPointFilterSet
from journeys.maps.finding_reports import KINDS, FindingKind, places_of, shown_versions
from journeys.maps.finding_serializers import (
    MergeOpportunitySerializer,
    MergePainPointSerializer,
    OpportunitySerializer,
    PainPointSerializer,
    PlaceSerializer,
)
from journeys.maps.models import Opportunity, PainPoint


class _FindingViewSet(WorkspaceViewSet):
    """What both kinds have in common."""

    scope = "journeys"
    room = "maps"
    kind: ClassVar[FindingKind]
    merging: ClassVar[type[BaseSerializer[Any]]]

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the findings with how many maps and steps show them."""
        rows: models.QuerySet[Any] = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        shown = Q(cards__lane__version__in=shown_versions(self.workspace, editor=True))
        counted: models.QuerySet[Any] = rows.annotate(
            map_count=Count("cards__lane__version__map", filter=shown, distinct=True),
            step_count=Count("cards__step", filter=shown, distinct=True),
        )
        return counted

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete it where no card names it."""
        with transaction.atomic():
            audit.record("deleted", instance, {})
            finding_services.delete_finding(kind=self.kind, row=instance)  # type: ignore[arg-type]

    def answer_places(self) -> Response:
        """Return where the finding stands."""
        row = self.get_object()
        places: Any = places_of(self.kind, self.workspace, [row.pk], editor=True).get(row.pk, ())
        return Response(PlaceSerializer(places, many=True).data)

    def answer_merge(self, request: Request) -> Response:
        """Merge the finding into the one of the body, and return that."""
        row = self.get_object()
        body = self.merging(data=request.data)
        body.is_valid(raise_exception=True)
        into = body.validated_data["into"]
        with transaction.atomic():
            audit.record("merged", row, {"into": (None, into)})
            finding_services.merge_findings(kind=self.kind, row=row, into=into, by=None)
        return Response(self.get_serializer(self.get_queryset().get(pk=into.pk)).data)


class PainPointViewSet(_FindingViewSet):
    """Pain points, which several maps share."""

    kind = KINDS["pain"]
    merging = MergePainPointSerializer
    queryset = PainPoint.objects.all()
    serializer_class = PainPointSerializer
    filterset_class = PainPointFilterSet
    ordering = ("-severity", "title", "id")

    @extend_schema(responses=PlaceSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def places(self, request: Request, pk: str | None = None) -> Response:
        """List the cards on which it stands."""
        return self.answer_places()

    @extend_schema(request=MergePainPointSerializer, responses=PainPointSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str | None = None) -> Response:
        """Let another pain point stand for this one."""
        return self.answer_merge(request)


class OpportunityViewSet(_FindingViewSet):
    """Opportunities, which several maps share."""

    kind = KINDS["idea"]
    merging = MergeOpportunitySerializer
    queryset = Opportunity.objects.all()
    serializer_class = OpportunitySerializer
    filterset_class = OpportunityFilterSet
    ordering = ("title", "id")

    @extend_schema(responses=PlaceSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def places(self, request: Request, pk: str | None = None) -> Response:
        """List the cards on which it stands."""
        return self.answer_places()

    @extend_schema(request=MergeOpportunitySerializer, responses=OpportunitySerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str | None = None) -> Response:
        """Let another opportunity stand for this one."""
        return self.answer_merge(request)
