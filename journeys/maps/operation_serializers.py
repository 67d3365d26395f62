"""Shapes of operations in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from journeys.maps.models import Version
from journeys.maps.operations.reading import LONGEST_CLIENT, MOST_OPERATIONS


class OperationWriteSerializer(serializers.Serializer[Any]):
    """An operation: one of insert, update, move and delete, with an id of the sender's."""

    id = serializers.UUIDField(
        help_text="Made by the sender; an operation that is sent twice is carried out once."
    )
    change = serializers.DictField(
        help_text="`op` is insert (with `rows`), update (`kind`, `id`, `fields`, `was`), "
        "move (`kind`, `id`, `to`, `at`) or delete (`kind`, `ids`)."
    )


class OperationsWriteSerializer(serializers.Serializer[Any]):
    """Operations to carry out on the draft of a map, in their order."""

    client = serializers.CharField(
        max_length=LONGEST_CLIENT, required=False, default="", allow_blank=True
    )
    ops = serializers.ListField(
        child=OperationWriteSerializer(), min_length=1, max_length=MOST_OPERATIONS
    )


class OperationErrorSerializer(serializers.Serializer[Any]):
    """Why an operation was not carried out."""

    code = serializers.CharField()
    detail = serializers.CharField()


class AuthorSerializer(serializers.Serializer[Any]):
    """The member behind an operation."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ConflictSerializer(serializers.Serializer[Any]):
    """A text that is another than the sender said it was."""

    kind = serializers.CharField()
    id = serializers.UUIDField()
    field = serializers.CharField()
    theirs = serializers.CharField(allow_blank=True)
    by = AuthorSerializer(allow_null=True)


class OperationResultSerializer(serializers.Serializer[Any]):
    """What came of an operation: its number, or why there is none."""

    id = serializers.UUIDField()
    number = serializers.IntegerField(required=False)
    error = OperationErrorSerializer(required=False)
    conflict = ConflictSerializer(required=False)


class OperationResultsSerializer(serializers.Serializer[Any]):
    """What came of all operations; `revision` is the number of the last one."""

    version = serializers.UUIDField()
    revision = serializers.IntegerField()
    results = OperationResultSerializer(many=True)


class OperationReadSerializer(serializers.Serializer[Any]):
    """An operation as it was carried out."""

    number = serializers.IntegerField()
    id = serializers.UUIDField()
    client = serializers.CharField(allow_blank=True)
    by = AuthorSerializer(allow_null=True)
    change = serializers.DictField()


class OperationsReadSerializer(serializers.Serializer[Any]):
    """The operations after a number; with `reload` they are gone: read the whole map."""

    version = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Version.Status.choices)
    revision = serializers.IntegerField()
    reload = serializers.BooleanField()
    ops = OperationReadSerializer(many=True)
