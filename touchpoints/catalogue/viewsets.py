"""The API's doors to the catalogue."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from rest_framework.serializers import BaseSerializer

from cxm.api.errors import DomainError
from cxm.workspaces.viewsets import WorkspaceViewSet
from touchpoints.catalogue import services
from touchpoints.catalogue.filtersets import ChannelFilterSet, TouchpointFilterSet
from touchpoints.catalogue.models import Channel, Dimension, Goal, Touchpoint
from touchpoints.catalogue.serializers import (
    ChannelSerializer,
    DimensionSerializer,
    GoalSerializer,
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


class _CountingViewSet(WorkspaceViewSet):
    """Rows by which figures are counted: every write has them counted again."""

    room = "catalogue"

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Save and count again."""
        with transaction.atomic():
            super().perform_create(serializer)
            services.refigure()

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        """Save and count again."""
        with transaction.atomic():
            super().perform_update(serializer)
            services.refigure()

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete and count again."""
        with transaction.atomic():
            super().perform_destroy(instance)
            services.refigure()


class TouchpointViewSet(_CountingViewSet):
    """Touchpoints, in the order of their last change."""

    scope = "touchpoints"
    queryset = Touchpoint.objects.all()
    serializer_class = TouchpointSerializer
    filterset_class = TouchpointFilterSet
    ordering = ("updated_at", "id")


class GoalViewSet(_CountingViewSet):
    """Goals; one of them is the primary one."""

    scope = "goals"
    queryset = Goal.objects.all()
    serializer_class = GoalSerializer
    filterset_fields = ("key", "is_primary")
    ordering = ("created_at", "id")

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Let the goal that was primary step back."""
        with transaction.atomic():
            self._step_back(serializer)
            super().perform_create(serializer)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        """Let the goal that was primary step back."""
        with transaction.atomic():
            self._step_back(serializer)
            super().perform_update(serializer)

    def _step_back(self, serializer: BaseSerializer[Any]) -> None:
        if serializer.validated_data.get("is_primary"):
            others = self.get_queryset().filter(is_primary=True)
            if serializer.instance is not None:
                others = others.exclude(pk=serializer.instance.pk)
            others.update(is_primary=False)


class DimensionViewSet(_CountingViewSet):
    """Dimensions."""

    scope = "touchpoints"
    queryset = Dimension.objects.all()
    serializer_class = DimensionSerializer
    filterset_fields = ("key", "property")
    ordering = ("created_at", "id")
