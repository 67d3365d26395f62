"""Shapes of campaigns and invitations in the API."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import serializers

from surveys.invitations.models import Campaign, CampaignText, Invitation


class CampaignTextSerializer(serializers.ModelSerializer[CampaignText]):
    """What a campaign says in one language."""

    class Meta:
        model = CampaignText
        fields = ("language", "subject", "occasion")


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """A campaign with its texts; without a segment it is for everybody."""

    texts = CampaignTextSerializer(many=True, required=False)

    class Meta:
        model = Campaign
        fields = (
            "id",
            "name",
            "survey",
            "segment",
            "expires_days",
            "texts",
            "status",
            "launched_at",
            "finished_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = (
            "id",
            "status",
            "launched_at",
            "finished_at",
            "created_at",
            "updated_at",
        )

    def validate_texts(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse two texts in one language."""
        if len({text["language"] for text in value}) != len(value):
            raise serializers.ValidationError(_("There are two texts in one language."))
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a change of what was sent already."""
        launched = self.instance is not None and self.instance.status != Campaign.Status.DRAFT
        if launched and set(attrs) - {"name"}:
            raise serializers.ValidationError(
                _("This campaign was launched: only its name may change.")
            )
        return attrs

    @transaction.atomic
    def create(self, validated_data: dict[str, Any]) -> Campaign:
        """Make the campaign with its texts."""
        texts = validated_data.pop("texts", [])
        campaign: Campaign = super().create(validated_data)
        _write_texts(campaign, texts)
        return campaign

    @transaction.atomic
    def update(self, instance: Campaign, validated_data: dict[str, Any]) -> Campaign:
        """Change the campaign; texts that are given replace all."""
        texts = validated_data.pop("texts", None)
        campaign: Campaign = super().update(instance, validated_data)
        if texts is not None:
            campaign.texts.all().delete()
            _write_texts(campaign, texts)
        return campaign


class CampaignProgressSerializer(serializers.Serializer[Any]):
    """How far a campaign is: invitations by status, and the answers."""

    status = serializers.CharField()
    queued = serializers.IntegerField()
    sending = serializers.IntegerField()
    sent = serializers.IntegerField()
    uncertain = serializers.IntegerField()
    failed = serializers.IntegerField()
    skipped = serializers.IntegerField()
    answered = serializers.IntegerField()


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """One invitation and what became of it."""

    class Meta:
        model = Invitation
        fields = (
            "id",
            "campaign",
            "customer",
            "status",
            "reason",
            "language",
            "attempts",
            "due_at",
            "sent_at",
            "expires_at",
            "answered_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


def _write_texts(campaign: Campaign, texts: list[dict[str, Any]]) -> None:
    CampaignText.objects.bulk_create(
        CampaignText(workspace_id=campaign.workspace_id, campaign=campaign, **text)
        for text in texts
    )
