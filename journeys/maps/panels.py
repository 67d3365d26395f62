"""What the home page says about maps: where colleagues wait for who looks at it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cxm.dashboards.registry import Need, attention
from cxm.workspaces.access import current_access
from cxm.workspaces.models import Workspace
from journeys.maps.threads import waiting_for

# More is more than anybody counts.
MOST = 99


# On the home page alone: a count in the sidebar would cost every page a query.
@attention(key="map-comments", order=15, permission="maps.comment_map")
def waiting_comments(workspace: Workspace) -> Need | None:
    """Count the comments assigned to who asks, and those that mention them and were not seen."""
    access = current_access()
    if access is None or access.membership is None:
        return None
    waiting = waiting_for(access.membership, most=MOST)
    if not waiting:
        return None
    assigned = sum(comment.assigned for comment in waiting)
    mentioned = len(waiting) - assigned
    parts = []
    if mentioned:
        parts.append(
            ngettext(
                "You are mentioned in %(n)s comment.",
                "You are mentioned in %(n)s comments.",
                mentioned,
            )
            % {"n": mentioned}
        )
    if assigned:
        parts.append(
            ngettext(
                "%(n)s discussion is assigned to you.",
                "%(n)s discussions are assigned to you.",
                assigned,
            )
            % {"n": assigned}
        )
    newest = waiting[0]
    return Need(
        count=len(waiting),
        severity="plain",
        title=gettext_lazy("Colleagues wait for you on a journey map"),
        detail=" ".join(parts),
        action_label=_("Open the discussion"),
        url=f"{reverse('map_page', args=[newest.map_id])}?thread={newest.thread_id}",
    )
