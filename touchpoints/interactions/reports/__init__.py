"""Reads of the room."""

from touchpoints.interactions.reports.breakdowns import Breakdown, breakdowns
from touchpoints.interactions.reports.latest import Criteria, Page, latest, unmatched
from touchpoints.interactions.reports.live import (
    Contact,
    Live,
    Minutes,
    by_minute,
    newest,
    waiting_by_source,
)
from touchpoints.interactions.reports.places import (
    People,
    PlaceLine,
    PlaceReport,
    first_day,
    people_of,
    phases_beside,
    place_lines,
    place_report,
    visits_of_all,
    with_rules,
)
from touchpoints.interactions.reports.refused import (
    Asked,
    Group,
    MissingKey,
    groups_of,
    missing_keys,
    outcomes_of,
    refused_rows,
)
from touchpoints.interactions.reports.sources import (
    SourceReport,
    SourceState,
    is_late,
    source_reports,
    source_states,
    waiting_in_quarantine,
)
from touchpoints.interactions.reports.sums import GoalLine, Line, goals_reached, sums_by_day
from touchpoints.interactions.reports.visitors import Visitors, visitors

__all__ = [
    "Asked",
    "Breakdown",
    "Contact",
    "Criteria",
    "GoalLine",
    "Group",
    "Line",
    "Live",
    "Minutes",
    "MissingKey",
    "Page",
    "People",
    "PlaceLine",
    "PlaceReport",
    "SourceReport",
    "SourceState",
    "Visitors",
    "breakdowns",
    "by_minute",
    "first_day",
    "goals_reached",
    "groups_of",
    "is_late",
    "latest",
    "missing_keys",
    "newest",
    "outcomes_of",
    "people_of",
    "phases_beside",
    "place_lines",
    "place_report",
    "refused_rows",
    "source_reports",
    "source_states",
    "sums_by_day",
    "unmatched",
    "visitors",
    "visits_of_all",
    "waiting_by_source",
    "waiting_in_quarantine",
    "with_rules",
]
