"""Shapes of responses in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cxm.customers.models import Customer
from surveys.questionnaires.models import Survey
from surveys.responses.models import Answer, Response
from surveys.responses.services import LONGEST_COMMENT, submit_response


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """The answer to one question: a number, or words."""

    kind = serializers.CharField(source="question.kind", read_only=True)

    class Meta:
        model = Answer
        fields = ("question", "kind", "number", "text")
        read_only_fields = fields


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """A response with its answers."""

    answers = AnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Response
        fields = (
            "id",
            "survey",
            "invitation",
            "customer",
            "touchpoint",
            "language",
            "via",
            "submitted_at",
            "changed_at",
            "wants_reply",
            "reply_due_at",
            "replied_at",
            "answers",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


class NewResponseSerializer(serializers.Serializer[Response]):
    """A response that a colleague or another system took down, on the phone or in the store."""

    survey = serializers.PrimaryKeyRelatedField(queryset=Survey.objects.all())
    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.all(), required=False, allow_null=True, default=None
    )
    score = serializers.IntegerField(min_value=0, max_value=10)
    comment = serializers.CharField(
        max_length=LONGEST_COMMENT, required=False, allow_blank=True, default=""
    )
    wants_reply = serializers.BooleanField(default=False)
    language = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")
    via = serializers.ChoiceField(choices=Response.Via.choices, default=Response.Via.OTHER)
    submitted_at = serializers.DateTimeField(required=False)

    def create(self, validated_data: dict[str, Any]) -> Response:
        """Take the response in."""
        validated_data.pop("workspace", None)
        at = validated_data.pop("submitted_at", None)
        return submit_response(at=at, **validated_data)

    def to_representation(self, instance: Response) -> dict[str, Any]:
        """Answer in the shape in which responses are read."""
        shown: dict[str, Any] = ResponseSerializer(instance, context=self.context).data
        return shown
