"""Sums that are kept up equal sums from scratch, and both equal a count by hand."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxm.customers.keys import anonymous_key, crm_key
from cxm.customers.matching import CustomerFacts
from cxm.workspaces.models import Workspace
from tests.touchpoints.make import NOON, make_goal, make_record, make_source, make_touchpoint
from touchpoints.catalogue.models import Goal
from touchpoints.interactions.models import (
    ZERO,
    Conversion,
    Interaction,
    Touch,
    TouchpointDay,
)
from touchpoints.interactions.records import CLICKED, PAGE_LEFT, PLACEMENT_VIEWED, Record
from touchpoints.interactions.services import ingest, rebuild_days

pytestmark = pytest.mark.django_db

EVENTS = ("Home", "Basket", "purchase", CLICKED, PAGE_LEFT, "Signed up")
DAYS = ("touchpoint_id", "day", "channel_id", "campaign_id", "contacts", "views", "clicks",
        "visits", "won", "dwell_seconds")  # fmt: skip


def some_records(dice: random.Random, count: int) -> list[Record]:
    found = []
    for _ in range(count):
        event = dice.choice(EVENTS)
        page = event in {"Home", "Basket"}
        browser = f"b{dice.randrange(6)}"
        customer = None
        if dice.random() < 0.2:
            keys = (crm_key("user", browser), anonymous_key(browser))
            customer = CustomerFacts(keys=keys)
        found.append(
            make_record(
                f"r{dice.random()}",
                occurred_at=NOON + timedelta(minutes=dice.randrange(0, 4 * 24 * 60, 7)),
                kind="page" if page else "track",
                event=event,
                anonymous_id=browser,
                customer=customer,
                url=f"https://shop.example/{event.lower()}?utm_source=a" if page else "",
                referrer=dice.choice(("", "https://www.google.com/", "https://x.example/")),
                quantity=dice.choice((1, 1, 3)),
                dwell_seconds=dice.choice((None, 12.345)) if event == PAGE_LEFT else None,
                dwell_method="foreground" if event == PAGE_LEFT else "",
                value=Decimal(20) if event == "purchase" else None,
                currency="EUR" if event == "purchase" else "",
            )
        )
    # The method belongs to a time that was measured.
    return [r for r in found if r.dwell_method == "" or r.dwell_seconds is not None]


def sums() -> list[tuple[Any, ...]]:
    return sorted(TouchpointDay.objects.values_list(*DAYS))


def touches() -> list[tuple[Any, ...]]:
    names = ("day", "visit_key", "touchpoint_id", "actor", "bucket", "channel_id", "won")
    return sorted(Touch.objects.values_list(*names))


def conversions() -> list[tuple[Any, ...]]:
    names = ("goal_id", "visit_key", "day", "occurrence", "interaction_id", "value", "currency")
    return sorted(Conversion.objects.values_list(*names))


def counted_by_hand(workspace: Workspace, goal: Goal) -> dict[tuple[UUID, date], list[int]]:
    """Return contacts, views, clicks, visits and won visits for each touchpoint and day."""
    zone = ZoneInfo(workspace.timezone)
    rows = [(row, row.occurred_at.astimezone(zone).date()) for row in Interaction.objects.all()]
    won = {(row.visit_key, day) for row, day in rows if row.event == goal.event_name}
    found: dict[tuple[UUID, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    visits: dict[tuple[UUID, date], set[UUID]] = defaultdict(set)
    for row, day in rows:
        for place in (row.touchpoint_id, ZERO):
            if place is None:
                continue
            at = place, day
            found[at][0] += row.event != PAGE_LEFT
            found[at][1] += row.quantity if row.kind == "page" else 0
            found[at][2] += row.event == CLICKED
            if row.event != PAGE_LEFT:
                visits[at].add(row.visit_key)
    return {
        at: [*counts, len(visits[at]), sum((visit, at[1]) in won for visit in visits[at])]
        for at, counts in found.items()
    }


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000), batches=st.integers(1, 5))
def test_sums_that_are_kept_up_equal_sums_from_scratch(
    scope: Workspace, seed: int, batches: int
) -> None:
    with transaction.atomic():
        check_sums(scope, random.Random(seed), batches)
        transaction.set_rollback(True)


def check_sums(scope: Workspace, dice: random.Random, batches: int) -> None:
    goal = make_goal(scope)
    make_touchpoint(scope, event_names=["Basket", CLICKED, "purchase"])
    make_touchpoint(scope, page_prefix="/home")
    source, _key = make_source(scope)
    received = NOON + timedelta(days=5)
    for number in range(batches):
        at: datetime = received + timedelta(minutes=number)
        ingest(source=source, records=some_records(dice, 25), received_at=at)
    kept = sums(), touches(), conversions()
    by_hand = counted_by_hand(scope, goal)
    added: dict[tuple[UUID, date], list[int]] = defaultdict(lambda: [0] * 5)
    for row in TouchpointDay.objects.all():
        counts = (row.contacts, row.views, row.clicks, row.visits, row.won)
        place = row.touchpoint_id, row.day
        added[place] = [a + b for a, b in zip(added[place], counts, strict=True)]
    assert dict(added) == by_hand
    days = {day for _, day in by_hand}
    rebuild_days(workspace_id=scope.pk, timezone=scope.timezone, days=days)
    assert (sums(), touches(), conversions()) == kept


def test_a_goal_counts_once_in_a_visit_or_each_time(scope: Workspace) -> None:
    make_goal(scope)
    every = Goal.objects.create(
        workspace=scope, key="each", name="Each", event_name="purchase", once_per_visit=False,
        value=Decimal(5), currency="DKK",
    )  # fmt: skip
    source, _key = make_source(scope)
    bought = [
        make_record(event="purchase", anonymous_id="a", value=None, currency="") for _ in range(3)
    ]
    ingest(source=source, records=bought, received_at=NOON)
    assert Conversion.objects.exclude(goal=every).count() == 1
    assert Conversion.objects.filter(goal=every, value=5, currency="DKK").count() == 3


def test_a_goal_of_later_is_reached_in_days_that_are_worked_out_again(scope: Workspace) -> None:
    source, _key = make_source(scope)
    ingest(
        source=source,
        records=[make_record(event="purchase", anonymous_id="a")],
        received_at=NOON,
    )
    assert not TouchpointDay.objects.filter(won__gt=0).exists()
    make_goal(scope)
    call_command("rebuild_interactions", workspace=scope.slug)
    assert TouchpointDay.objects.get(touchpoint_id=ZERO).won == 1
    assert Conversion.objects.count() == 1


def test_an_advertisement_that_is_seen_is_a_view_and_no_visit(scope: Workspace) -> None:
    source, _key = make_source(scope)
    seen = make_record(event=PLACEMENT_VIEWED, anonymous_id="a")
    ingest(source=source, records=[seen], received_at=NOON)
    day = TouchpointDay.objects.get(touchpoint_id=ZERO)
    assert (day.contacts, day.views, day.visits) == (0, 1, 0)
    assert not Touch.objects.exists()


def test_a_page_that_stays_open_for_hours_is_left_in_its_visit(scope: Workspace) -> None:
    source, _key = make_source(scope)
    opened = make_record(kind="page", event="Guide", anonymous_id="a")
    left = make_record(
        event=PAGE_LEFT,
        anonymous_id="a",
        occurred_at=NOON + timedelta(hours=3),
        dwell_seconds=3 * 3600 - 60.0,
        dwell_method="foreground",
    )
    ingest(source=source, records=[opened], received_at=NOON)
    ingest(source=source, records=[left], received_at=NOON + timedelta(hours=3))
    assert len(set(Interaction.objects.values_list("visit_key", flat=True))) == 1
    assert TouchpointDay.objects.get(touchpoint_id=ZERO).visits == 1
