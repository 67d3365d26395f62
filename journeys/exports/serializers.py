"""Shapes of files in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from journeys.exports.formats import FORMATS
from journeys.exports.incoming import LARGEST, too_large
from journeys.maps.models import JourneyMap


class ExportQuerySerializer(serializers.Serializer[Any]):
    """What is asked of an export."""

    # In the order of the page; `format` is DRF's own word in an address.
    as_ = serializers.ChoiceField(choices=list(FORMATS), source="format")
    lanes = serializers.ListField(child=serializers.UUIDField(), required=False)
    figures = serializers.BooleanField(default=True)
    paper = serializers.ChoiceField(choices=["a3", "a4"], default="a3")
    period = serializers.ChoiceField(choices=["30", "90", "365"], default="90")
    version = serializers.IntegerField(min_value=1, max_value=2_000_000_000, required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Name the format `as`, which Python keeps for itself."""
        fields = super().get_fields()
        return {("as" if name == "as_" else name): field for name, field in fields.items()}


class ImportRequestSerializer(serializers.Serializer[Any]):
    """A file, and what the new journey is called; both of it the file may say itself."""

    file = serializers.FileField()
    name = serializers.CharField(max_length=120, required=False, default="")
    kind = serializers.ChoiceField(choices=JourneyMap.Kind.choices, required=False)
    dry_run = serializers.BooleanField(
        default=False, help_text=_("Only say what would become of it.")
    )

    def validate_file(self, file: Any) -> Any:
        """Refuse a file that is too large."""
        if file.size > LARGEST:
            raise serializers.ValidationError(too_large(LARGEST).problem.text)
        return file


class ImportProblemSerializer(serializers.Serializer[Any]):
    """What was changed, or must be mended, and where in the file."""

    text = serializers.CharField()
    code = serializers.CharField()
    blocks = serializers.BooleanField()
    page = serializers.CharField(allow_blank=True)
    row = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)


class ImportResultSerializer(serializers.Serializer[Any]):
    """What became of a file; `id` is null where it was only looked at."""

    id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    stages = serializers.IntegerField()
    steps = serializers.IntegerField()
    cards = serializers.IntegerField()
    blocked = serializers.BooleanField()
    problems = ImportProblemSerializer(many=True)
