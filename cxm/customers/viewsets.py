"""The API's doors to customers, consents and segments."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from cxm.api.errors import FieldProblem
from cxm.customers.filtersets import ConsentFilterSet, CustomerFilterSet, MergeFilterSet
from cxm.customers.models import Consent, Customer, Merge, Segment
from cxm.customers.privacy import erase_customer, export_customer
from cxm.customers.serializers import (
    BulkResultsSerializer,
    BulkSerializer,
    ConsentSerializer,
    CountSerializer,
    CustomerSerializer,
    ErasureSerializer,
    MergeSerializer,
    SegmentSerializer,
)
from cxm.customers.services import identify_many, undo_merge
from cxm.workspaces import audit
from cxm.workspaces.access import current_access
from cxm.workspaces.roles import may
from cxm.workspaces.viewsets import ReadOnlyWorkspaceViewSet, WorkspaceViewSet

SKIPPED = FieldProblem(
    pointer="",
    detail="Nothing was written, since other rows failed and atomic=true.",
    code="not_written",
)


class NestedWorkspaceViewSet(WorkspaceViewSet):
    """Audits a change of a row together with the rows below it.

    Attributes:
        nested: name of the relation.
    """

    nested: str

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        """Save the row and write down what changed, the nested rows as words."""
        row: Any = serializer.instance
        names = list(serializer.validated_data)
        before = {name: self._said(row, name) for name in names}
        with transaction.atomic():
            row = serializer.save()
            row._prefetched_objects_cache = {}
            after = {name: self._said(row, name) for name in names}
            changes = {n: (before[n], after[n]) for n in names if before[n] != after[n]}
            if changes:
                audit.record("changed", row, changes)

    def _said(self, row: Any, name: str) -> object:
        if name == self.nested:
            return ", ".join(str(part) for part in getattr(row, name).all())
        return getattr(row, name)


class CustomerViewSet(NestedWorkspaceViewSet):
    """Customers, in the order of their last change; those who were erased are tombstones.

    Mirror them with `?updated_since=`: that also brings customers who were merged, with
    `merged_into`. Deleting a customer erases what is known about them and keeps the number with
    `erased_at`.
    """

    scope = "customers"
    nested = "identities"
    queryset = Customer.objects.prefetch_related("identities", "absorbed__identities")
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilterSet
    ordering = ("updated_at", "id")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Leave merged customers out of lists, unless somebody mirrors or asks for them."""
        found = super().filter_queryset(queryset)
        asked = {"merged", "updated_since"} & set(self.request.query_params)
        if self.action == "list" and not asked:
            return found.filter(merged_into=None)
        return found

    def perform_destroy(self, instance: Customer) -> None:  # type: ignore[override]
        """Erase the customer, which is audited there."""
        erase_customer(instance)

    @extend_schema(
        request=BulkSerializer,
        parameters=[OpenApiParameter("atomic", bool, description="All rows or none.")],
        responses={
            200: BulkResultsSerializer,
            207: OpenApiResponse(BulkResultsSerializer, description="Some rows failed."),
        },
    )
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Create or update 1 to 1,000 customers by their identities."""
        body = BulkSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        good, bad = body.checked()
        if bad and request.query_params.get("atomic", "").lower() in {"1", "true"}:
            bad = {place: bad.get(place, [SKIPPED]) for place in range(len(good) + len(bad))}
            good = {}
        with transaction.atomic():
            found = dict(zip(good, identify_many(list(good.values())), strict=True))
            changed = [one for one in found.values() if one.status != "unchanged"]
            if changed:
                created = sum(one.status == "created" for one in changed)
                audit.record(
                    "imported customers",
                    self.workspace,
                    {"created": (0, created), "updated": (0, len(changed) - created)},
                )
        results: list[dict[str, object]] = []
        for place in range(len(found) + len(bad)):
            one = found.get(place)
            results.append(
                {
                    "index": place,
                    "id": str(one.person) if one and one.person else None,
                    "status": one.status if one else "failed",
                    "conflicts": [
                        {"kind": key.kind, "system": key.system, "value": key.value}
                        for key in (one.conflicts if one else ())
                    ],
                    "errors": list(bad.get(place, [])),
                }
            )
        return Response(
            {"results": results},
            status=status.HTTP_207_MULTI_STATUS if bad else status.HTTP_200_OK,
        )

    @extend_schema(responses={200: OpenApiTypes.OBJECT}, filters=False)
    @action(detail=True, methods=["get"], filterset_class=None)
    def export(self, request: Request, pk: str) -> Response:
        """Return everything that is kept about the customer; the export is audited."""
        customer = self.get_object()
        _require("export")
        return Response(export_customer(customer))

    @extend_schema(request=None, responses=ErasureSerializer)
    @action(detail=True, methods=["post"])
    def erase(self, request: Request, pk: str) -> Response:
        """Erase what is known about the customer, for good."""
        customer = self.get_object()
        _require("erase")
        erasure = erase_customer(customer)
        return Response({"deleted": erasure.deleted, "blanked": erasure.blanked})


class ConsentViewSet(WorkspaceViewSet):
    """Consents given and withdrawn, newest first. An event is never changed; send another."""

    scope = "consents"
    room = "customers"
    http_method_names = ["get", "post", "head", "options"]
    queryset = Consent.objects.all()
    serializer_class = ConsentSerializer
    filterset_class = ConsentFilterSet
    ordering = ("-at", "-id")


class MergeViewSet(mixins.CreateModelMixin, ReadOnlyWorkspaceViewSet):
    """Merges of customers who are one person, newest first; each can be undone."""

    scope = "customers"
    queryset = Merge.objects.all()
    serializer_class = MergeSerializer
    filterset_class = MergeFilterSet
    ordering = ("-created_at", "-id")

    @extend_schema(request=None, responses=MergeSerializer, filters=False)
    @action(detail=True, methods=["post"], filterset_class=None)
    def undo(self, request: Request, pk: str) -> Response:
        """Take the merge back: the customer who was merged is a person again."""
        access = current_access()
        undone = undo_merge(merge=self.get_object(), by=access.user if access else None)
        return Response(self.get_serializer(undone).data)


class SegmentViewSet(NestedWorkspaceViewSet):
    """Segments with their conditions; without conditions a segment holds everybody."""

    scope = "segments"
    room = "customers"
    nested = "conditions"
    queryset = Segment.objects.prefetch_related("conditions")
    serializer_class = SegmentSerializer
    filterset_fields = ("name",)
    ordering = ("name", "id")

    @extend_schema(responses=CountSerializer, filters=False)
    @action(detail=True, methods=["get"])
    def count(self, request: Request, pk: str) -> Response:
        """Return how many customers are in the segment now."""
        return Response({"count": self.get_object().customers().count()})


def _require(verb: str) -> None:
    """Let a member do what only some roles may; keys were checked by their scope."""
    access = current_access()
    if access is None or access.membership is None:
        return
    if not may(access.membership.role, "customers", verb):
        raise PermissionDenied
