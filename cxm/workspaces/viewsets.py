"""The base of every API door: here, and nowhere else, is the workspace's scope applied."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from cxm.api.throttling import add_rate_headers
from cxm.workspaces import audit
from cxm.workspaces.authentication import HasScope
from cxm.workspaces.models import AuditEntry, Workspace
from cxm.workspaces.serializers import AuditEntrySerializer, WorkspaceSerializer


class ScopedViewSet(viewsets.GenericViewSet[Any]):
    """A door to rows of the caller's workspace, for actions of its own.

    Attributes:
        scope: name in an API key's scopes, "<scope>:read" and "<scope>:write".
        room: app label whose role rules apply to members; the scope when empty.
    """

    scope: ClassVar[str]
    permission_classes = [HasScope]

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the view's queryset, kept to the caller's workspace."""
        queryset: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()  # type: ignore[no-any-return]
        return queryset.filter(workspace_id=self.workspace.pk)  # type: ignore[no-any-return]

    @property
    def workspace(self) -> Workspace:
        """The workspace of the caller."""
        found: Workspace = self.request._request.workspace  # type: ignore[attr-defined]
        return found

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Add the rate limit's headers."""
        add_rate_headers(request._request, response)
        return super().finalize_response(request, response, *args, **kwargs)


class ReadOnlyWorkspaceViewSet(
    mixins.RetrieveModelMixin,
    mixins.ListModelMixin,
    ScopedViewSet,
):
    """Reads of rows of the caller's workspace."""


class WorkspaceViewSet(
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    ReadOnlyWorkspaceViewSet,
):
    """Reads and writes of rows of the caller's workspace; every write is audited."""

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        """Save the new row in the caller's workspace."""
        with transaction.atomic():
            row = serializer.save(workspace=self.workspace)
            audit.record("added", row, {})

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        """Save the row and write down what changed."""
        before = {
            name: getattr(serializer.instance, name, None) for name in serializer.validated_data
        }
        with transaction.atomic():
            row = serializer.save()
            changes = {
                name: (old, getattr(row, name, None))
                for name, old in before.items()
                if old != getattr(row, name, None)
            }
            if changes:
                audit.record("changed", row, changes)

    def perform_destroy(self, instance: models.Model) -> None:
        """Delete the row and write down that it was there."""
        with transaction.atomic():
            audit.record("deleted", instance, {})
            instance.delete()


class WorkspaceDetailViewSet(ReadOnlyWorkspaceViewSet):
    """The workspace that the key belongs to."""

    scope = "workspace"
    room = "workspaces"
    queryset = Workspace.objects.all()
    serializer_class = WorkspaceSerializer
    ordering = ("id",)

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the caller's workspace alone."""
        if getattr(self, "swagger_fake_view", False):
            return Workspace.objects.none()
        return Workspace.objects.filter(pk=self.workspace.pk)


class AuditEntryViewSet(ReadOnlyWorkspaceViewSet):
    """What was changed, by whom, newest first."""

    scope = "audit"
    room = "workspaces"
    queryset = AuditEntry.objects.all()
    serializer_class = AuditEntrySerializer
    filterset_fields = ("action", "object_kind", "object_id")
    ordering = ("-created_at", "-id")
