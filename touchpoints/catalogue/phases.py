"""The phase models that every workspace starts with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class DefaultModel:
    """A phase model that a new workspace gets: keys and names of its phases, in order."""

    key: str
    name: str
    phases: tuple[tuple[str, str], ...]
    is_cycle: bool = False
    is_default: bool = False


DEFAULT_MODELS: Final = (
    DefaultModel(
        "customer-lifecycle",
        _("Customer lifecycle"),
        (
            ("awareness", _("Awareness")),
            ("consideration", _("Consideration")),
            ("purchase", _("Purchase")),
            ("delivery", _("Delivery")),
            ("use", _("Use and service")),
            ("loyalty", _("Loyalty")),
        ),
        is_default=True,
    ),
    DefaultModel(
        "decision",
        _("Decision"),
        (
            ("awareness", _("Awareness")),
            ("consideration", _("Consideration")),
            ("decision", _("Decision")),
            ("deployment", _("Deployment")),
        ),
    ),
    DefaultModel(
        "loyalty-loop",
        _("Loyalty loop"),
        (
            ("awareness", _("Awareness")),
            ("favourability", _("Favourability")),
            ("consideration", _("Consideration")),
            ("conversion", _("Conversion")),
            ("loyalty", _("Loyalty")),
        ),
        is_cycle=True,
    ),
)
