"""The sidebar: home, then the loop, then settings. One list, in order.

An entry whose page does not exist is an error of `manage.py check`, not a hidden line.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cxm.dashboards.registry import Need

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the sidebar.

    `url` is the name of its page; `permission` what a user needs to see it; `also` are names of
    further pages, or prefixes of them ending in "*", on which this line counts as the current one.
    """

    key: str
    title: str | Promise
    url: str
    permission: str
    also: tuple[str, ...] = ()
    local_only: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A verb of the loop with its entries."""

    key: str
    title: str | Promise
    icon: str
    entries: tuple[Entry, ...]


def _model(key: str, title: str | Promise, model: str, *also: str) -> Entry:
    app, _dot, name = model.partition(".")
    return Entry(
        key,
        title,
        f"admin:{app}_{name}_changelist",
        f"{app}.view_{name}",
        (f"admin:{app}_{name}_*", *also),
    )


HOME = Entry("home", _("Home"), "admin:index", "")

LOOP: tuple[Stage, ...] = (
    Stage(
        "map",
        _("Map"),
        "mark",
        (
            Entry(
                "journeys",
                _("Journeys"),
                "map_list",
                "maps.view_journeymap",
                ("map*", "admin:maps_*"),
            ),
            Entry(
                "pain-points",
                _("Pain points"),
                "pain_points",
                "maps.view_card",
                ("pain_point*",),
            ),
            Entry(
                "opportunities",
                _("Opportunities"),
                "opportunities",
                "maps.view_card",
                ("opportunit*",),
            ),
            Entry(
                "personas",
                _("Personas"),
                "personas",
                "personas.view_persona",
                ("persona*", "admin:personas_*"),
            ),
            Entry(
                "touchpoints",
                _("Touchpoints"),
                "touchpoints",
                "catalogue.view_touchpoint",
                ("touchpoint*", "admin:catalogue_*", "reassignment*"),
            ),
        ),
    ),
    Stage(
        "collect",
        _("Collect"),
        "collect",
        (
            Entry(
                "marketing",
                _("Campaigns"),
                "marketing-campaigns",
                "campaigns.view_campaign",
                ("marketing-*", "admin:campaigns_*"),
            ),
            Entry(
                "tracking",
                _("Tracking codes"),
                "tracking",
                "interactions.view_source",
                ("tracking*",),
            ),
            Entry(
                "sources",
                _("Sources"),
                "sources",
                "interactions.view_source",
                ("sources*", "contacts_import*", "admin:interactions_source_*"),
            ),
            Entry("live", _("Live"), "live", "interactions.view_interaction", ("contact_*",)),
            Entry(
                "interactions", _("Interactions"), "interactions", "interactions.view_interaction"
            ),
            Entry(
                "quarantine",
                _("Quarantine"),
                "quarantine",
                "interactions.view_quarantined",
                ("quarantine*", "admin:interactions_quarantined_*", "admin:interactions_import*"),
            ),
            _model("customers", _("Customers"), "customers.customer", "customer*"),
            Entry(
                "duplicates",
                _("Possible duplicates"),
                "duplicates",
                "customers.view_customer",
                ("duplicates*", "shared_identities"),
            ),
            _model("segments", _("Segments"), "customers.segment"),
        ),
    ),
    Stage(
        "ask",
        _("Ask"),
        "ask",
        (
            _model("surveys", _("Surveys"), "questionnaires.survey"),
            _model(
                "invitations",
                _("Invitations"),
                "invitations.campaign",
                "admin:invitations_*",
                "campaign*",
            ),
            Entry("results", _("Results"), "results", "responses.view_response", ("results*",)),
        ),
    ),
    Stage(
        "score",
        _("Score"),
        "score",
        (
            Entry("kpis", _("KPIs"), "kpis", "kpis.view_kpi", ("kpi*", "admin:kpis_kpi_*")),
            _model("targets", _("Targets"), "kpis.target"),
        ),
    ),
)

SETTINGS: tuple[Entry, ...] = (
    _model("workspace", _("Workspace"), "workspaces.workspace"),
    _model("members", _("Members"), "workspaces.membership", "admin:workspaces_user_*"),
    _model("keys", _("API keys"), "workspaces.apikey"),
    _model("audit", _("Audit"), "workspaces.auditentry"),
    Entry("outbox", _("Outbox"), "outbox", "workspaces.view_workspace", ("outbox*",), True),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as one user sees it on one page."""

    key: str
    title: str
    url: str
    current: bool
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A stage as one user sees it; `current` when the page belongs to it."""

    key: str
    title: str
    icon: str
    current: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sidebar:
    """The whole sidebar of one page."""

    home: Line
    loop: tuple[Group, ...]
    settings: tuple[Line, ...]

    @property
    def settings_open(self) -> bool:
        """Say whether the page belongs to the settings."""
        return any(line.current for line in self.settings)


def entries() -> list[Entry]:
    """Return every entry that this installation has."""
    all_entries = [HOME, *(e for stage in LOOP for e in stage.entries), *SETTINGS]
    return [e for e in all_entries if settings.LOCAL or not e.local_only]


def is_current(entry: Entry, view_name: str) -> bool:
    """Say whether the page called `view_name` belongs to the entry."""
    if view_name == entry.url:
        return True
    return any(
        view_name.startswith(name[:-1]) if name.endswith("*") else view_name == name
        for name in entry.also
    )


def build(view_name: str, may: Callable[[str], bool], needs: Mapping[str, Need]) -> Sidebar:
    """Return the sidebar for the page `view_name`, with what `may` allows.

    `needs` gives the count beside an entry, by the entry's key. An entry whose page does not
    exist is logged and left out: one missing page must not take all others with it.
    """
    existing = {entry.key for entry in entries()}

    def lines(wanted: tuple[Entry, ...]) -> tuple[Line, ...]:
        found = []
        for entry in wanted:
            if entry.key not in existing or (entry.permission and not may(entry.permission)):
                continue
            try:
                url = reverse(entry.url)
            except NoReverseMatch:
                logger.error("The sidebar entry %s has no page %s.", entry.key, entry.url)
                continue
            current = is_current(entry, view_name)
            found.append(Line(entry.key, str(entry.title), url, current, needs.get(entry.key)))
        return tuple(found)

    groups = []
    for stage in LOOP:
        seen = lines(stage.entries)
        if seen:
            current = any(line.current for line in seen)
            groups.append(Group(stage.key, str(stage.title), stage.icon, current, seen))
    return Sidebar(lines((HOME,))[0], tuple(groups), lines(SETTINGS))


def missing_pages() -> list[tuple[str, str]]:
    """Return (key, page name) of each entry whose page does not exist."""
    missing = []
    for entry in entries():
        try:
            reverse(entry.url)
        except NoReverseMatch:
            missing.append((entry.key, entry.url))
    return missing
