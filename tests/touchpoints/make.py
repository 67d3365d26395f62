"""Makers of touchpoints and what happens there; inside the scope that they open themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from cxm.common.scope import workspace_scope
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.models import Channel, Dimension, Goal, Touchpoint
from touchpoints.interactions.models import Source
from touchpoints.interactions.records import Record
from touchpoints.interactions.services import create_source

NOON = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
_numbers = count(1)


def make_channel(workspace: Workspace, **overrides: Any) -> Channel:
    """Make a channel."""
    number = next(_numbers)
    fields = {"key": f"channel-{number}", "name": f"Channel {number}", **overrides}
    with workspace_scope(workspace.pk):
        return Channel.objects.create(workspace=workspace, **fields)


def make_touchpoint(workspace: Workspace, **overrides: Any) -> Touchpoint:
    """Make a touchpoint on a channel of its own."""
    number = next(_numbers)
    fields = {"key": f"place-{number}", "name": f"Place {number}", **overrides}
    fields.setdefault("channel", make_channel(workspace))
    with workspace_scope(workspace.pk):
        return Touchpoint.objects.create(workspace=workspace, **fields)


def make_goal(workspace: Workspace, event: str = "purchase") -> Goal:
    """Make the primary goal."""
    with workspace_scope(workspace.pk):
        return Goal.objects.create(
            workspace=workspace, key="goal", name="Goal", event_name=event, is_primary=True
        )


def make_dimension(workspace: Workspace, key: str) -> Dimension:
    """Make a dimension whose property has the same name."""
    with workspace_scope(workspace.pk):
        return Dimension.objects.create(workspace=workspace, key=key, title=key, property=key)


def make_source(workspace: Workspace, name: str = "Web shop") -> tuple[Source, str]:
    """Make a source and return it with its key."""
    with workspace_scope(workspace.pk):
        return create_source(workspace=workspace, name=name)


def make_record(key: str = "", **overrides: Any) -> Record:
    """Make a record of an order."""
    fields: dict[str, Any] = {
        "key": key or f"record-{next(_numbers)}",
        "occurred_at": NOON,
        "event": "Order Completed",
        "anonymous_id": "browser-1",
        **overrides,
    }
    return Record(**fields)
