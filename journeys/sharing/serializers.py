"""Shapes of share links in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from journeys.maps.models import JourneyMap, ShareLink, Version
from journeys.sharing.services import LONGEST_PASSWORD, Made, create_link


class ShareLinkSerializer(serializers.ModelSerializer[ShareLink]):
    """A link without its secret, which is not kept."""

    has_password = serializers.SerializerMethodField()

    class Meta:
        model = ShareLink
        fields = (
            "id",
            "map",
            "version",
            "name",
            "lanes",
            "with_figures",
            "may_embed",
            "has_password",
            "expires_at",
            "revoked_at",
            "opened_at",
            "opened",
            "created_at",
        )
        read_only_fields = fields

    def get_has_password(self, link: ShareLink) -> bool:
        """Say whether a password is asked for."""
        return bool(link.password)


class ShareLinkCreateSerializer(serializers.Serializer[Made]):
    """What a new link needs. Without `version` it shows whatever is published."""

    map = serializers.PrimaryKeyRelatedField(queryset=JourneyMap.objects.all())
    version = serializers.PrimaryKeyRelatedField(
        queryset=Version.objects.select_related("map"), required=False, allow_null=True
    )
    name = serializers.CharField(max_length=120)
    lanes = serializers.ListField(
        child=serializers.UUIDField(),
        min_length=1,
        max_length=200,
        help_text="Keys of the lanes that are shown; none else is.",
    )
    with_figures = serializers.BooleanField(default=False)
    may_embed = serializers.BooleanField(default=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    password = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_PASSWORD, trim_whitespace=False
    )

    def validate_name(self, name: str) -> str:
        """Refuse a name of nothing but spaces."""
        if not name.strip():
            raise serializers.ValidationError(_("Write something."))
        return name

    def create(self, validated_data: dict[str, Any]) -> Made:
        """Make the link."""
        journey = validated_data.pop("map")
        return create_link(journey=journey, **validated_data)


class ShareLinkMadeSerializer(serializers.Serializer[Made]):
    """A new link, with its token and addresses: shown this once."""

    link = ShareLinkSerializer(read_only=True)
    token = serializers.CharField(read_only=True)
    url = serializers.URLField(read_only=True)
    embed_url = serializers.URLField(read_only=True, allow_null=True)
