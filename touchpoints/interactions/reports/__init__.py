"""Reads of the room."""

from touchpoints.interactions.reports.breakdowns import Breakdown, breakdowns
from touchpoints.interactions.reports.latest import Criteria, Page, latest, unmatched
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
from touchpoints.interactions.reports.sources import (
    SourceState,
    is_late,
    source_states,
    waiting_in_quarantine,
)
from touchpoints.interactions.reports.sums import GoalLine, Line, goals_reached, sums_by_day
from touchpoints.interactions.reports.visitors import Visitors, visitors

__all__ = [
    "Breakdown",
    "Criteria",
    "GoalLine",
    "Line",
    "Page",
    "People",
    "PlaceLine",
    "PlaceReport",
    "SourceState",
    "Visitors",
    "breakdowns",
    "first_day",
    "goals_reached",
    "is_late",
    "latest",
    "people_of",
    "phases_beside",
    "place_lines",
    "place_report",
    "source_states",
    "sums_by_day",
    "unmatched",
    "visitors",
    "visits_of_all",
    "waiting_in_quarantine",
    "with_rules",
]
