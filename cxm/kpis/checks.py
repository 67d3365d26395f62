"""System checks of the registries: an entry that does not resolve stops the start."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from cxm.kpis import registry


@register("kpis")
def check_registry(**kwargs: Any) -> list[CheckMessage]:
    """Compare metrics, feeds and subject kinds with each other."""
    found: list[CheckMessage] = []
    for entry in registry.metrics.values():
        if len(entry.key) > 60:
            found.append(Error(f"The metric key {entry.key!r} is too long.", id="kpis.E003"))
        # A derived metric may be about subjects of a room that is not installed.
        if entry.kind == "derived":
            continue
        if entry.feed not in registry.feeds:
            found.append(
                Error(f"Metric {entry.key!r} reads feed {entry.feed!r}, which nobody registered.",
                      hint="Register it with @feed.", id="kpis.E001")
            )  # fmt: skip
        unknown = set(entry.subjects) - registry.subject_kinds.keys()
        if unknown:
            found.append(
                Error(f"Metric {entry.key!r} is about {sorted(unknown)}, which nobody registered.",
                      hint="Register it with @subject.", id="kpis.E002")
            )  # fmt: skip
    return found
