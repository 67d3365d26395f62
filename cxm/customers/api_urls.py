"""The room's routes of the API."""

from cxm.customers.viewsets import (
    ConsentViewSet,
    CustomerViewSet,
    MergeViewSet,
    SegmentViewSet,
)

routes = [
    ("customers", CustomerViewSet, "customer"),
    ("consents", ConsentViewSet, "consent"),
    ("merges", MergeViewSet, "merge"),
    ("segments", SegmentViewSet, "segment"),
]
