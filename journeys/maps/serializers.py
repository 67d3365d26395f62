"""Shapes of maps in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from journeys.maps import editing, services
from journeys.maps.models import Card, JourneyMap, Lane, Stage, Step, Version
from journeys.maps.starters import STARTERS
from journeys.personas.models import Persona
from journeys.personas.serializers import PersonaSerializer
from touchpoints.catalogue.models import Touchpoint

# What a map has of its own, besides what its making needs.
PLAIN = ("cyclic", "cycle_name")


class CardSerializer(serializers.ModelSerializer[Card]):
    """A card; a new one comes last in its cell. Lane and step stay as they are."""

    lane = serializers.PrimaryKeyRelatedField(queryset=Lane.objects.all())
    step = serializers.PrimaryKeyRelatedField(queryset=Step.objects.all())
    touchpoint = serializers.PrimaryKeyRelatedField(
        queryset=Touchpoint.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Card
        fields = (
            "id",
            "lane",
            "step",
            "position",
            "span",
            "text",
            "touchpoint",
            "valence",
            "severity",
            "status",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "position", "created_at", "updated_at")
        # The service judges positions and cells under a lock.
        validators: tuple[Any, ...] = ()

    def create(self, validated_data: dict[str, Any]) -> Card:
        """Add the card at the end of its cell."""
        validated_data.pop("workspace", None)
        return editing.add_card(**validated_data)

    def update(self, instance: Card, validated_data: dict[str, Any]) -> Card:
        """Change what the card says."""
        for name in ("lane", "step"):
            if name in validated_data and validated_data.pop(name) != getattr(instance, name):
                raise serializers.ValidationError({name: _("A card stays in its cell.")})
        for name, value in validated_data.items():
            setattr(instance, name, value)
        return editing.edit_card(card=instance, fields=list(validated_data))


class StepSerializer(serializers.ModelSerializer[Step]):
    """A step; a new one comes last in its stage."""

    stage = serializers.PrimaryKeyRelatedField(queryset=Stage.objects.all())

    class Meta:
        model = Step
        fields = ("id", "stage", "name", "position", "metric", "created_at", "updated_at")
        read_only_fields = ("id", "position", "created_at", "updated_at")
        validators: tuple[Any, ...] = ()

    def create(self, validated_data: dict[str, Any]) -> Step:
        """Add the step at the end of its stage."""
        return editing.add_step(
            stage=validated_data["stage"],
            name=validated_data["name"],
            metric=validated_data.get("metric", ""),
        )

    def update(self, instance: Step, validated_data: dict[str, Any]) -> Step:
        """Change the step; it stays in its stage."""
        if validated_data.pop("stage", instance.stage) != instance.stage:
            raise serializers.ValidationError({"stage": _("A step stays in its stage.")})
        if validated_data:
            editing.edit_row(row=instance, fields=validated_data)
        return instance


class StageSerializer(serializers.ModelSerializer[Stage]):
    """A stage; a new one comes last."""

    version = serializers.PrimaryKeyRelatedField(queryset=Version.objects.all())

    class Meta:
        model = Stage
        fields = ("id", "version", "name", "phase", "position", "created_at", "updated_at")
        read_only_fields = ("id", "position", "created_at", "updated_at")
        validators: tuple[Any, ...] = ()

    def create(self, validated_data: dict[str, Any]) -> Stage:
        """Add the stage after the last one."""
        return editing.add_stage(
            version=validated_data["version"],
            name=validated_data["name"],
            phase=validated_data.get("phase"),
        )

    def update(self, instance: Stage, validated_data: dict[str, Any]) -> Stage:
        """Change the stage; it stays in its version."""
        if validated_data.pop("version", instance.version) != instance.version:
            raise serializers.ValidationError({"version": _("A stage stays in its version.")})
        if validated_data:
            editing.edit_row(row=instance, fields=validated_data)
        return instance


class LaneSerializer(serializers.ModelSerializer[Lane]):
    """A lane; a new one comes last."""

    version = serializers.PrimaryKeyRelatedField(queryset=Version.objects.all())

    class Meta:
        model = Lane
        fields = ("id", "version", "kind", "name", "position", "hidden", "created_at", "updated_at")
        read_only_fields = ("id", "position", "created_at", "updated_at")
        validators: tuple[Any, ...] = ()

    def create(self, validated_data: dict[str, Any]) -> Lane:
        """Add the lane below the last one."""
        return editing.add_lane(
            version=validated_data["version"],
            kind=validated_data["kind"],
            name=validated_data.get("name", ""),
        )

    def update(self, instance: Lane, validated_data: dict[str, Any]) -> Lane:
        """Change heading and visibility; kind and version stay."""
        for name in ("version", "kind"):
            if name in validated_data and validated_data.pop(name) != getattr(instance, name):
                raise serializers.ValidationError({name: _("That stays as it is.")})
        if validated_data:
            editing.edit_row(row=instance, fields=validated_data)
        return instance


class StepReadSerializer(serializers.ModelSerializer[Step]):
    """A step inside its stage."""

    class Meta:
        model = Step
        fields = ("id", "name", "position", "metric")
        read_only_fields = fields


class StageReadSerializer(serializers.ModelSerializer[Stage]):
    """A stage with its steps."""

    steps = StepReadSerializer(many=True, read_only=True)

    class Meta:
        model = Stage
        fields = ("id", "name", "phase", "position", "steps")
        read_only_fields = fields


class CardReadSerializer(serializers.ModelSerializer[Card]):
    """A card inside its lane."""

    class Meta:
        model = Card
        fields = (
            "id",
            "step",
            "position",
            "span",
            "text",
            "touchpoint",
            "valence",
            "severity",
            "status",
        )
        read_only_fields = fields


class LaneReadSerializer(serializers.ModelSerializer[Lane]):
    """A lane with its cards."""

    cards = CardReadSerializer(many=True, read_only=True)

    class Meta:
        model = Lane
        fields = ("id", "kind", "name", "position", "hidden", "cards")
        read_only_fields = fields


class VersionReadSerializer(serializers.ModelSerializer[Version]):
    """A version without its contents."""

    class Meta:
        model = Version
        fields = ("id", "number", "status", "published_at")
        read_only_fields = fields


class VersionContentSerializer(VersionReadSerializer):
    """A version with all that is drawn on it."""

    stages = StageReadSerializer(many=True, read_only=True)
    lanes = LaneReadSerializer(many=True, read_only=True)

    class Meta(VersionReadSerializer.Meta):
        fields = (*VersionReadSerializer.Meta.fields, "stages", "lanes")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class JourneyMapSerializer(serializers.ModelSerializer[JourneyMap]):
    """A map with its personas and versions; `current` is its draft, else what is published."""

    personas = serializers.SerializerMethodField()
    persona_ids = serializers.PrimaryKeyRelatedField(
        queryset=Persona.objects.all(), many=True, write_only=True, required=False
    )
    template = serializers.ChoiceField(
        choices=sorted(STARTERS), write_only=True, required=False, default="blank"
    )
    versions = VersionReadSerializer(many=True, read_only=True)

    class Meta:
        model = JourneyMap
        fields = (
            "id",
            "name",
            "kind",
            "cyclic",
            "cycle_name",
            "is_main",
            "personas",
            "persona_ids",
            "template",
            "versions",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "is_main", "created_at", "updated_at")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a name that another map of the same kind has."""
        found = self.instance
        name = attrs.get("name", found.name if found else "")
        kind = attrs.get("kind", found.kind if found else JourneyMap.Kind.AS_IS)
        same = JourneyMap.objects.filter(name=name, kind=kind)
        if found is not None:
            same = same.exclude(pk=found.pk)
        if same.exists():
            raise serializers.ValidationError(
                {"name": _("There is a journey of this name already.")}, code="name_taken"
            )
        return attrs

    @extend_schema_field(PersonaSerializer(many=True))
    def get_personas(self, journey: JourneyMap) -> list[dict[str, Any]]:
        """Return the personas in the order in which the map names them."""
        places = [place.persona for place in journey.places.all()]
        return [dict(PersonaSerializer(persona).data) for persona in places]

    def create(self, validated_data: dict[str, Any]) -> JourneyMap:
        """Make the map with its first draft."""
        journey = services.create_map(
            workspace=validated_data["workspace"],
            name=validated_data["name"],
            kind=validated_data.get("kind", JourneyMap.Kind.AS_IS),
            personas=validated_data.get("persona_ids", ()),
            template=validated_data["template"],
        )
        plain = {name: validated_data[name] for name in PLAIN if name in validated_data}
        return super().update(journey, plain) if plain else journey

    def update(self, instance: JourneyMap, validated_data: dict[str, Any]) -> JourneyMap:
        """Change the map's settings."""
        validated_data.pop("template", None)
        personas = validated_data.pop("persona_ids", None)
        journey = super().update(instance, validated_data)
        if personas is not None:
            services.set_personas(journey=journey, personas=personas)
        return journey


class JourneyMapDetailSerializer(JourneyMapSerializer):
    """A map with the contents of its current version."""

    current = serializers.SerializerMethodField()

    class Meta(JourneyMapSerializer.Meta):
        fields = (*JourneyMapSerializer.Meta.fields, "current")  # type: ignore[assignment]

    @extend_schema_field(VersionContentSerializer)
    def get_current(self, journey: JourneyMap) -> dict[str, Any]:
        """Return the draft, or the published version where there is none."""
        version = services.current_version(journey)
        return dict(VersionContentSerializer(version).data)
