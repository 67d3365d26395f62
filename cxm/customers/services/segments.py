"""Writes of segments."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from cxm.customers.conditions import Condition
from cxm.customers.models import Segment, SegmentCondition


@transaction.atomic
def save_segment(*, segment: Segment, conditions: Sequence[Condition] | None = None) -> Segment:
    """Save a segment; ``conditions``, unless None, become all that it has."""
    segment.save()
    if conditions is not None:
        SegmentCondition.objects.filter(segment=segment).delete()
        SegmentCondition.objects.bulk_create(
            SegmentCondition(
                workspace_id=segment.workspace_id,
                segment=segment,
                position=position,
                field=condition.field,
                name=condition.name,
                operator=condition.operator,
                value=condition.value,
            )
            for position, condition in enumerate(conditions)
        )
    return segment
