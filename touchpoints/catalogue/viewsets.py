"""The API's doors to the catalogue."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from cxm.api.errors import DomainError
from cxm.workspaces import audit
from cxm.workspaces.viewsets import WorkspaceViewSet
from touchpoints.catalogue import services
from touchpoints.catalogue.filtersets import ChannelFilterSet, TouchpointFilterSet
from touchpoints.catalogue.models import (
    Channel,
    ChannelWord,
    Dimension,
    Goal,
    MatchingRule,
    Phase,
    PhaseModel,
    Touchpoint,
)
from touchpoints.catalogue.pictures import PictureRefusedError
from touchpoints.catalogue.serializers import (
    ChannelSerializer,
    ChannelWordSerializer,
    DimensionSerializer,
    GoalSerializer,
    MatchingRuleSerializer,
    PhaseModelSerializer,
    PhaseSerializer,
    PictureSerializer,
    RuleOrderSerializer,
    TouchpointSerializer,
)


class ChannelViewSet(WorkspaceViewSet):
    """Channels, online and offline."""

    scope = "channels"
    room = "catalogue"
    queryset = Channel.objects.all()
    serializer_class = ChannelSerializer
    filterset_class = ChannelFilterSet
    ordering = ("position", "id")

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete a channel on which no touchpoint lies."""
        if isinstance(instance, Channel) and instance.touchpoints.exists():
            raise DomainError(
                "Touchpoints lie on this channel; move them first.", code="channel_in_use"
            )
        super().perform_destroy(instance)


class ChannelWordViewSet(WorkspaceViewSet):
    """The workspace's own words, which lead visits to channels before the usual rules."""

    scope = "channels"
    room = "catalogue"
    queryset = ChannelWord.objects.all()
    serializer_class = ChannelWordSerializer
    filterset_fields = ("channel", "field", "text")
    ordering = ("created_at", "id")


class PhaseModelViewSet(WorkspaceViewSet):
    """Phase models; one of them is used first."""

    scope = "touchpoints"
    room = "catalogue"
    queryset = PhaseModel.objects.all()
    serializer_class = PhaseModelSerializer
    filterset_fields = ("key", "is_cycle", "is_default")
    ordering = ("created_at", "id")

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Let the model that was used first step back."""
        with transaction.atomic():
            _step_back(self.get_queryset(), serializer, "is_default")
            super().perform_create(serializer)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        """Let the model that was used first step back."""
        with transaction.atomic():
            _step_back(self.get_queryset(), serializer, "is_default")
            super().perform_update(serializer)

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete a model that is not the one used first."""
        if isinstance(instance, PhaseModel) and instance.is_default:
            raise DomainError(
                "This model is used first; mark another one before.", code="phase_model_in_use"
            )
        super().perform_destroy(instance)


class PhaseViewSet(WorkspaceViewSet):
    """Phases of phase models, in their order."""

    scope = "touchpoints"
    room = "catalogue"
    queryset = Phase.objects.all()
    serializer_class = PhaseSerializer
    filterset_fields = ("model", "model__key", "key")
    ordering = ("position", "id")


class MatchingRuleViewSet(WorkspaceViewSet):
    """Matching rules, in the order in which they are asked."""

    scope = "touchpoints"
    room = "catalogue"
    queryset = MatchingRule.objects.all()
    serializer_class = MatchingRuleSerializer
    filterset_fields = ("touchpoint", "is_active")
    ordering = ("position", "id")

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Put the new rule behind all others."""
        with transaction.atomic():
            serializer.instance = services.save_rule(
                workspace=self.workspace, **serializer.validated_data
            )
            audit.record("added", serializer.instance, {})

    @extend_schema(request=RuleOrderSerializer, responses={204: None}, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def order(self, request: Request) -> Response:
        """Put rules into an order; those not named follow in the order they had."""
        body = RuleOrderSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        services.order_rules(workspace=self.workspace, order=body.validated_data["order"])
        return Response(status=status.HTTP_204_NO_CONTENT)


def _step_back(rows: models.QuerySet[Any], serializer: BaseSerializer[Any], flag: str) -> None:
    """Take the flag from the row that has it, where another one shall have it."""
    if serializer.validated_data.get(flag):
        others = rows.filter(**{flag: True})
        if serializer.instance is not None:
            others = others.exclude(pk=serializer.instance.pk)
        others.update(**{flag: False})


class _CountingViewSet(WorkspaceViewSet):
    """Rows by which figures are counted: every write has them counted again."""

    room = "catalogue"

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Save and count again."""
        with transaction.atomic():
            super().perform_create(serializer)
            self.count_again()

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        """Save and count again."""
        with transaction.atomic():
            super().perform_update(serializer)
            self.count_again()

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete and count again."""
        with transaction.atomic():
            super().perform_destroy(instance)
            self.count_again()

    def count_again(self) -> None:
        """Ask for a new count."""
        services.refigure()


class TouchpointViewSet(_CountingViewSet):
    """Touchpoints, in the order of their last change."""

    scope = "touchpoints"
    queryset = Touchpoint.objects.all()
    serializer_class = TouchpointSerializer
    filterset_class = TouchpointFilterSet
    ordering = ("updated_at", "id")

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete it, and its picture when that is sure."""
        with transaction.atomic():
            services.forget_picture(getattr(instance, "picture", ""))
            super().perform_destroy(instance)

    @extend_schema(
        methods=["PUT"],
        request={"multipart/form-data": PictureSerializer},
        responses=TouchpointSerializer,
    )
    @extend_schema(methods=["DELETE"], request=None, responses={204: None})
    @action(detail=True, methods=["put", "delete"], parser_classes=[MultiPartParser])
    def picture(self, request: Request, pk: str) -> Response:
        """Send a picture, or take it away."""
        touchpoint = self.get_object()
        if request.method == "DELETE":
            services.drop_picture(touchpoint=touchpoint)
            audit.record("changed", touchpoint, {"picture": (True, False)})
            return Response(status=status.HTTP_204_NO_CONTENT)
        body = PictureSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            services.put_picture(touchpoint=touchpoint, file=body.validated_data["file"])
        except PictureRefusedError as error:
            raise DomainError(error.detail, code=error.code) from error
        audit.record("changed", touchpoint, {"picture": (None, True)})
        return Response(self.get_serializer(touchpoint).data)


class GoalViewSet(_CountingViewSet):
    """Goals; one of them is the primary one."""

    scope = "goals"
    queryset = Goal.objects.all()
    serializer_class = GoalSerializer
    filterset_fields = ("key", "kind", "is_primary", "touchpoint")
    ordering = ("created_at", "id")

    def count_again(self) -> None:
        """Have history counted by the goals of today."""
        services.recount_goals()

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Let the goal that was primary step back."""
        with transaction.atomic():
            _step_back(self.get_queryset(), serializer, "is_primary")
            super().perform_create(serializer)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        """Let the goal that was primary step back."""
        with transaction.atomic():
            _step_back(self.get_queryset(), serializer, "is_primary")
            super().perform_update(serializer)


class DimensionViewSet(_CountingViewSet):
    """Dimensions."""

    scope = "touchpoints"
    queryset = Dimension.objects.all()
    serializer_class = DimensionSerializer
    filterset_fields = ("key", "property")
    ordering = ("created_at", "id")
