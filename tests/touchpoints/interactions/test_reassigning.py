"""History follows the rules of today: by days, whatever happens to the worker, and only once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.kpis.models import StaleDay
from cxm.workspaces.models import User, Workspace
from tests.touchpoints.interactions.server import database_address, environment
from tests.touchpoints.make import NOON, make_goal, make_record, make_source, make_touchpoint
from touchpoints.catalogue.models import MatchingRule, Touchpoint
from touchpoints.interactions.models import (
    ZERO,
    Conversion,
    Interaction,
    Reassignment,
    TouchpointDay,
)
from touchpoints.interactions.services import ingest
from touchpoints.interactions.services.reassigning import (
    LEASE,
    LEASE_TO_WRITE,
    MOST_ATTEMPTS,
    cancel_reassignment,
    reassign_due,
    start_reassignment,
)

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
DAYS = 3
COFFEE = [{"field": "property", "name": "aisle", "operator": "is", "value": "coffee"}]


def fill(workspace: Workspace, days: int = DAYS) -> None:
    """Store two contacts without a touchpoint on each of some days, one of them about coffee."""
    source, _key = make_source(workspace)
    records = [
        make_record(
            event="Looked",
            anonymous_id=f"browser-{aisle}-{back}",
            occurred_at=NOON - timedelta(days=back),
            properties={"aisle": aisle},
        )
        for back in range(days)
        for aisle in ("coffee", "tea")
    ]
    ingest(source=source, records=records, received_at=NOON)
    StaleDay.objects.all().delete()


def make_rule(place: Touchpoint, conditions: list[dict[str, str]] = COFFEE) -> MatchingRule:
    return MatchingRule.objects.create(touchpoint=place, conditions=conditions)


def visits_of(place: Touchpoint) -> int:
    total = TouchpointDay.objects.filter(touchpoint_id=place.pk).aggregate(n=Sum("visits"))["n"]
    return total or 0


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


def test_history_follows_a_new_rule_with_its_sums_and_figures(scope: Workspace) -> None:
    fill(scope)
    place = make_touchpoint(scope)
    make_rule(place)
    run = start_reassignment(workspace=scope, days=90)
    assert run.status == "queued"
    done = reassign_due(workspace=scope)
    assert done is not None
    assert (done.status, done.total, done.done, done.changed) == ("done", 6, 6, 3)
    assert Interaction.objects.filter(touchpoint=place).count() == 3
    assert visits_of(place) == 3
    assert TouchpointDay.objects.filter(touchpoint_id=ZERO).aggregate(n=Sum("visits"))["n"] == 6
    assert StaleDay.objects.filter(feed="interactions").count() == DAYS


def test_a_goal_at_the_touchpoint_is_reached_afterwards(scope: Workspace) -> None:
    fill(scope)
    place = make_touchpoint(scope)
    goal = make_goal(scope)
    goal.event_name, goal.touchpoint = "", place
    goal.save()
    make_rule(place)
    start_reassignment(workspace=scope, days=90)
    reassign_due(workspace=scope)
    assert Conversion.objects.filter(goal=goal, touchpoint_id=place.pk).count() == DAYS


def test_a_changed_goal_has_history_counted_anew(
    scope: Workspace, client_for: Browser, alice: User
) -> None:
    fill(scope)
    place = make_touchpoint(scope, event_names=["Looked"])
    goal = make_goal(scope, "never sent")
    goal_page = reverse("admin:catalogue_goal_change", args=[goal.pk])
    fields = {"name": "Goal", "key": "goal", "kind": "other", "is_primary": "on"}
    answer = client_for(alice).post(goal_page, {**fields, "event_name": "looked"}, follow=True)
    run = Reassignment.objects.get()
    assert (run.kind, run.from_day) == ("goals", None)
    assert run.get_absolute_url() in answer.content.decode()
    # A run by the rules may wait at the same time.
    start_reassignment(workspace=scope, days=1)
    done = reassign_due(workspace=scope)
    assert done is not None
    assert (done.pk, done.status, done.done, done.changed) == (run.pk, "done", 6, 0)
    won = TouchpointDay.objects.filter(touchpoint_id=ZERO).aggregate(n=Sum("won"))["n"]
    assert won == Conversion.objects.filter(goal=goal).count() == 6
    assert len(set(StaleDay.objects.values_list("day", flat=True))) == DAYS
    # What the rules decide stays for a run by the rules.
    assert not Interaction.objects.filter(touchpoint=place).exists()
    goal.refresh_from_db()
    client_for(alice).post(goal_page, {**fields, "event_name": "looked", "name": "Other words"})
    assert Reassignment.objects.filter(kind="goals").count() == 1


def test_doing_it_again_changes_nothing(scope: Workspace) -> None:
    fill(scope)
    place = make_touchpoint(scope)
    make_rule(place)
    for expected in (3, 0):
        start_reassignment(workspace=scope, days=90)
        run = reassign_due(workspace=scope)
        assert run is not None
        assert (run.status, run.changed) == ("done", expected)
    assert visits_of(place) == 3


def test_what_a_rule_took_is_given_back_when_it_goes(scope: Workspace) -> None:
    fill(scope)
    place, other = make_touchpoint(scope), make_touchpoint(scope, event_names=["Looked"])
    rule = make_rule(place)
    start_reassignment(workspace=scope, days=None)
    reassign_due(workspace=scope)
    assert (visits_of(place), visits_of(other)) == (3, 3)
    rule.delete()
    start_reassignment(workspace=scope, days=None)
    reassign_due(workspace=scope)
    assert (visits_of(place), visits_of(other)) == (0, 6)


def test_only_the_days_asked_for_are_touched(scope: Workspace) -> None:
    fill(scope)
    place = make_touchpoint(scope)
    make_rule(place)
    start_reassignment(workspace=scope, days=2)
    run = reassign_due(workspace=scope)
    assert run is not None
    assert (run.total, run.changed) == (4, 2)


def test_what_the_sender_named_stays(scope: Workspace) -> None:
    named, place = make_touchpoint(scope, key="stand"), make_touchpoint(scope)
    source, _key = make_source(scope)
    record = make_record(touchpoint="stand", properties={"aisle": "coffee"})
    ingest(source=source, records=[record], received_at=NOON)
    make_rule(place)
    start_reassignment(workspace=scope, days=90)
    run = reassign_due(workspace=scope)
    assert run is not None
    assert (run.total, run.changed) == (0, 0)
    assert Interaction.objects.get().touchpoint == named


def test_an_archived_touchpoint_keeps_its_history_unless_another_claims_it(
    scope: Workspace,
) -> None:
    old = make_touchpoint(scope, event_names=["Looked"])
    fill(scope)
    old.status = Touchpoint.Status.RETIRED
    old.save()
    start_reassignment(workspace=scope, days=90)
    reassign_due(workspace=scope)
    assert visits_of(old) == 6
    make_rule(make_touchpoint(scope))
    start_reassignment(workspace=scope, days=90)
    reassign_due(workspace=scope)
    assert visits_of(old) == 3


def test_a_run_goes_on_where_the_last_slice_ended_and_can_be_cancelled(scope: Workspace) -> None:
    fill(scope)
    place = make_touchpoint(scope)
    make_rule(place)
    run = start_reassignment(workspace=scope, days=90)
    first = reassign_due(workspace=scope, seconds=0)
    assert first is not None
    # The newest day first.
    assert (first.status, first.done, first.cursor) == ("running", 2, NOON.date() - timedelta(1))
    second = reassign_due(workspace=scope, seconds=0)
    assert second is not None
    assert second.done == 4
    cancel_reassignment(run=run)
    assert reassign_due(workspace=scope) is None
    run.refresh_from_db()
    assert (run.status, run.changed) == ("cancelled", 2)
    assert visits_of(place) == 2


def test_a_new_run_takes_the_place_of_one_that_is_not_finished(scope: Workspace) -> None:
    first = start_reassignment(workspace=scope, days=90)
    second = start_reassignment(workspace=scope, days=30)
    first.refresh_from_db()
    assert first.status == "cancelled"
    assert second.from_day == first.from_day
    third = start_reassignment(workspace=scope, days=None)
    assert start_reassignment(workspace=scope, days=7).from_day is third.from_day is None


def test_no_days_are_refused(scope: Workspace) -> None:
    with pytest.raises(DomainError) as raised:
        start_reassignment(workspace=scope, days=0)
    assert raised.value.code == "invalid_days"


def test_a_lease_that_ran_out_is_taken_over_and_the_late_worker_stops(scope: Workspace) -> None:
    fill(scope)
    make_rule(make_touchpoint(scope))
    run = start_reassignment(workspace=scope, days=90)
    # A worker took it and died.
    Reassignment.objects.filter(pk=run.pk).update(
        status="running", lease=UUID(int=7), leased_until=NOON + LEASE_TO_WRITE
    )
    assert reassign_due(workspace=scope) is None
    with time_machine.travel(NOON + LEASE_TO_WRITE + LEASE, tick=True):
        done = reassign_due(workspace=scope)
    assert done is not None
    assert (done.status, done.changed) == ("done", 3)


def test_a_run_that_keeps_failing_ends_and_says_why(scope: Workspace) -> None:
    fill(scope)
    run = start_reassignment(workspace=scope, days=90)
    with connection.cursor() as cursor:
        # The real thing goes wrong: the days can be read and not be written.
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no room'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE DELETE ON interactions_touch "
            "FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.refuse()"
        )
    make_rule(make_touchpoint(scope))
    for attempt in range(MOST_ATTEMPTS):
        with time_machine.travel(NOON + timedelta(minutes=attempt), tick=True):
            reassign_due(workspace=scope)
    run.refresh_from_db()
    assert (run.status, run.attempts) == ("failed", MOST_ATTEMPTS)
    assert "no room" in run.error
    assert not Interaction.objects.exclude(touchpoint=None).exists()


@pytest.mark.django_db(transaction=True)
def test_killing_the_worker_loses_nothing(scope: Workspace) -> None:
    """A process that is at work is killed for good; the next one does the rest, once."""
    days = 40
    fill(scope, days)
    place = make_touchpoint(scope)
    make_rule(place)
    run = start_reassignment(workspace=scope, days=90)
    work = (
        "import django, sys, uuid; django.setup()\n"
        "from cxm.common.scope import workspace_scope\n"
        "from cxm.workspaces.models import Workspace\n"
        "from touchpoints.interactions.services.reassigning import reassign_due\n"
        "pk = uuid.UUID(sys.argv[1])\n"
        "with workspace_scope(pk):\n"
        "    reassign_due(workspace=Workspace.objects.get(pk=pk))\n"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", work, str(scope.pk)],
        env=environment(database_address(), "http://127.0.0.1"),
    )
    try:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            run.refresh_from_db()
            if run.done or not run.is_open:
                break
            time.sleep(0.005)
    finally:
        worker.kill()
        worker.wait()
    run.refresh_from_db()
    assert run.status == "running"
    assert 0 < run.done < days * 2
    Reassignment.objects.filter(pk=run.pk).update(leased_until=NOON - LEASE)
    done = reassign_due(workspace=scope)
    assert done is not None
    assert (done.status, done.done, done.changed) == ("done", days * 2, days)
    assert visits_of(place) == days


def test_the_page_starts_shows_and_cancels_a_run(
    scope: Workspace, client_for: Browser, alice: User, bob: User, mallory: User
) -> None:
    fill(scope)
    browser = client_for(alice)
    answer = browser.post(reverse("reassignment_start"), {"days": "90"})
    run = Reassignment.objects.get()
    page = reverse("reassignment", args=[run.pk])
    assert answer["Location"] == page
    assert run.asked_by is not None
    assert "Waiting" in browser.get(page).content.decode()
    assert client_for(bob).get(page).status_code == 200
    cancel = reverse("reassignment_cancel", args=[run.pk])
    assert client_for(bob).post(cancel).status_code == 403
    assert client_for(mallory).post(cancel).status_code == 404
    browser.post(cancel)
    part = browser.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "Cancelled" in part
    assert "<html" not in part
    assert client_for(bob).post(reverse("reassignment_start"), {"days": "90"}).status_code == 403


def test_the_scopes_of_workspaces_are_kept_apart(
    scope: Workspace, other_workspace: Workspace
) -> None:
    fill(scope)
    with workspace_scope(other_workspace.pk):
        start_reassignment(workspace=other_workspace, days=90)
        run = reassign_due(workspace=other_workspace)
    assert run is not None
    assert (run.status, run.total) == ("done", 0)
