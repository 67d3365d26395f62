"""Shape of KPIs, targets and measurements in the API."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as ModelError
from rest_framework import serializers

from cxm.kpis import registry
from cxm.kpis.models import Kpi, Measurement, Target


class _CleanedSerializer(serializers.ModelSerializer[Any]):
    """Runs the rules of the model, named constraints included, before anything is saved."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what the model refuses, and take over what it fills in."""
        model = self.Meta.model
        row = model(pk=self.instance.pk) if self.instance else model()
        if self.instance is not None:
            for field in model._meta.concrete_fields:
                setattr(row, field.attname, getattr(self.instance, field.attname))
            row._state.adding = False
        for name, value in attrs.items():
            setattr(row, name, value)
        row.fill_workspace()
        try:
            row.full_clean()
        except ModelError as error:
            raise serializers.ValidationError(serializers.as_serializer_error(error)) from error
        for name in self.Meta.filled_in:
            attrs[name] = getattr(row, name)
        return attrs

    class Meta:
        model: type[Any]
        filled_in: tuple[str, ...] = ()


class KpiSerializer(_CleanedSerializer):
    """A measure of one subject that somebody answers for."""

    metric = serializers.CharField(max_length=60, help_text="Key of a registered measure.")

    class Meta:
        model = Kpi
        fields = [
            "id",
            "name",
            "description",
            "metric",
            "subject_kind",
            "subject_id",
            "dimension",
            "dimension_value",
            "method",
            "owner",
            "weight",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["id", "method", "created_at", "updated_at"]
        filled_in = ("method",)


class TargetSerializer(_CleanedSerializer):
    """What a KPI shall reach. Without a baseline, that of the measure is taken."""

    baseline = serializers.FloatField(required=False)

    class Meta:
        model = Target
        fields = [
            "id",
            "kpi",
            "value",
            "baseline",
            "floor",
            "tolerance",
            "period",
            "start",
            "end",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["id", "created_at", "updated_at"]
        filled_in = ("baseline",)


class PartSerializer(serializers.Serializer[dict[str, Any]]):
    """One component of a composite figure."""

    metric = serializers.CharField()
    value = serializers.FloatField(help_text="0 to 100")
    n = serializers.IntegerField()
    weight = serializers.FloatField(help_text="Share of the whole; all sum to 1.")
    shared = serializers.BooleanField(help_text="It took over weight of missing components.")


class MeasurementSerializer(serializers.ModelSerializer[Measurement]):
    """A figure: value, n, interval, window. Programs decide for themselves what too few are."""

    unit = serializers.SerializerMethodField()
    enough_data = serializers.SerializerMethodField()
    parts = PartSerializer(many=True)

    class Meta:
        model = Measurement
        fields = [
            "id",
            "metric",
            "unit",
            "subject_kind",
            "subject_id",
            "dimension",
            "dimension_value",
            "window",
            "back",
            "start",
            "end",
            "value",
            "n",
            "low",
            "high",
            "enough_data",
            "successes",
            "failures",
            "total",
            "target",
            "floor",
            "attainment",
            "status",
            "parts",
            "missing",
            "updated_at",
        ]
        read_only_fields = fields

    def get_unit(self, row: Measurement) -> str:
        """Return the unit of value, interval, target and floor."""
        entry = registry.metrics.get(row.metric)
        return entry.unit if entry else ""

    def get_enough_data(self, row: Measurement) -> bool:
        """Return whether n reaches the workspace's smallest n, from which we show the value."""
        return row.status != "none"
