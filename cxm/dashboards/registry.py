"""What rooms above bring to the home page: panels, and things that need somebody.

Rooms fill both tables in `AppConfig.ready()` by importing their panels.py. Nothing here asks who
is above. `manage.py check` reports an entry that does not resolve.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from cxm.workspaces.models import Workspace

logger = logging.getLogger(__name__)

Text = str | Promise
Severity = Literal["bad", "watch", "plain"]

# Where a panel may stand on the home page, from top to bottom.
SLOTS: Final = ("journey", "quotes", "freshness")


@dataclass(frozen=True, slots=True)
class Window:
    """The period that the page is about: `key` as cxm.kpis.reports takes it.

    `start` and `end` are the first and last day, both included, in the workspace's timezone.
    """

    key: str
    days: int
    start: date
    end: date

    @classmethod
    def ending(cls, end: date, days: int) -> Window:
        """Return the window of `days` days whose last one is `end`."""
        return cls(f"{days}d", days, end - timedelta(days=days - 1), end)

    @property
    def before(self) -> Window:
        """Return the window of the same length that ends where this one begins."""
        return Window.ending(self.start - timedelta(days=1), self.days)

    @property
    def label(self) -> str:
        """Return the period in words."""
        return ngettext("Last %(days)s day", "Last %(days)s days", self.days) % {"days": self.days}

    @property
    def label_before(self) -> str:
        """Return the period before in words."""
        return ngettext("%(days)s day before", "%(days)s days before", self.days) % {
            "days": self.days
        }


@dataclass(frozen=True, slots=True)
class Need:
    """One line of "Needs you" and, with `entry`, the count beside a line of the sidebar.

    `count` 0 means that nothing is needed: the line and the count stay away. `severity` "bad" is
    red and means that somebody must act; "watch" warns; "plain" only informs. Without `title` it
    is a count for the sidebar only.
    """

    count: int
    severity: Severity = "plain"
    title: Text = ""
    detail: Text = ""
    action_label: Text = ""
    url: str = ""


PanelSource = Callable[[Workspace, Window], Mapping[str, object] | None]
NeedSource = Callable[[Workspace], Need | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A registered panel: `source` gives the context of `template`, or None for nothing to show."""

    key: str
    slot: str
    order: int
    template: str
    permission: str
    source: PanelSource


@dataclass(frozen=True, slots=True)
class Attention:
    """A registered question "does somebody have to act?"."""

    key: str
    order: int
    entry: str
    permission: str
    source: NeedSource


class RegistrationError(Exception):
    """Two entries with one key, or a slot that does not exist."""


_panels: dict[str, Panel] = {}
_attentions: dict[str, Attention] = {}


def panel(
    *, key: str, slot: str, template: str, order: int = 50, permission: str = ""
) -> Callable[[PanelSource], PanelSource]:
    """Register a function(workspace, window) → context of the panel's template, or None.

    The template renders one section (`<section class="card">` with an h2) and gets `workspace`,
    `window` and `request` besides. It runs inside the workspace's scope. When it fails, its card
    says so and the rest of the page stays.
    """

    def register(source: PanelSource) -> PanelSource:
        if slot not in SLOTS:
            raise RegistrationError(f"{key}: no slot is called {slot!r}; there are {SLOTS}.")
        if key in _panels:
            raise RegistrationError(f"Two panels are called {key!r}.")
        _panels[key] = Panel(key, slot, order, template, permission, source)
        return source

    return register


def attention(
    *, key: str, order: int = 50, entry: str = "", permission: str = ""
) -> Callable[[NeedSource], NeedSource]:
    """Register a function(workspace) → Need, or None when nothing is needed.

    It runs on every page when `entry` names a line of the sidebar (its key in navigation.py), so
    it must be one cheap query on an index. Orders: 10 promises broken to customers, 20 data that
    is missing, 30 targets, 40 tidying up.
    """

    def register(source: NeedSource) -> NeedSource:
        if key in _attentions:
            raise RegistrationError(f"Two attention entries are called {key!r}.")
        _attentions[key] = Attention(key, order, entry, permission, source)
        return source

    return register


def panels(slot: str | None = None) -> list[Panel]:
    """Return the panels of a slot, or all, in their order."""
    found = [p for p in _panels.values() if slot is None or p.slot == slot]
    return sorted(found, key=lambda p: (p.order, p.key))


def attentions() -> list[Attention]:
    """Return the attention entries in their order."""
    return sorted(_attentions.values(), key=lambda a: (a.order, a.key))


def guard() -> AbstractContextManager[object]:
    """Return what keeps a broken query from taking the page's transaction with it.

    Inside a transaction that is a savepoint; outside nothing is needed.
    """
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def needs(
    workspace: Workspace, may: Callable[[str], bool], *, entries_only: bool = False
) -> list[tuple[Attention, Need]]:
    """Ask every attention entry that the user may see; one that fails is logged and left out."""
    found: list[tuple[Attention, Need]] = []
    for item in attentions():
        if (entries_only and not item.entry) or (item.permission and not may(item.permission)):
            continue
        try:
            with guard():
                need = item.source(workspace)
        except Exception:
            logger.exception("The attention entry %s failed.", item.key)
            continue
        if need is not None and need.count > 0:
            found.append((item, need))
    return found


def render_panels(
    slot: str, workspace: Workspace, window: Window, may: Callable[[str], bool], request: object
) -> list[SafeString]:
    """Return the HTML of a slot's panels; one that fails becomes a card that says so alone."""
    rendered: list[SafeString] = []
    for item in panels(slot):
        if item.permission and not may(item.permission):
            continue
        try:
            with guard():
                context = item.source(workspace, window)
                if context is None:
                    continue
                html = render_to_string(
                    item.template,
                    {
                        "workspace": workspace,
                        "window": window,
                        "request": request,
                        "panel": item,
                        **context,
                    },
                )
        except Exception:
            logger.exception("The panel %s failed.", item.key)
            html = render_to_string("cxm/parts/broken_card.html", {"panel": item})
        rendered.append(html)
    return rendered


def clear(keys: Iterable[str]) -> None:
    """Take entries out again; for tests that register their own."""
    for key in keys:
        _panels.pop(key, None)
        _attentions.pop(key, None)
