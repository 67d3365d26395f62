"""The API's door to contacts that programs enter one by one: a till, a telephone system."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cxm.customers.keys import CRM, IdentityKey, email_key, phone_key
from cxm.customers.models import Customer
from cxm.workspaces.viewsets import ReadOnlyWorkspaceViewSet
from touchpoints.catalogue.models import Touchpoint
from touchpoints.interactions import services
from touchpoints.interactions.models import StaffContact


class ContactSerializer(serializers.ModelSerializer[StaffContact]):
    """A contact that was entered; what was said of it stands in its interaction."""

    touchpoint: serializers.Field[Any, Any, Any, Any] = serializers.CharField(
        source="touchpoint.key"
    )
    customer = serializers.UUIDField(source="customer_id", allow_null=True)
    interaction = serializers.UUIDField(source="interaction_id")

    class Meta:
        model = StaffContact
        fields = ("id", "touchpoint", "customer", "occurred_at", "interaction", "created_at")
        read_only_fields = fields


class WhoSerializer(serializers.Serializer[Any]):
    """Who it was: our own id of the customer, or what they are known by elsewhere."""

    id = serializers.UUIDField(required=False)
    email = serializers.CharField(required=False, max_length=254)
    phone = serializers.CharField(required=False, max_length=40)
    system = serializers.CharField(required=False, max_length=60)
    number = serializers.CharField(required=False, max_length=254)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the customer or the keys. A number needs the system whose it is."""
        if bool(attrs.get("number")) != bool(attrs.get("system")):
            raise serializers.ValidationError(_("Send system and number together."))
        keys: list[IdentityKey] = []
        try:
            if attrs.get("number"):
                keys.append(IdentityKey(CRM, attrs["system"], attrs["number"]))
            if attrs.get("email"):
                keys.append(email_key(attrs["email"]))
            if attrs.get("phone"):
                keys.append(phone_key(attrs["phone"]))
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error
        if not keys and "id" not in attrs:
            raise serializers.ValidationError(_("Say who it was, or leave the customer out."))
        return {**attrs, "keys": keys}


class NewContactSerializer(serializers.Serializer[Any]):
    """A contact to be entered."""

    touchpoint = serializers.CharField(max_length=80)
    occurred_at = serializers.DateTimeField()
    customer = WhoSerializer(required=False, allow_null=True)
    event = serializers.CharField(required=False, allow_blank=True, max_length=200)
    place = serializers.CharField(required=False, allow_blank=True, max_length=120)
    by = serializers.CharField(required=False, allow_blank=True, max_length=120)
    outcome = serializers.CharField(required=False, allow_blank=True, max_length=120)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    value = serializers.DecimalField(
        required=False, allow_null=True, max_digits=14, decimal_places=2
    )
    currency = serializers.RegexField(r"^([A-Z]{3})?$", required=False, allow_blank=True)

    def validate_touchpoint(self, key: str) -> Touchpoint:
        """Return the workspace's touchpoint with this key."""
        found = Touchpoint.objects.filter(key=key).first()
        if found is None:
            raise serializers.ValidationError(_("No touchpoint has this key."))
        return found

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Find the customer by our own id; a value needs a currency."""
        who = attrs.get("customer") or {}
        person = None
        if "id" in who:
            person = Customer.objects.present().filter(pk=who["id"]).first()
            if person is None:
                raise serializers.ValidationError({"customer": _("There is no such customer.")})
        if attrs.get("value") is not None and not attrs.get("currency"):
            raise serializers.ValidationError({"currency": _("Say in which currency.")})
        return {**attrs, "person": person, "keys": who.get("keys", [])}


class ContactViewSet(mixins.CreateModelMixin, ReadOnlyWorkspaceViewSet):
    """Contacts entered by hand or by programs, newest first. Send an Idempotency-Key."""

    scope = "interactions"
    queryset = StaffContact.objects.select_related("touchpoint")
    serializer_class = ContactSerializer
    ordering = ("-created_at", "-id")

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """Return the shape of what is sent to be entered, else of what is there."""
        return NewContactSerializer if self.action == "create" else ContactSerializer

    @extend_schema(request=NewContactSerializer, responses={201: ContactSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Enter a contact; it counts when the answer has come."""
        form = NewContactSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        facts = services.ContactFacts(
            touchpoint=data["touchpoint"],
            occurred_at=data["occurred_at"],
            customer=data["person"],
            keys=data["keys"],
            value=data.get("value"),
            **{
                name: data.get(name, "")
                for name in ("event", "place", "by", "outcome", "note", "currency")
            },
        )
        entry = services.record_contact(workspace=self.workspace, facts=facts)
        return Response(ContactSerializer(entry).data, status=status.HTTP_201_CREATED)
