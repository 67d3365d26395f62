"""A catalogue written down: what an import or the demo needs. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec


class ChannelSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel by key."""

    key: str
    name: str
    kind: Literal["online", "offline"] = "online"
    icon: str = "web"


class TouchpointSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A touchpoint by key; `channel` is the key of a channel, `phase` that of a phase.

    A phase of a model that is not used first is named with it: "loyalty-loop/conversion".
    """

    key: str
    name: str
    channel: str
    phase: str = ""
    description: str = ""
    icon: str = ""
    event_names: tuple[str, ...] = ()
    page_prefix: str = ""
    goal_event: str = ""
    moment_of_truth: bool = False


class GoalSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A goal by key; it becomes the primary one where there is none yet."""

    key: str
    name: str
    event_name: str = ""
    primary: bool = False
    kind: Literal["purchase", "newsletter", "download", "other"] = "other"
    page_pattern: str = ""
    value: Decimal | None = None
    currency: str = ""
    once_per_visit: bool = True


class DimensionSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dimension by key."""

    key: str
    title: str
    property: str


class CatalogueSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that should be there; what exists under a key stays as it is."""

    channels: tuple[ChannelSpec, ...] = ()
    touchpoints: tuple[TouchpointSpec, ...] = ()
    goals: tuple[GoalSpec, ...] = ()
    dimensions: tuple[DimensionSpec, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.channels or self.touchpoints or self.goals or self.dimensions)
