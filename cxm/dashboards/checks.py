"""System checks: the sidebar leads somewhere, and registered templates exist."""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from cxm.dashboards import navigation, registry


@register("cxm")
def check_navigation(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Report a sidebar entry without a page, and an attention entry without a sidebar entry."""
    messages: list[CheckMessage] = [
        Error(
            f"The sidebar entry {key!r} has no page: nothing is named {url!r}.",
            hint="Name the page so, or take the entry out of cxm/dashboards/navigation.py.",
            id="dashboards.E001",
        )
        for key, url in navigation.missing_pages()
    ]
    known = {entry.key for entry in navigation.entries()}
    messages += [
        Error(
            f"The attention entry {item.key!r} names the sidebar entry {item.entry!r},"
            " which does not exist.",
            id="dashboards.E002",
        )
        for item in registry.attentions()
        if item.entry and item.entry not in known
    ]
    return messages


@register("cxm")
def check_registries(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Report a panel whose template does not exist."""
    messages: list[CheckMessage] = []
    for item in registry.panels():
        try:
            get_template(item.template)
        except TemplateDoesNotExist:
            messages.append(
                Error(
                    f"The panel {item.key!r} names the template {item.template!r},"
                    " which does not exist.",
                    id="dashboards.E003",
                )
            )
    return messages
