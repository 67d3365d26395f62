"""What the home page shows of interactions: how fresh the data is, and what waits."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.common.clock import now
from cxm.dashboards.registry import Need, Window, attention, panel
from cxm.workspaces.models import Workspace
from touchpoints.interactions.models import Source
from touchpoints.interactions.reports import is_late, waiting_in_quarantine
from touchpoints.interactions.unmatched import without_place

MOST_SOURCES = 8


@panel(
    key="data-freshness",
    slot="freshness",
    order=10,
    template="interactions/panels/freshness.html",
    permission="interactions.view_source",
)
def data_freshness(workspace: Workspace, window: Window) -> Mapping[str, object] | None:
    """Show each source with its age; a late one says how old it should be."""
    at = now()
    sources = list(
        Source.objects.for_workspace(workspace)
        .filter(revoked_at=None)
        .order_by("-last_seen_at")[:MOST_SOURCES]
    )
    if not sources:
        return None
    return {"sources": [(source, is_late(source, at)) for source in sources]}


@attention(
    key="quarantine", order=20, entry="quarantine", permission="interactions.view_quarantined"
)
def quarantine(workspace: Workspace) -> Need | None:
    """Say that rows wait in the quarantine."""
    count = waiting_in_quarantine(workspace)
    return Need(
        count=count,
        severity="watch",
        title=ngettext("%(n)d row waits in quarantine", "%(n)d rows wait in quarantine", count)
        % {"n": count},
        detail=_("They came in and could not be stored; nothing of them is counted yet."),
        action_label=_("Look at them"),
        url=reverse("quarantine"),
    )


@attention(key="unmatched", order=40, permission="interactions.view_interaction")
def without_touchpoint(workspace: Workspace) -> Need | None:
    """Say that interactions match no touchpoint."""
    count = without_place(workspace)
    return Need(
        count=count,
        severity="plain",
        title=ngettext(
            "%(n)d interaction of the last 7 days matches no touchpoint",
            "%(n)d interactions of the last 7 days match no touchpoint",
            count,
        )
        % {"n": count},
        detail=_("They count for the workspace and for no touchpoint."),
        action_label=_("See which"),
        url=reverse("touchpoint_unmatched"),
    )


@attention(key="late-sources", order=20, entry="sources", permission="interactions.view_source")
def late_sources(workspace: Workspace) -> Need | None:
    """Say that a source is silent for longer than it should be."""
    at = now()
    late = [
        source
        for source in Source.objects.for_workspace(workspace).filter(
            revoked_at=None, expected_hours__isnull=False
        )
        if is_late(source, at)
    ]
    if not late:
        return None
    names = ", ".join(source.name for source in late[:3])
    return Need(
        count=len(late),
        severity="bad",
        title=_("%(names)s: no data arrives any more") % {"names": names},
        detail=_("Nothing has come for longer than expected."),
        action_label=_("Look at sources"),
        url=reverse("sources"),
    )
