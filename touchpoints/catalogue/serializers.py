"""Shapes of the catalogue in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from touchpoints.catalogue.models import Channel, Dimension, Goal, Phase, Touchpoint


class _KeyedSerializer(serializers.ModelSerializer[Any]):
    """A row whose key is unique in the workspace, of which the caller sees no other."""

    def validate_key(self, key: str) -> str:
        """Refuse a key that another row has."""
        same = self.Meta.model.objects.filter(key=key)  # type: ignore[attr-defined]
        if self.instance is not None:
            same = same.exclude(pk=self.instance.pk)
        if same.exists():
            raise serializers.ValidationError("Another row has this key.", code="key_taken")
        return key


class ChannelSerializer(_KeyedSerializer):
    """A channel."""

    class Meta:
        model = Channel
        fields = ("id", "key", "name", "kind", "icon", "position", "created_at", "updated_at")
        read_only_fields = ("id", "created_at", "updated_at")


class TouchpointSerializer(_KeyedSerializer):
    """A touchpoint; `channel` and `phase` are ids."""

    # The library's field keeps the queryset of import time; row-level security narrows it.
    channel: serializers.PrimaryKeyRelatedField[Channel] = serializers.PrimaryKeyRelatedField(
        queryset=Channel.objects.all()
    )
    phase: serializers.PrimaryKeyRelatedField[Phase] = serializers.PrimaryKeyRelatedField(
        queryset=Phase.objects.all(), allow_null=True, required=False
    )

    class Meta:
        model = Touchpoint
        fields = (
            "id",
            "key",
            "name",
            "channel",
            "phase",
            "description",
            "content",
            "keywords",
            "owner",
            "department",
            "importance_customer",
            "importance_business",
            "moment_of_truth",
            "status",
            "icon",
            "event_names",
            "page_prefix",
            "goal_event",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")


class GoalSerializer(_KeyedSerializer):
    """A goal. A new primary goal takes the place of the one before."""

    class Meta:
        model = Goal
        fields = (
            "id",
            "key",
            "name",
            "kind",
            "event_name",
            "page_pattern",
            "touchpoint",
            "is_primary",
            "value",
            "currency",
            "once_per_visit",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")
        # The one primary goal is seen to by the view, which lets the other step back.
        validators: list[Any] = []


class DimensionSerializer(_KeyedSerializer):
    """A dimension."""

    class Meta:
        model = Dimension
        fields = ("id", "key", "title", "property", "created_at", "updated_at")
        read_only_fields = ("id", "created_at", "updated_at")
