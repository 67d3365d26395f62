"""Makers of customers and what belongs to them; inside the scope that they open themselves."""

from __future__ import annotations

from typing import Any

from cxm.common.scope import workspace_scope
from cxm.customers.keys import IdentityKey
from cxm.customers.models import Customer, Segment, SegmentCondition
from cxm.customers.services import create_customer, record_consent
from cxm.workspaces.models import Workspace

Condition = tuple[str, str, str, str]


def make_customer(
    workspace: Workspace,
    *keys: IdentityKey,
    consent: tuple[str, str] | None = None,
    **overrides: Any,
) -> Customer:
    """Make a customer with identities and, if given, consent to (purpose, channel)."""
    with workspace_scope(workspace.pk):
        customer = create_customer(keys=keys, **overrides)
        if consent is not None:
            purpose, channel = consent
            record_consent(
                customer=customer, purpose=purpose, channel=channel, granted=True, source="test"
            )
        return customer


def make_segment(workspace: Workspace, *conditions: Condition, **overrides: Any) -> Segment:
    """Make a segment from conditions (field, name, operator, value)."""
    fields = {"name": "Everybody", **overrides}
    with workspace_scope(workspace.pk):
        segment = Segment.objects.create(**fields)
        for position, (field, name, operator, value) in enumerate(conditions):
            SegmentCondition.objects.create(
                segment=segment,
                position=position,
                field=field,
                name=name,
                operator=operator,
                value=value,
            )
        return segment
