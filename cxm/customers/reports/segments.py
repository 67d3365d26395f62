"""Who is in which segment."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from cxm.customers.models import Customer, Segment


def segments_of(customer: Customer) -> list[Segment]:
    """Return the segments in which a person is now: three queries for any number of them."""
    segments = list(Segment.objects.select_related("workspace").prefetch_related("conditions"))
    if not segments or customer.is_erased:
        return []
    inside = {
        f"s{place}": Exists(segment.customers().filter(pk=OuterRef("pk")).order_by())
        for place, segment in enumerate(segments)
    }
    row = Customer.objects.filter(pk=customer.root).annotate(**inside).values(*inside).get()
    return [segment for place, segment in enumerate(segments) if row[f"s{place}"]]


def sizes_of(segments: Iterable[Segment]) -> dict[UUID, int]:
    """Return how many customers each segment has now, by one query over the customers.

    The segments' conditions are prefetched by the caller.
    """
    tests = {f"s{place}": (segment.pk, segment.test()) for place, segment in enumerate(segments)}
    if not tests:
        return {}
    counts = (
        Customer.objects.present()
        .order_by()
        .aggregate(**{name: Count("pk", filter=test) for name, (_, test) in tests.items()})
    )
    return {pk: counts[name] for name, (pk, _) in tests.items()}
