"""Shapes of versions, of what two of them differ in, and of comments, in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from cxm.workspaces.access import current_access
from cxm.workspaces.models import Membership
from journeys.maps import discussing
from journeys.maps.diffing import HOWS
from journeys.maps.models import Comment, JourneyMap, Mention, Version
from journeys.maps.serializers import LaneReadSerializer, StageReadSerializer


class MapVersionSerializer(serializers.ModelSerializer[Version]):
    """A version without its contents."""

    class Meta:
        model = Version
        fields = (
            "id",
            "map",
            "number",
            "status",
            "revision",
            "note",
            "made_from",
            "window_start",
            "window_end",
            "published_at",
            "published_by",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class MapVersionDetailSerializer(MapVersionSerializer):
    """A version with all that stands on it."""

    stages = StageReadSerializer(many=True, read_only=True)
    lanes = LaneReadSerializer(many=True, read_only=True)

    class Meta(MapVersionSerializer.Meta):
        fields = (*MapVersionSerializer.Meta.fields, "stages", "lanes")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class ChangeCountsSerializer(serializers.Serializer[Any]):
    """How many things differ, in each way."""

    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    moved = serializers.IntegerField()


class ChangeCountsOfSerializer(ChangeCountsSerializer):
    """The counts of one lane or step."""

    key = serializers.UUIDField()
    title = serializers.CharField()


class FieldChangeSerializer(serializers.Serializer[Any]):
    """A field, old and new."""

    field = serializers.CharField()
    was = serializers.JSONField()
    now = serializers.JSONField()


class ThingPlaceSerializer(serializers.Serializer[Any]):
    """Where something stands: of a step its stage, of a card its lane and step, by key."""

    stage = serializers.UUIDField(required=False)
    lane = serializers.UUIDField(required=False)
    step = serializers.UUIDField(required=False)


class DifferenceSerializer(serializers.Serializer[Any]):
    """A thing that differs."""

    key = serializers.UUIDField()
    title = serializers.CharField()
    was_title = serializers.CharField(allow_null=True)
    place = ThingPlaceSerializer()
    was_place = ThingPlaceSerializer(allow_null=True)
    fields = FieldChangeSerializer(many=True)  # type: ignore[assignment]


class DifferencesSerializer(serializers.Serializer[Any]):
    """The things of one kind that differ, by how."""

    added = DifferenceSerializer(many=True)
    changed = DifferenceSerializer(many=True)
    removed = DifferenceSerializer(many=True)
    moved = DifferenceSerializer(many=True)


class CardDifferenceSerializer(serializers.Serializer[Any]):
    """A card of a cell that differs."""

    key = serializers.UUIDField()
    how = serializers.ListField(child=serializers.ChoiceField(choices=HOWS))
    text = serializers.CharField()
    was = serializers.CharField(allow_null=True)


class CellDifferencesSerializer(ChangeCountsSerializer):
    """A cell in which cards differ."""

    lane = serializers.UUIDField()
    step = serializers.UUIDField()
    lane_title = serializers.CharField()
    step_title = serializers.CharField()
    cards = CardDifferenceSerializer(many=True)


class ComparisonSerializer(serializers.Serializer[Any]):
    """What differs between two versions; `names` says what ids among fields are called."""

    a = MapVersionSerializer()
    b = MapVersionSerializer()
    totals = ChangeCountsSerializer()
    counts = serializers.DictField(child=ChangeCountsSerializer())
    stages = DifferencesSerializer()
    steps = DifferencesSerializer()
    lanes = DifferencesSerializer()
    cards = DifferencesSerializer()
    by_lane = ChangeCountsOfSerializer(many=True)
    by_step = ChangeCountsOfSerializer(many=True)
    cells = CellDifferencesSerializer(many=True)
    names = serializers.DictField(child=serializers.CharField())


class MapCommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment; `map`, `anchor` and `thread` stay as they are.

    A reply has the map and the anchor of its thread. A colleague writes in their own name; a key
    may write in the name of any member, or in nobody's.
    """

    map = serializers.PrimaryKeyRelatedField(queryset=JourneyMap.objects.all())
    thread = serializers.PrimaryKeyRelatedField(
        queryset=Comment.objects.filter(thread__isnull=True), required=False, allow_null=True
    )
    author = serializers.PrimaryKeyRelatedField(
        queryset=Membership.objects.all(), required=False, allow_null=True
    )
    assigned_to = serializers.PrimaryKeyRelatedField(
        queryset=Membership.objects.all(), required=False, allow_null=True
    )
    text = serializers.CharField(max_length=4000)
    mentioned = serializers.PrimaryKeyRelatedField(
        queryset=Membership.objects.all(),
        many=True,
        required=False,
        write_only=True,
        help_text="Members who shall look at it; replaces those named before.",
    )
    mentions: serializers.SlugRelatedField[Mention] = serializers.SlugRelatedField(
        slug_field="member_id", many=True, read_only=True
    )

    class Meta:
        model = Comment
        fields = (
            "id",
            "map",
            "anchor",
            "thread",
            "author",
            "text",
            "mentioned",
            "mentions",
            "assigned_to",
            "resolved_at",
            "resolved_by",
            "edited_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = (
            "id",
            "mentions",
            "resolved_at",
            "resolved_by",
            "edited_at",
            "created_at",
            "updated_at",
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Keep a reply on the map of its thread, and out of what only threads have."""
        thread = attrs.get("thread")
        if thread is not None and "map" in attrs and thread.map_id != attrs["map"].pk:
            raise serializers.ValidationError({"thread": _("It is about another map.")})
        if thread is not None and attrs.get("assigned_to") is not None:
            raise serializers.ValidationError({"assigned_to": _("Only a thread is assigned.")})
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Comment:
        """Begin a thread or reply to one."""
        access = current_access()
        author = validated_data.get("author")
        if access is not None and access.membership is not None:
            author = access.membership
        said = {
            "author": author,
            "text": validated_data["text"],
            "mentions": validated_data.get("mentioned", ()),
        }
        if (thread := validated_data.get("thread")) is not None:
            return discussing.reply(thread=thread, **said)
        return discussing.add_comment(
            journey=validated_data["map"],
            anchor=validated_data.get("anchor"),
            assigned_to=validated_data.get("assigned_to"),
            **said,
        )

    def update(self, instance: Comment, validated_data: dict[str, Any]) -> Comment:
        """Change text and mentions, or who takes care of the thread."""
        for name in ("map", "anchor", "thread", "author"):
            if name in validated_data and validated_data[name] != getattr(instance, name):
                raise serializers.ValidationError({name: _("That stays as it is.")})
        if "assigned_to" in validated_data and instance.thread_id is None:
            discussing.assign(thread=instance, to=validated_data["assigned_to"])
            instance.assigned_to = validated_data["assigned_to"]
        if "text" in validated_data or "mentioned" in validated_data:
            discussing.edit_comment(
                comment=instance,
                text=validated_data.get("text", instance.text),
                mentions=validated_data.get("mentioned"),
            )
        return instance
