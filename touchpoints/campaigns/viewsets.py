"""The API's doors to campaigns."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cxm.api.errors import DomainError, FieldProblem, field_problems
from cxm.workspaces.viewsets import WorkspaceViewSet
from touchpoints.campaigns import services
from touchpoints.campaigns.filtersets import (
    CampaignFilterSet,
    PlacementFilterSet,
    PlanLineFilterSet,
    SpendFilterSet,
)
from touchpoints.campaigns.models import Campaign, Placement, PlanLine, Spend
from touchpoints.campaigns.reports import plan_table
from touchpoints.campaigns.serializers import (
    CampaignSerializer,
    CopySerializer,
    PlacementSerializer,
    PlanLineSerializer,
    PlanSerializer,
    SpendResultsSerializer,
    SpendRowSerializer,
    SpendRowsSerializer,
    SpendSerializer,
    plan_as_data,
)
from touchpoints.campaigns.spendfiles import RawSpend

SKIPPED = FieldProblem(
    pointer="",
    detail="Nothing was written, since other rows failed and atomic=true.",
    code="not_written",
)


class CampaignViewSet(WorkspaceViewSet):
    """Campaigns, in the order of their last change."""

    scope = "campaigns"
    queryset = Campaign.objects.all()
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilterSet
    ordering = ("updated_at", "id")

    def perform_destroy(self, instance: Any) -> None:
        """Delete a campaign that nobody has met yet."""
        if not instance.may_be_deleted():
            raise DomainError(
                "It ran or cost something. Archive it, so that its figures stay.",
                code="campaign_in_use",
            )
        super().perform_destroy(instance)

    @extend_schema(request=None, responses=PlanSerializer, filters=False)
    @action(detail=True, methods=["get"], filterset_class=None)
    def plan(self, request: Request, pk: str) -> Response:
        """Return the media plan as a table of channels and phases with its totals."""
        campaign = self.get_object()
        return Response(PlanSerializer(plan_as_data(campaign.currency, plan_table(campaign))).data)

    @extend_schema(request=CopySerializer, responses={201: CampaignSerializer}, filters=False)
    @action(detail=True, methods=["post"], filterset_class=None)
    def copy(self, request: Request, pk: str) -> Response:
        """Make a new campaign with the same placements and plan."""
        campaign = self.get_object()
        body = CopySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        new = services.copy_campaign(campaign=campaign, **body.validated_data)
        return Response(self.get_serializer(new).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=CampaignSerializer, filters=False)
    @action(detail=True, methods=["post"], filterset_class=None)
    def archive(self, request: Request, pk: str) -> Response:
        """Put the campaign away."""
        campaign = services.archive_campaign(campaign=self.get_object())
        return Response(self.get_serializer(campaign).data)

    @extend_schema(request=None, responses=CampaignSerializer, filters=False)
    @action(detail=True, methods=["post"], filterset_class=None)
    def restore(self, request: Request, pk: str) -> Response:
        """Take the campaign out of the archive, as one that has ended."""
        campaign = services.restore_campaign(campaign=self.get_object())
        return Response(self.get_serializer(campaign).data)


class PlacementViewSet(WorkspaceViewSet):
    """Placements with their codes, in the order of their last change."""

    scope = "campaigns"
    queryset = Placement.objects.select_related("campaign")
    serializer_class = PlacementSerializer
    filterset_class = PlacementFilterSet
    ordering = ("updated_at", "id")

    def perform_destroy(self, instance: Any) -> None:
        """Delete a placement that nobody has met yet."""
        if instance.last_seen_at is not None:
            raise DomainError(
                "Its code is in use; contacts point to it. Archive the campaign instead.",
                code="placement_in_use",
            )
        super().perform_destroy(instance)


class PlanLineViewSet(WorkspaceViewSet):
    """Lines of media plans, in the order of their last change."""

    scope = "campaigns"
    queryset = PlanLine.objects.all()
    serializer_class = PlanLineSerializer
    filterset_class = PlanLineFilterSet
    ordering = ("updated_at", "id")


class SpendViewSet(WorkspaceViewSet):
    """What campaigns cost, newest day first."""

    scope = "campaigns"
    queryset = Spend.objects.select_related("campaign__workspace")
    serializer_class = SpendSerializer
    filterset_class = SpendFilterSet
    ordering = ("-day", "-id")

    @extend_schema(
        request=SpendRowsSerializer,
        parameters=[OpenApiParameter("atomic", bool, description="All rows or none.")],
        responses={
            200: SpendResultsSerializer,
            207: OpenApiResponse(SpendResultsSerializer, description="Some rows failed."),
        },
    )
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Add 1 to 1,000 rows; one with a known reference corrects the row that is there."""
        body = SpendRowsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        atomic = request.query_params.get("atomic", "").lower() in {"1", "true"}
        rows, bad = _rows_and_problems(body.validated_data["rows"])
        if not bad or not atomic:
            outcome = services.import_spend(workspace=self.workspace, rows=rows, partial=not atomic)
            for refusal in outcome.refused:
                found = FieldProblem(
                    pointer=f"/{refusal.column}", detail=refusal.detail, code=refusal.code
                )
                bad.setdefault(refusal.number, []).append(found)
            done = outcome.by_row if outcome.saved else {}
        else:
            done = {}
        results = [
            {
                "index": place,
                "status": done.get(place, "failed"),
                "errors": [] if place in done else bad.get(place, [SKIPPED]),
            }
            for place in range(len(body.validated_data["rows"]))
        ]
        return Response(
            {"results": results},
            status=status.HTTP_207_MULTI_STATUS if bad else status.HTTP_200_OK,
        )


def _rows_and_problems(
    rows: list[object],
) -> tuple[list[RawSpend], dict[int, list[FieldProblem]]]:
    good: list[RawSpend] = []
    bad: dict[int, list[FieldProblem]] = {}
    for place, row in enumerate(rows):
        shape = SpendRowSerializer(data=row)
        if shape.is_valid():
            good.append(RawSpend(number=place, **shape.validated_data))
        else:
            bad[place] = list(field_problems(_detailed(shape.errors)))
    return good, bad


def _detailed(errors: Any) -> Any:
    """Return a serializer's errors as leaves of message and code."""
    if isinstance(errors, dict):
        return {name: _detailed(value) for name, value in errors.items()}
    return [{"message": str(error), "code": getattr(error, "code", "invalid")} for error in errors]
