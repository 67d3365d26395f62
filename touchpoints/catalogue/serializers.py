"""Shapes of the catalogue in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from touchpoints.catalogue.conditions import InvalidConditionError, read_conditions
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


class ChannelWordSerializer(serializers.ModelSerializer[ChannelWord]):
    """The workspace's own word for a channel; it is kept in small letters."""

    channel: serializers.PrimaryKeyRelatedField[Channel] = serializers.PrimaryKeyRelatedField(
        queryset=Channel.objects.all()
    )

    class Meta:
        model = ChannelWord
        fields = ("id", "channel", "field", "text", "created_at", "updated_at")
        read_only_fields = ("id", "created_at", "updated_at")
        validators: list[Any] = []

    def validate_text(self, text: str) -> str:
        """Keep it in the form in which it is compared."""
        return text.strip().lower()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a word that leads to a channel already."""
        field = attrs.get("field", getattr(self.instance, "field", ChannelWord.Field.MEDIUM))
        text = attrs.get("text", getattr(self.instance, "text", ""))
        same = ChannelWord.objects.filter(field=field, text=text)
        if self.instance is not None:
            same = same.exclude(pk=self.instance.pk)
        if same.exists():
            raise serializers.ValidationError(
                {"text": ["This word leads to a channel already."]}, code="word_taken"
            )
        return attrs


class PhaseModelSerializer(_KeyedSerializer):
    """A phase model. One that shall be used first takes the place of the one before."""

    class Meta:
        model = PhaseModel
        fields = ("id", "key", "name", "is_cycle", "is_default", "created_at", "updated_at")
        read_only_fields = ("id", "created_at", "updated_at")
        validators: list[Any] = []

    def validate_is_default(self, wanted: bool) -> bool:
        """Let another take the place instead of leaving it empty."""
        if self.instance is not None and self.instance.is_default and not wanted:
            raise serializers.ValidationError(
                "Mark the model that takes its place instead.", code="no_default"
            )
        return wanted


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    """A phase; `model` is the id of its model, where its key is unique."""

    model: serializers.PrimaryKeyRelatedField[PhaseModel] = serializers.PrimaryKeyRelatedField(
        queryset=PhaseModel.objects.all()
    )

    class Meta:
        model = Phase
        fields = ("id", "model", "key", "name", "position", "created_at", "updated_at")
        read_only_fields = ("id", "created_at", "updated_at")


class RuleConditionSerializer(serializers.Serializer[Any]):
    """A condition of a rule; `name` is the property's name where the field is "property"."""

    field = serializers.CharField()
    name = serializers.CharField(allow_blank=True, default="")
    operator = serializers.CharField()
    value = serializers.CharField()


class MatchingRuleSerializer(serializers.ModelSerializer[MatchingRule]):
    """A matching rule. New ones stand behind all others; `move` changes the order."""

    touchpoint: serializers.PrimaryKeyRelatedField[Touchpoint] = serializers.PrimaryKeyRelatedField(
        queryset=Touchpoint.objects.all()
    )
    conditions = RuleConditionSerializer(many=True)

    class Meta:
        model = MatchingRule
        fields = (
            "id",
            "touchpoint",
            "name",
            "position",
            "is_active",
            "conditions",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "position", "created_at", "updated_at")

    def validate_conditions(self, conditions: list[dict[str, str]]) -> list[dict[str, str]]:
        """Refuse what can be no condition, and keep the rest in one form."""
        try:
            return [found.as_json() for found in read_conditions(conditions)]
        except InvalidConditionError as error:
            raise serializers.ValidationError(error.detail, code=error.code) from error

    def update(self, instance: MatchingRule, validated_data: dict[str, Any]) -> MatchingRule:
        """Save the fields; the conditions are one field of the row."""
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.save()
        return instance


class RuleOrderSerializer(serializers.Serializer[Any]):
    """The ids of rules in the order in which they shall be asked."""

    order = serializers.ListField(child=serializers.UUIDField(), max_length=1000)


class TouchpointSerializer(_KeyedSerializer):
    """A touchpoint; `channel` and `phase` are ids, `has_picture` says whether one was sent."""

    has_picture = serializers.SerializerMethodField()

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
            "has_picture",
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

    def get_has_picture(self, touchpoint: Touchpoint) -> bool:
        """Say whether there is a picture."""
        return bool(touchpoint.picture)


class PictureSerializer(serializers.Serializer[Any]):
    """A picture: PNG, JPEG, WebP or GIF, at most 5 MB."""

    file = serializers.FileField()


class GoalSerializer(_KeyedSerializer):
    """A goal. A new primary goal takes the place of the one before.

    It is reached by an event, a page address with *, contacts at a touchpoint, or, where several
    of these are given, by what meets all of them.
    """

    touchpoint: serializers.PrimaryKeyRelatedField[Touchpoint] = serializers.PrimaryKeyRelatedField(
        queryset=Touchpoint.objects.all(), allow_null=True, required=False
    )

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

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for a way to reach it."""
        aims = ("event_name", "page_pattern", "touchpoint")
        if not any(attrs.get(aim, getattr(self.instance, aim, "")) for aim in aims):
            raise serializers.ValidationError(
                {"event_name": ["Say by which event, page or touchpoint it is reached."]},
                code="goal_without_aim",
            )
        return attrs


class DimensionSerializer(_KeyedSerializer):
    """A dimension."""

    class Meta:
        model = Dimension
        fields = ("id", "key", "title", "property", "created_at", "updated_at")
        read_only_fields = ("id", "created_at", "updated_at")
