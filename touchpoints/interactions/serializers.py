"""Shapes of interactions in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from touchpoints.interactions.models import Interaction, Quarantined, Source


class InteractionSerializer(serializers.ModelSerializer[Interaction]):
    """One interaction."""

    # Ids as they stand in the row: following them would read a row for each.
    touchpoint = serializers.UUIDField(source="touchpoint_id", allow_null=True)
    customer = serializers.UUIDField(source="customer_id", allow_null=True)
    source: serializers.Field[Any, Any, Any, Any] = serializers.UUIDField(source="source_id")  # type: ignore[assignment]
    visit = serializers.UUIDField(source="visit_key")

    class Meta:
        model = Interaction
        fields = (
            "id",
            "occurred_at",
            "received_at",
            "source",
            "kind",
            "event",
            "name",
            "touchpoint",
            "customer",
            "anonymous_id",
            "visit",
            "quantity",
            "dwell_seconds",
            "dwell_method",
            "value",
            "currency",
            "url",
            "properties",
            "context",
        )
        read_only_fields = fields


class SourceSerializer(serializers.ModelSerializer[Source]):
    """A source; its key is shown by `create_source` and the admin only, once."""

    class Meta:
        model = Source
        fields = ("id", "name", "kind", "prefix", "last_seen_at", "revoked_at", "created_at")
        read_only_fields = fields


class QuarantinedSerializer(serializers.ModelSerializer[Quarantined]):
    """A row in the quarantine."""

    class Meta:
        model = Quarantined
        fields = (
            "id",
            "source",
            "received_at",
            "reason",
            "detail",
            "raw",
            "origin",
            "outcome",
            "replayed_at",
        )
        read_only_fields = fields
