"""Shapes of workspaces in the API."""

from __future__ import annotations

from rest_framework import serializers

from cxm.workspaces.models import AuditEntry, Workspace


class WorkspaceSerializer(serializers.ModelSerializer[Workspace]):
    """A workspace with the settings that figures depend on."""

    class Meta:
        model = Workspace
        fields = (
            "id",
            "name",
            "slug",
            "timezone",
            "language",
            "min_answers",
            "min_visits",
            "confidence",
            "created_at",
        )
        read_only_fields = fields


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    """One change."""

    class Meta:
        model = AuditEntry
        fields = (
            "id",
            "created_at",
            "actor_name",
            "action",
            "object_kind",
            "object_id",
            "object_name",
            "changes",
        )
        read_only_fields = fields
