"""The API's doors to versions and comments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from cxm.workspaces import audit
from cxm.workspaces.access import current_access
from cxm.workspaces.models import Membership
from cxm.workspaces.viewsets import ReadOnlyWorkspaceViewSet, WorkspaceViewSet
from journeys.maps import discussing, restoring
from journeys.maps.diff_json import comparison
from journeys.maps.diffing import compare
from journeys.maps.models import Card, Comment, Lane, Mention, Stage, Step, Version
from journeys.maps.snapshots import load_snapshots
from journeys.maps.version_serializers import (
    ComparisonSerializer,
    MapCommentSerializer,
    MapVersionDetailSerializer,
    MapVersionSerializer,
)

AGAINST = OpenApiParameter(
    "against",
    OpenApiTypes.UUID,
    required=True,
    description="The version of the same map from which the changes are told.",
)


class MapVersionViewSet(ReadOnlyWorkspaceViewSet):
    """Versions of maps; one of them comes with all that stands on it."""

    scope = "journeys"
    room = "maps"
    queryset = Version.objects.all()
    serializer_class = MapVersionSerializer
    filterset_fields = ("map", "status", "number")
    ordering = ("map", "-number", "id")

    def get_queryset(self) -> Any:
        """Fetch the contents of a single version along."""
        versions = super().get_queryset()
        if self.action != "retrieve":
            return versions
        return versions.prefetch_related(
            Prefetch("stages", Stage.objects.order_by("position")),
            Prefetch("stages__steps", Step.objects.order_by("position")),
            Prefetch("lanes", Lane.objects.order_by("position")),
            Prefetch("lanes__cards", Card.objects.in_order()),
        )

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return the shape with contents for a single version."""
        return MapVersionDetailSerializer if self.action == "retrieve" else MapVersionSerializer

    @extend_schema(parameters=[AGAINST], responses=ComparisonSerializer)
    @action(detail=True, methods=["get"])
    def diff(self, request: Request, pk: str | None = None) -> Response:
        """Tell what has changed since another version of the map."""
        new: Version = self.get_object()
        old = get_object_or_404(
            self.get_queryset().filter(map=new.map_id), pk=_id(request.query_params.get("against"))
        )
        snapshots = load_snapshots([old, new])
        before, after = snapshots[old.pk], snapshots[new.pk]
        found = comparison(compare(before, after), before, after)
        versions = {"a": MapVersionSerializer(old).data, "b": MapVersionSerializer(new).data}
        return Response({**versions, **found})

    @extend_schema(request=None, responses={201: MapVersionSerializer})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str | None = None) -> Response:
        """Begin a draft with the contents of this version; what the draft said is kept."""
        version: Version = self.get_object()
        with transaction.atomic():
            draft = restoring.restore_version(version=version, by=_member())
            audit.record("restored", draft, {"contents of version": (None, version.number)})
        return Response(MapVersionSerializer(draft).data, status=status.HTTP_201_CREATED)


class MapCommentViewSet(WorkspaceViewSet):
    """What colleagues say about maps: threads and their replies."""

    scope = "journeys"
    room = "maps"
    queryset = Comment.objects.select_related("map").prefetch_related(
        Prefetch("mentions", Mention.objects.order_by("pk"))
    )
    serializer_class = MapCommentSerializer
    filterset_fields = ("map", "anchor", "thread", "assigned_to")
    ordering = ("created_at", "id")

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Save the comment and write down that there is one."""
        with transaction.atomic():
            discussing.log("commented", serializer.save())

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        """Save the comment; colleagues write in their own name only."""
        member = _member()
        comment = serializer.instance
        assert isinstance(comment, Comment)  # noqa: S101 - the viewset's row
        own = member is None or comment.author_id == member.pk
        if not own and {"text", "mentioned"} & set(serializer.validated_data):
            raise PermissionDenied
        with transaction.atomic():
            discussing.log("changed a comment", serializer.save())

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete the comment, with its replies when it is a thread."""
        assert isinstance(instance, Comment)  # noqa: S101 - the viewset's row
        with transaction.atomic():
            discussing.log("deleted a comment", instance)
            instance.delete()

    @extend_schema(request=None, responses=MapCommentSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str | None = None) -> Response:
        """Close a thread."""
        return self._set_resolved(resolved=True)

    @extend_schema(request=None, responses=MapCommentSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        """Open a thread again."""
        return self._set_resolved(resolved=False)

    def _set_resolved(self, *, resolved: bool) -> Response:
        comment: Comment = self.get_object()
        with transaction.atomic():
            if resolved:
                discussing.resolve(thread=comment, by=_member())
            else:
                discussing.reopen(thread=comment)
            discussing.log("resolved" if resolved else "reopened", comment)
        return Response(self.get_serializer(self.get_object()).data)


def _member() -> Membership | None:
    access = current_access()
    return access.membership if access else None


def _id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise ValidationError({"against": _("Say which version to compare with.")}) from None
