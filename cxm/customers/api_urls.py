"""The room's routes of the API."""

from cxm.customers.viewsets import ConsentViewSet, CustomerViewSet, SegmentViewSet

routes = [
    ("customers", CustomerViewSet, "customer"),
    ("consents", ConsentViewSet, "consent"),
    ("segments", SegmentViewSet, "segment"),
]
