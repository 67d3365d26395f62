from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from cxm.common.scope import workspace_scope
from cxm.kpis.models import DailyTally
from cxm.kpis.registry import Tally, get_metric
from cxm.kpis.services import recompute, score_workspace
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import (
    NOON,
    make_dimension,
    make_goal,
    make_record,
    make_source,
    make_touchpoint,
)
from touchpoints.interactions.metrics import days_with_contacts
from touchpoints.interactions.services import ingest

pytestmark = pytest.mark.django_db

DAY = NOON.date()
numbers = count(1)


def tallies(metric: str, *days: date) -> dict[tuple[str, str, str], Tally]:
    """Return the tallies of the days by subject kind, dimension and value."""
    compute = get_metric(metric).compute
    assert compute is not None
    return {
        (tally.subject_kind, tally.dimension, tally.dimension_value): tally
        for tally in compute(set(days or [DAY]))
    }


def take(workspace: Workspace, *records: object) -> None:
    source, _key = make_source(workspace, f"Source {next(numbers)}")
    ingest(source=source, records=records, received_at=NOON)  # type: ignore[arg-type]


def test_visits_and_conversion_by_hand(scope: Workspace) -> None:
    make_goal(scope, "Purchase")
    make_dimension(scope, "visitor_type")
    place = make_touchpoint(scope, key="shop")
    new, old = {"visitor_type": "New"}, {"visitor_type": "Returning"}
    take(
        scope,
        make_record(visit="1", event="view", touchpoint="shop", properties=new),
        make_record(visit="1", event="purchase"),
        make_record(visit="1", event="purchase"),
        make_record(visit="2", event="view", touchpoint="shop", properties=new),
        make_record(visit="3", event="view", properties=old),
        make_record(visit="4", event="purchase"),
        make_record(visit="5", kind="identify", event=""),
    )
    visits, conversion = tallies("visits"), tallies("conversion")
    assert visits["workspace", "", ""].n == 4
    found = {key: (tally.n, tally.successes) for key, tally in conversion.items()}
    assert found == {
        ("workspace", "", ""): (4, 2),
        ("workspace", "visitor_type", "New"): (2, 1),
        ("workspace", "visitor_type", "Returning"): (1, 0),
        ("touchpoint", "", ""): (2, 1),
        ("touchpoint", "visitor_type", "New"): (2, 1),
    }
    assert conversion["touchpoint", "", ""].subject_id == place.pk


def test_without_a_primary_goal_there_is_no_conversion(scope: Workspace) -> None:
    take(scope, make_record())
    assert tallies("visits")
    assert not tallies("conversion")


def test_success_needs_the_event_at_the_touchpoint_or_after(scope: Workspace) -> None:
    make_touchpoint(scope, key="form", goal_event="Sent")
    early, late = NOON - timedelta(minutes=5), NOON + timedelta(minutes=5)
    take(
        scope,
        make_record(visit="after", event="open", touchpoint="form"),
        make_record(visit="after", event="sent", occurred_at=late),
        make_record(visit="before", event="open", touchpoint="form"),
        make_record(visit="before", event="sent", occurred_at=early),
        make_record(visit="never", event="open", touchpoint="form"),
        make_record(visit="elsewhere", event="sent"),
    )
    tally = tallies("success")["touchpoint", "", ""]
    assert (tally.n, tally.successes) == (3, 1)


def test_views_are_sums_of_quantities_of_pages_and_screens(scope: Workspace) -> None:
    make_touchpoint(scope, key="docs")
    take(
        scope,
        make_record(kind="page", quantity=7, touchpoint="docs"),
        make_record(kind="screen", quantity=2),
        make_record(kind="track", quantity=5),
    )
    found = tallies("views")
    assert found["workspace", "", ""].n == 9
    assert found["touchpoint", "", ""].n == 7


def test_two_ways_of_measuring_time_never_meet(scope: Workspace) -> None:
    take(
        scope,
        make_record(visit="1", dwell_seconds=10.1, dwell_method="reported"),
        make_record(visit="1", dwell_seconds=0.2, dwell_method="reported"),
        make_record(visit="2", dwell_seconds=4.0, dwell_method="reported"),
        make_record(visit="3", dwell_seconds=99.0, dwell_method="foreground"),
    )
    reported = tallies("dwell")["workspace", "", ""]
    assert (reported.n, reported.total) == (2, Decimal("14.3"))
    assert reported.total_sq == Decimal("10.3") ** 2 + 16
    assert tallies("dwell_foreground")["workspace", "", ""].total == 99
    assert not tallies("dwell_next_page")


def test_days_are_those_of_the_workspace(scope: Workspace) -> None:
    scope.timezone = "America/New_York"
    scope.save()
    take(
        scope,
        make_record(visit="1", occurred_at=datetime(2026, 5, 20, 3, 59, tzinfo=UTC)),
        make_record(visit="1", occurred_at=datetime(2026, 5, 20, 4, 1, tzinfo=UTC)),
    )
    assert sorted(days_with_contacts()) == [date(2026, 5, 19), date(2026, 5, 20)]
    assert tallies("visits", date(2026, 5, 19))["workspace", "", ""].n == 1
    assert not tallies("visits", date(2026, 5, 21))


def test_a_pause_ends_a_visit_where_none_is_named(scope: Workspace) -> None:
    take(
        scope,
        make_record(anonymous_id="a"),
        make_record(anonymous_id="a", occurred_at=NOON - timedelta(minutes=30)),
        make_record(anonymous_id="a", occurred_at=NOON - timedelta(hours=3)),
        make_record(anonymous_id="b"),
        make_record(anonymous_id=""),
        make_record(anonymous_id=""),
    )
    assert tallies("visits")["workspace", "", ""].n == 5


def test_late_rows_and_a_new_start_give_the_same_tallies(scope: Workspace) -> None:
    make_goal(scope)
    take(
        scope, make_record(visit="1"), make_record(visit="2", occurred_at=NOON - timedelta(days=40))
    )
    score_workspace(workspace=scope, now=NOON)
    take(scope, make_record(visit="1", event="purchase"), make_record(visit="3"))
    score_workspace(workspace=scope, now=NOON)
    fields = ("metric", "subject_id", "dimension_value", "day", "n", "successes", "total")
    before = sorted(map(str, DailyTally.objects.values_list(*fields)))
    recompute(workspace=scope, now=NOON)
    assert sorted(map(str, DailyTally.objects.values_list(*fields))) == before
    assert before


def test_other_workspaces_are_not_counted(scope: Workspace, other_workspace: Workspace) -> None:
    take(scope, make_record())
    with workspace_scope(other_workspace.pk):
        assert not tallies("visits")
        assert not list(days_with_contacts())
