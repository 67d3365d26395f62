"""Shapes of customers, consents and segments in the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from rest_framework import serializers

from cxm.api.errors import FieldProblem, field_problems
from cxm.customers.conditions import Condition
from cxm.customers.keys import KINDS, LONGEST_SYSTEM, LONGEST_VALUE, IdentityKey, make_key
from cxm.customers.matching import MOST_KEYS, CustomerFacts
from cxm.customers.models import Consent, Customer, Identity, Merge, Segment, SegmentCondition
from cxm.customers.reports import Person
from cxm.customers.services import (
    create_customer,
    merge,
    people_with,
    record_consent,
    save_segment,
    update_customer,
)
from cxm.customers.validators import validate_traits
from cxm.workspaces.access import current_access

MOST_ROWS = 1000
MOST_CONDITIONS = 20


class IdentityInput(TypedDict):
    """One identity as it was sent, cleaned."""

    key: IdentityKey


class IdentitySerializer(serializers.ModelSerializer[Identity]):
    """One identity. Members see it masked; only keys of other systems get it whole."""

    kind = serializers.ChoiceField(choices=KINDS)
    system = serializers.CharField(max_length=LONGEST_SYSTEM, allow_blank=True, default="")
    value = serializers.CharField(max_length=LONGEST_VALUE)

    class Meta:
        model = Identity
        fields = ("kind", "system", "value")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Bring the identity into its normal form."""
        try:
            key = make_key(attrs["kind"], attrs["value"], system=attrs.get("system", ""))
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="invalid_identity") from None
        return {"key": key}

    def to_representation(self, instance: Identity) -> dict[str, Any]:
        """Return the identity, masked unless a key asks."""
        access = current_access()
        whole = access is not None and access.api_key is not None
        return {
            "kind": instance.kind,
            "system": instance.system,
            "value": instance.value if whole else instance.masked,
        }


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A customer with all identities. On write, `identities` is the whole list.

    Of customers who were merged, the one who stays shows what is known about all of them; the
    others are tombstones that lead there by `merged_into`.
    """

    identities = IdentitySerializer(  # type: ignore[call-arg]  # many=True takes it
        many=True, required=False, max_length=MOST_KEYS
    )
    traits = serializers.DictField(required=False, validators=[validate_traits])

    class Meta:
        model = Customer
        fields = (
            "id",
            "number",
            "name",
            "language",
            "traits",
            "identities",
            "merged_into",
            "erased_at",
            "created_at",
            "updated_at",
        )
        read_only_fields = (
            "id",
            "number",
            "merged_into",
            "erased_at",
            "created_at",
            "updated_at",
        )

    def to_representation(self, instance: Customer) -> dict[str, Any]:
        """Return the person, or the tombstone of a part of one."""
        shown = super().to_representation(instance)
        if instance.is_merged:
            shown["identities"] = []
            return shown
        absorbed = sorted(instance.absorbed.all(), key=lambda row: (row.created_at, row.pk))
        if absorbed:
            person = Person(instance, tuple(absorbed))
            identities = [one for row in absorbed for one in row.identities.all()]
            shown["name"] = person.name
            shown["language"] = person.language
            shown["traits"] = person.traits
            shown["identities"] += IdentitySerializer(identities, many=True).data
        return shown

    def validate_identities(self, identities: list[IdentityInput]) -> list[IdentityInput]:
        """Refuse identities that belong to another customer."""
        owners = people_with([identity["key"] for identity in identities])
        mine = self.instance.root if isinstance(self.instance, Customer) else None
        problems: list[Any] = [
            {"value": [_TAKEN]} if owners.get(identity["key"], mine) != mine else {}
            for identity in identities
        ]
        if any(problems):
            raise serializers.ValidationError(problems)
        return identities

    def create(self, validated_data: dict[str, Any]) -> Customer:
        """Create the customer with their identities."""
        return create_customer(
            keys=[identity["key"] for identity in validated_data.get("identities", [])],
            traits=validated_data.get("traits"),
            name=validated_data.get("name", ""),
            language=validated_data.get("language", ""),
        )

    def update(self, instance: Customer, validated_data: dict[str, Any]) -> Customer:
        """Change the customer; identities that are missing from a given list are removed."""
        identities = validated_data.pop("identities", None)
        keys = None if identities is None else [identity["key"] for identity in identities]
        return update_customer(customer=instance, keys=keys, **validated_data)


_TAKEN = serializers.ErrorDetail(
    "This identity belongs to another customer.", code="identity_taken"
)


class CustomerFactsSerializer(serializers.Serializer[CustomerFacts]):
    """What one row of a bulk upsert says about one customer; absent facts stay as they are."""

    identities = IdentitySerializer(  # type: ignore[call-arg]  # many=True takes it
        many=True, min_length=1, max_length=MOST_KEYS
    )
    name = serializers.CharField(max_length=200, allow_blank=True, default="")
    language = serializers.CharField(max_length=12, allow_blank=True, default="")
    traits = serializers.DictField(default=dict, validators=[validate_traits])

    def facts(self) -> CustomerFacts:
        """Return the valid row as facts."""
        data = self.validated_data
        return CustomerFacts(
            keys=tuple(identity["key"] for identity in data["identities"]),
            traits=data["traits"],
            name=data["name"],
            language=data["language"],
        )


class BulkSerializer(serializers.Serializer[object]):
    """1 to 1,000 rows, each checked by itself."""

    rows = serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=MOST_ROWS)

    def checked(self) -> tuple[dict[int, CustomerFacts], dict[int, Sequence[FieldProblem]]]:
        """Return the good rows, and what is wrong with the others, by their place."""
        good: dict[int, CustomerFacts] = {}
        bad: dict[int, Sequence[FieldProblem]] = {}
        for place, row in enumerate(self.validated_data["rows"]):
            one = CustomerFactsSerializer(data=row)
            if one.is_valid():
                good[place] = one.facts()
            else:
                details = serializers.ValidationError(one.errors).get_full_details()
                bad[place] = field_problems(details)
        return good, bad


class BulkResultSerializer(serializers.Serializer[object]):
    """What became of one row."""

    index = serializers.IntegerField()
    id = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(
        choices=("created", "updated", "unchanged", "nobody", "failed"),
        help_text="nobody: all identities of the row are marked as shared by several people.",
    )
    conflicts = IdentitySerializer(
        many=True, help_text="Identities of the row that stay with another customer."
    )
    # `errors` is also the name of a property of serializers; as a field it only documents.
    errors = serializers.ListField(  # type: ignore[assignment]
        child=serializers.DictField()
    )


class BulkResultsSerializer(serializers.Serializer[object]):
    """One result for each row, in order."""

    results = BulkResultSerializer(many=True)


class ErasureSerializer(serializers.Serializer[object]):
    """What an erasure did: rows by model."""

    deleted = serializers.DictField(child=serializers.IntegerField())
    blanked = serializers.DictField(child=serializers.IntegerField())


class CountSerializer(serializers.Serializer[object]):
    """How many customers are in a segment now."""

    count = serializers.IntegerField()


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    """Consent given or withdrawn; never changed afterwards."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.not_erased())

    class Meta:
        model = Consent
        fields = (
            "id",
            "customer",
            "purpose",
            "channel",
            "granted",
            "source",
            "wording",
            "at",
            "created_at",
        )
        read_only_fields = ("id", "created_at")
        extra_kwargs = {"granted": {"required": True}}

    def create(self, validated_data: dict[str, Any]) -> Consent:
        """Write the event down."""
        validated_data.pop("workspace", None)
        return record_consent(source=validated_data.pop("source", ""), **validated_data)


class MergeSerializer(serializers.ModelSerializer[Merge]):
    """One customer who became a part of another one."""

    winner = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.not_erased())
    loser = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.not_erased())

    class Meta:
        model = Merge
        fields = ("id", "winner", "loser", "reason", "undone_at", "created_at", "updated_at")
        read_only_fields = ("id", "reason", "undone_at", "created_at", "updated_at")

    def create(self, validated_data: dict[str, Any]) -> Merge:
        """Merge the two."""
        access = current_access()
        return merge(
            winner=validated_data["winner"],
            loser=validated_data["loser"],
            by=access.user if access else None,
        )


class ConditionSerializer(serializers.ModelSerializer[SegmentCondition]):
    """One condition of a segment."""

    name = serializers.CharField(max_length=100, allow_blank=True, default="")
    value = serializers.CharField(max_length=200, allow_blank=True, default="")

    class Meta:
        model = SegmentCondition
        fields = ("field", "name", "operator", "value")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a comparison that does not fit the field."""
        try:
            return {"condition": Condition(**attrs)}
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="invalid_condition") from None


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    """A segment with its conditions. On write, `conditions` is the whole list."""

    conditions = ConditionSerializer(  # type: ignore[call-arg]  # many=True takes it
        many=True, required=False, max_length=MOST_CONDITIONS
    )

    class Meta:
        model = Segment
        fields = (
            "id",
            "name",
            "description",
            "match",
            "conditions",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")

    def validate_name(self, name: str) -> str:
        """Refuse the name of another segment."""
        others = Segment.objects.filter(name=name)
        if isinstance(self.instance, Segment):
            others = others.exclude(pk=self.instance.pk)
        if others.exists():
            raise serializers.ValidationError("Another segment has this name.", code="unique")
        return name

    def create(self, validated_data: dict[str, Any]) -> Segment:
        """Create the segment with its conditions."""
        conditions = [given["condition"] for given in validated_data.pop("conditions", [])]
        return save_segment(segment=Segment(**validated_data), conditions=conditions)

    def update(self, instance: Segment, validated_data: dict[str, Any]) -> Segment:
        """Change the segment; a given list replaces all conditions."""
        given = validated_data.pop("conditions", None)
        for name, value in validated_data.items():
            setattr(instance, name, value)
        conditions = None if given is None else [one["condition"] for one in given]
        return save_segment(segment=instance, conditions=conditions)
