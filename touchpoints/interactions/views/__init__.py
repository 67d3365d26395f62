"""Pages of the room."""

from touchpoints.interactions.views.contacts import contact_customers, contact_new, contact_undo
from touchpoints.interactions.views.exports import export_interactions, export_live
from touchpoints.interactions.views.imports import (
    import_drop,
    import_page,
    import_progress,
    imports_page,
)
from touchpoints.interactions.views.interactions import interactions_page
from touchpoints.interactions.views.live import live_page, live_rows
from touchpoints.interactions.views.quarantine import (
    make_touchpoint,
    quarantine_page,
    quarantine_reason,
    quarantine_row,
    quarantine_row_shown,
    retry_progress,
)
from touchpoints.interactions.views.sources import export_sources, sources_page
from touchpoints.interactions.views.touchpoint import (
    export_touchpoint,
    touchpoint_around,
    touchpoint_goals,
    touchpoint_page,
    touchpoint_visitors,
)
from touchpoints.interactions.views.touchpoints import export_touchpoints, touchpoints_page

__all__ = [
    "contact_customers",
    "contact_new",
    "contact_undo",
    "export_interactions",
    "export_live",
    "export_sources",
    "export_touchpoint",
    "export_touchpoints",
    "import_drop",
    "import_page",
    "import_progress",
    "imports_page",
    "interactions_page",
    "live_page",
    "live_rows",
    "make_touchpoint",
    "quarantine_page",
    "quarantine_reason",
    "quarantine_row",
    "quarantine_row_shown",
    "retry_progress",
    "sources_page",
    "touchpoint_around",
    "touchpoint_goals",
    "touchpoint_page",
    "touchpoint_visitors",
    "touchpoints_page",
]
