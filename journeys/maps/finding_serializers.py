"""Shapes of pain points and opportunities in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cxm.workspaces.models import Membership
from journeys.maps.finding_reports import KINDS, Place
from journeys.maps.finding_services import edit_finding
from journeys.maps.models import Opportunity, PainPoint


class PainPointSerializer(serializers.ModelSerializer[PainPoint]):
    """A pain point; `maps` and `steps` say on how many it stands now."""

    maps = serializers.IntegerField(source="map_count", read_only=True, default=0)
    steps = serializers.IntegerField(source="step_count", read_only=True, default=0)

    class Meta:
        model = PainPoint
        fields = (
            "id",
            "title",
            "description",
            "severity",
            "maps",
            "steps",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")

    def update(self, instance: PainPoint, validated_data: dict[str, Any]) -> PainPoint:
        """Change it, and what cards on drafts repeat of it."""
        edit_finding(kind=KINDS["pain"], row=instance, values=validated_data, by=None)
        return instance


class OpportunitySerializer(serializers.ModelSerializer[Opportunity]):
    """An opportunity; impact and effort from 1 (small) to 5 (great), `owner` is a member's id."""

    maps = serializers.IntegerField(source="map_count", read_only=True, default=0)
    steps = serializers.IntegerField(source="step_count", read_only=True, default=0)
    owner = serializers.PrimaryKeyRelatedField(
        queryset=Membership.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Opportunity
        fields = (
            "id",
            "title",
            "description",
            "status",
            "impact",
            "effort",
            "owner",
            "maps",
            "steps",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")

    def update(self, instance: Opportunity, validated_data: dict[str, Any]) -> Opportunity:
        """Change it, and what cards on drafts repeat of it."""
        edit_finding(kind=KINDS["idea"], row=instance, values=validated_data, by=None)
        return instance


class PlaceSerializer(serializers.Serializer[Place]):
    """A card on which a finding stands."""

    card = serializers.UUIDField(source="card.pk")
    map = serializers.UUIDField(source="journey.pk")
    map_name = serializers.CharField(source="journey.name")
    version = serializers.UUIDField(source="card.step.stage.version_id")
    step = serializers.UUIDField(source="card.step_id")
    step_name = serializers.CharField(source="card.step.name")


class MergePainPointSerializer(serializers.Serializer[Any]):
    """The pain point that stays."""

    into = serializers.PrimaryKeyRelatedField(queryset=PainPoint.objects.all())


class MergeOpportunitySerializer(serializers.Serializer[Any]):
    """The opportunity that stays."""

    into = serializers.PrimaryKeyRelatedField(queryset=Opportunity.objects.all())
