"""Shapes of campaigns in the API."""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from cxm.workspaces.models import Membership
from touchpoints.campaigns.models import Campaign, Placement, PlanLine, Spend
from touchpoints.catalogue.models import Channel, Phase, Touchpoint

MOST_ROWS = 1000


class _CheckedSerializer(serializers.ModelSerializer[Any]):
    """Asks the model what it thinks of the row; what it belongs to stays as it was made.

    Attributes:
        settled: names of fields that cannot change after the row was made.
    """

    settled: ClassVar[tuple[str, ...]] = ("campaign",)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Refuse what the model refuses, and a move to another campaign."""
        if self.instance is not None:
            moved = {
                name: serializers.ErrorDetail(_("This cannot change any more."), code="settled")
                for name in self.settled
                if name in data and data[name] != getattr(self.instance, name)
            }
            if moved:
                raise serializers.ValidationError(moved)
        model: type[Any] = self.Meta.model
        row = copy(self.instance) if self.instance is not None else model()
        for name, value in data.items():
            setattr(row, name, value)
        row.clean()
        return {**data, **{name: getattr(row, name) for name in self._cleaned(row)}}

    def _cleaned(self, row: Any) -> tuple[str, ...]:
        """Return the fields that the model's check may have filled."""
        return ()


# The invitations have campaigns as well.
@extend_schema_serializer(component_name="MarketingCampaign")
class CampaignSerializer(_CheckedSerializer):
    """A campaign. `utm_campaign` is the key where it is left empty."""

    settled: ClassVar[tuple[str, ...]] = ()
    owner: serializers.PrimaryKeyRelatedField[Membership] = serializers.PrimaryKeyRelatedField(
        queryset=Membership.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Campaign
        fields = (
            "id",
            "key",
            "name",
            "status",
            "description",
            "audience",
            "owner",
            "starts_on",
            "ends_on",
            "currency",
            "utm_campaign",
            "utm_id",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")
        validators: ClassVar[list[Any]] = []

    def _cleaned(self, row: Any) -> tuple[str, ...]:
        return ("utm_campaign", "utm_id")

    def validate_status(self, status: str) -> str:
        """Leave the archive to its own doors, which free the words and ask for them again."""
        before = self.instance.status if self.instance is not None else None
        archived = Campaign.Status.ARCHIVED
        if status != before and archived in {status, before}:
            raise serializers.ValidationError(
                _("Post to archive/ or restore/ for this."), code="use_archive"
            )
        return status


class PlacementSerializer(_CheckedSerializer):
    """A placement. Its code is made by us; `landing_url` is where it leads, with its words."""

    campaign: serializers.PrimaryKeyRelatedField[Campaign] = serializers.PrimaryKeyRelatedField(
        queryset=Campaign.objects.all()
    )
    touchpoint: serializers.PrimaryKeyRelatedField[Touchpoint] = serializers.PrimaryKeyRelatedField(
        queryset=Touchpoint.objects.all(), required=False, allow_null=True
    )
    channel: serializers.PrimaryKeyRelatedField[Channel] = serializers.PrimaryKeyRelatedField(
        queryset=Channel.objects.all(), required=False, allow_null=True
    )
    landing_url = serializers.SerializerMethodField()

    class Meta:
        model = Placement
        fields = (
            "id",
            "campaign",
            "name",
            "kind",
            "code",
            "target_url",
            "landing_url",
            "touchpoint",
            "channel",
            "source",
            "medium",
            "content",
            "last_seen_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "code", "last_seen_at", "created_at", "updated_at")
        validators: ClassVar[list[Any]] = []

    def get_landing_url(self, placement: Placement) -> str:
        """Return where it leads to, with the campaign's words."""
        return placement.landing(placement.campaign) if placement.target_url else ""


class PlanLineSerializer(_CheckedSerializer):
    """A line of the media plan, in the campaign's currency."""

    campaign: serializers.PrimaryKeyRelatedField[Campaign] = serializers.PrimaryKeyRelatedField(
        queryset=Campaign.objects.all()
    )
    phase: serializers.PrimaryKeyRelatedField[Phase] = serializers.PrimaryKeyRelatedField(
        queryset=Phase.objects.all(), required=False, allow_null=True
    )
    channel: serializers.PrimaryKeyRelatedField[Channel] = serializers.PrimaryKeyRelatedField(
        queryset=Channel.objects.all(), required=False, allow_null=True
    )
    audience = serializers.CharField(max_length=200, required=False, allow_blank=True)

    class Meta:
        model = PlanLine
        fields = (
            "id",
            "campaign",
            "phase",
            "channel",
            "audience",
            "budget",
            "reach_target",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")
        validators: ClassVar[list[Any]] = []


class SpendSerializer(_CheckedSerializer):
    """What a campaign cost on one day, in its currency."""

    campaign: serializers.PrimaryKeyRelatedField[Campaign] = serializers.PrimaryKeyRelatedField(
        queryset=Campaign.objects.all()
    )
    placement: serializers.PrimaryKeyRelatedField[Placement] = serializers.PrimaryKeyRelatedField(
        queryset=Placement.objects.all(), required=False, allow_null=True
    )
    line: serializers.PrimaryKeyRelatedField[PlanLine] = serializers.PrimaryKeyRelatedField(
        queryset=PlanLine.objects.all(), required=False, allow_null=True
    )
    reference = serializers.CharField(max_length=120, required=False, allow_blank=True)

    class Meta:
        model = Spend
        fields = (
            "id",
            "campaign",
            "placement",
            "line",
            "day",
            "amount",
            "note",
            "reference",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")
        validators: ClassVar[list[Any]] = []


class CopySerializer(serializers.Serializer[Any]):
    """What a copy is called and when it starts; all may be left out."""

    name = serializers.CharField(max_length=120, required=False, default="")
    key = serializers.CharField(max_length=80, required=False, default="")
    starts_on = serializers.DateField(required=False, allow_null=True, default=None)


class SpendRowSerializer(serializers.Serializer[Any]):
    """A row of spend as programs send it: the campaign by its key, the placement by its name."""

    campaign = serializers.CharField(max_length=120)
    day = serializers.CharField(max_length=20)
    amount = serializers.CharField(max_length=40)
    placement = serializers.CharField(max_length=120, required=False, allow_blank=True)
    currency = serializers.CharField(max_length=3, required=False, allow_blank=True)
    reference = serializers.CharField(max_length=120, required=False, allow_blank=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class SpendRowsSerializer(serializers.Serializer[Any]):
    """1 to 1,000 rows of spend."""

    rows = serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=MOST_ROWS)


class RowErrorSerializer(serializers.Serializer[Any]):
    """What is wrong with one field of a row."""

    pointer = serializers.CharField()
    detail = serializers.CharField()
    code = serializers.CharField()


class SpendResultSerializer(serializers.Serializer[Any]):
    """What became of one row: added, changed, known (was there already) or failed."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(["added", "changed", "known", "failed"])
    # `errors` is also the name of a property of serializers; as a field it only documents.
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]


class SpendResultsSerializer(serializers.Serializer[Any]):
    """What became of each row."""

    results = SpendResultSerializer(many=True)


class MoneySerializer(serializers.Serializer[Any]):
    """What was planned and what was spent."""

    planned = serializers.DecimalField(max_digits=16, decimal_places=2)
    spent = serializers.DecimalField(max_digits=16, decimal_places=2)


class PlanRowSerializer(serializers.Serializer[Any]):
    """A channel's money, by phase in the order of the plan's phases."""

    channel = serializers.CharField(allow_null=True)
    cells = MoneySerializer(many=True)
    total = MoneySerializer()


class PlanSerializer(serializers.Serializer[Any]):
    """The media plan as a table: ids of phases as columns, null for any phase."""

    currency = serializers.CharField()
    phases = serializers.ListField(child=serializers.CharField(allow_null=True))
    rows = PlanRowSerializer(many=True)
    phase_totals = MoneySerializer(many=True)
    total = MoneySerializer()
    reach_target = serializers.IntegerField()


def plan_as_data(currency: str, table: Any) -> dict[str, Any]:
    """Return a plan's table as ``PlanSerializer`` writes it."""

    def money(of: Any) -> dict[str, Decimal]:
        return {"planned": of.planned, "spent": of.spent}

    return {
        "currency": currency,
        "phases": [phase and str(phase.pk) for phase in table.phases],
        "rows": [
            {
                "channel": row.channel and str(row.channel.pk),
                "cells": [money(cell) for cell in row.cells],
                "total": money(row.total),
            }
            for row in table.rows
        ],
        "phase_totals": [money(cell) for cell in table.phase_totals],
        "total": money(table.total),
        "reach_target": table.reach_target,
    }
