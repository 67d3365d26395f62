"""Shapes of surveys in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from surveys.questionnaires.models import Question, QuestionText, Survey
from surveys.questionnaires.services import create_nps_survey


class QuestionTextSerializer(serializers.ModelSerializer[QuestionText]):
    """A question in one language."""

    class Meta:
        model = QuestionText
        fields = ("language", "text", "low_label", "high_label")
        read_only_fields = fields


class QuestionSerializer(serializers.ModelSerializer[Question]):
    """A question with its texts."""

    texts = QuestionTextSerializer(many=True, read_only=True)

    class Meta:
        model = Question
        fields = ("id", "kind", "position", "required", "texts")
        read_only_fields = fields


class SurveySerializer(serializers.ModelSerializer[Survey]):
    """A survey. A new one asks how likely a recommendation is, and for the main reason."""

    questions = QuestionSerializer(many=True, read_only=True)

    class Meta:
        model = Survey
        fields = (
            "id",
            "name",
            "kind",
            "touchpoint",
            "languages",
            "status",
            "change_days",
            "reply_days",
            "questions",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a survey about one touchpoint that names none, and the other way round."""
        kind = attrs.get("kind", getattr(self.instance, "kind", Survey.Kind.RELATIONAL))
        touchpoint = attrs.get("touchpoint", getattr(self.instance, "touchpoint", None))
        if (kind == Survey.Kind.TRANSACTIONAL) != (touchpoint is not None):
            raise serializers.ValidationError(
                {"touchpoint": _("A survey about one touchpoint names it; another names none.")}
            )
        return attrs

    def validate_languages(self, value: list[str]) -> list[str]:
        """Refuse a survey that speaks no language."""
        if not value:
            raise serializers.ValidationError(_("A survey needs at least one language."))
        return value

    def create(self, validated_data: dict[str, Any]) -> Survey:
        """Make the survey with its questions."""
        return create_nps_survey(**validated_data)
