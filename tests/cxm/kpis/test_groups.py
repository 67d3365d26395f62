"""Figures of a group of customers: windows, the minimum, what is left out, and their price."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import QuerySet

from cxm.common import statistics
from cxm.common.targets import Status
from cxm.customers.models import Customer
from cxm.kpis import registry
from cxm.kpis.registry import Subject, Tally
from cxm.kpis.reports import figures_of_customers
from cxm.workspaces.models import Workspace
from tests.cxm.kpis.make import CHECKOUT, DELIVERY, NOW, TODAY, Answer, Facts

pytestmark = pytest.mark.django_db

Z = statistics.z_for(0.95)


@pytest.fixture
def facts_of_people(facts: Facts) -> Iterable[Facts]:
    """Facts, all of which are the group's; it is now the moment of the invented facts."""

    def nps(days: set[date], *, customers: QuerySet[Customer] | None = None) -> Iterable[Tally]:
        assert customers is not None
        return facts.nps(days)

    registry.by_customer(key="nps")(nps)
    with time_machine.travel(NOW, tick=False):
        yield facts


def answers(
    touchpoint: Any, promoters: int, passives: int, detractors: int, *, ago: int
) -> list[Answer]:
    scores = [9] * promoters + [7] * passives + [0] * detractors
    return [
        Answer(touchpoint, TODAY - timedelta(days=ago), nps, segment="whatever") for nps in scores
    ]


def test_a_figure_has_interval_n_window_and_change(
    scope: Workspace, facts_of_people: Facts
) -> None:
    facts_of_people.add(
        *answers(None, 20, 10, 10, ago=0),
        *answers(None, 0, 10, 10, ago=89),
        *answers(None, 40, 5, 5, ago=90),
        *answers(None, 500, 0, 0, ago=180),
    )
    found = figures_of_customers(Customer.objects.all(), ["nps"])
    score = found[Subject("workspace", scope.pk), "nps"]
    assert score.figure == statistics.nps(20, 20, 20, Z)
    assert (score.window, score.start, score.end) == ("90d", TODAY - timedelta(days=89), TODAY)
    assert score.previous == statistics.nps(40, 5, 5, Z)
    assert score.change is not None
    assert score.change.value == -70
    assert score.change.clear
    assert (score.shown, score.status, score.target) == (True, None, None)


def test_other_windows_are_as_long_as_they_say(scope: Workspace, facts_of_people: Facts) -> None:
    facts_of_people.add(*answers(None, 30, 0, 0, ago=29), *answers(None, 0, 0, 30, ago=30))
    found = figures_of_customers(Customer.objects.all(), ["nps"], "30d")
    score = found[Subject("workspace", scope.pk), "nps"]
    assert (score.value, score.figure.n) == (100, 30)
    assert score.previous is not None
    assert score.previous.value == -100


@pytest.mark.parametrize("touchpoint", [None, DELIVERY])
def test_below_the_minimum_no_value_leaves(
    scope: Workspace, facts_of_people: Facts, touchpoint: Any
) -> None:
    facts_of_people.add(
        *answers(touchpoint, 29, 0, 0, ago=1), *answers(touchpoint, 1, 0, 0, ago=95)
    )
    found = figures_of_customers(Customer.objects.all(), ["nps"])
    kind, key = ("touchpoint", DELIVERY) if touchpoint else ("workspace", scope.pk)
    score = found[Subject(kind, key), "nps"]
    assert score.figure == statistics.Figure(None, 29)
    assert score.previous == statistics.Figure(None, 1)
    assert (score.shown, score.value, score.change) == (False, None, None)
    assert (score.minimum, score.status) == (30, Status.NONE)
    assert score.trend == ()
    assert (score.successes, score.failures) == (0, 0)

    facts_of_people.add(*answers(touchpoint, 1, 0, 0, ago=1))
    again = figures_of_customers(Customer.objects.all(), ["nps"])[Subject(kind, key), "nps"]
    assert again.value == 100
    assert again.previous == statistics.Figure(None, 1)
    assert again.change is None


def test_the_whole_and_touchpoints_are_never_pooled(
    scope: Workspace, facts_of_people: Facts
) -> None:
    facts_of_people.add(
        *answers(None, 30, 0, 0, ago=1),
        *answers(DELIVERY, 0, 0, 30, ago=1),
        *answers(CHECKOUT, 50, 0, 0, ago=100),
    )
    found = figures_of_customers(Customer.objects.all(), ["nps"])
    assert {subject.id: score.value for (subject, _key), score in found.items()} == {
        scope.pk: 100,
        DELIVERY: -100,
    }


def test_the_whole_is_there_without_facts(scope: Workspace, facts_of_people: Facts) -> None:
    ((at, score),) = figures_of_customers(Customer.objects.none(), ["nps"]).items()
    assert at == (Subject("workspace", scope.pk), "nps")
    assert (score.figure.n, score.value, score.previous) == (0, None, None)


def test_what_cannot_be_kept_to_customers_is_left_out(
    scope: Workspace, facts_of_people: Facts
) -> None:
    assert figures_of_customers(Customer.objects.all(), ["review", "rumours"]) == {}
    with pytest.raises(registry.UnknownEntryError, match="rumours"):
        registry.by_customer(key="rumours")(lambda days, *, customers=None: [])


def test_the_price_is_the_same_for_many(
    scope: Workspace,
    facts_of_people: Facts,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    facts_of_people.add(*answers(DELIVERY, 3, 0, 0, ago=1))
    for _round in range(2):
        with django_assert_num_queries(1):
            figures_of_customers(Customer.objects.all(), ["nps"])
        facts_of_people.add(
            *(fact for ago in range(60) for fact in answers(None, 2, 2, 2, ago=ago)),
            *answers(CHECKOUT, 3, 0, 0, ago=2),
        )
