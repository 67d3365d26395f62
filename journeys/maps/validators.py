"""Words of the map that are checked against a registry."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cxm.kpis import registry
from journeys.maps.lanes import LANE_KINDS, STATES


def validate_lane_kind(value: str) -> None:
    """Refuse a kind of lane that the registry does not have."""
    if value not in LANE_KINDS:
        raise ValidationError(_("There is no such kind of lane."), code="unknown_lane_kind")


def validate_metric(value: str) -> None:
    """Refuse a measure that is not worked out for touchpoints."""
    entry = registry.metrics.get(value)
    if entry is None or "touchpoint" not in entry.subjects:
        raise ValidationError(_("There is no such measure of touchpoints."), code="unknown_metric")


def validate_state(value: str) -> None:
    """Refuse a status that no kind of lane has."""
    if not any(value in states for states in STATES.values()):
        raise ValidationError(_("There is no such status."), code="unknown_status")
