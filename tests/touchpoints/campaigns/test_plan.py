"""The plan's sums and the pace: what a table adds up to is what its lines say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.common.ids import uuid7
from touchpoints.campaigns.plan import Money, pace, table

FIRST = date(2026, 5, 1)
LAST = date(2026, 5, 10)
PHASES = [uuid7() for _ in range(3)]
CHANNELS = [uuid7() for _ in range(3)]
cents = st.decimals(0, 10**9, places=2)


@dataclass
class Line:
    phase_id: UUID | None
    channel_id: UUID | None
    budget: Decimal
    reach_target: int | None = None
    audience: str = ""
    pk: UUID = field(default_factory=uuid7)


lines = st.builds(
    Line,
    phase_id=st.sampled_from([None, *PHASES]),
    channel_id=st.sampled_from([None, *CHANNELS]),
    budget=cents,
    reach_target=st.none() | st.integers(0, 10**6),
)


@given(
    plan=st.lists(lines, max_size=20),
    amounts=st.lists(cents, min_size=20, max_size=20),
    unplanned=cents,
    shown=st.lists(st.sampled_from(PHASES), unique=True),
)
def test_totals_are_those_of_the_lines(
    plan: list[Line], amounts: list[Decimal], unplanned: Decimal, shown: list[UUID]
) -> None:
    spent = {line.pk: amount for line, amount in zip(plan, amounts, strict=False)}
    found = table(plan, spent, phases=shown, unplanned=unplanned)
    planned = sum((line.budget for line in plan), Decimal(0))
    assert found.total == Money(planned, sum(spent.values(), unplanned))
    assert found.total == sum((row.total for row in found.rows), Money())
    assert found.total == sum(found.column_totals, Money())
    for place, total in enumerate(found.column_totals):
        assert total == sum((row.cells[place] for row in found.rows), Money())
    assert found.reach_target == sum(line.reach_target or 0 for line in plan)
    assert len(set(found.columns)) == len(found.columns)
    assert list(found.columns[: len(shown)]) == shown
    assert {line.phase_id for line in plan} <= set(found.columns) | {None}


def test_an_empty_plan_has_its_phases() -> None:
    found = table([], {}, phases=PHASES)
    assert (found.columns, found.rows, found.total) == (PHASES, [], Money())
    assert table([], {}).columns == [None]


def pace_on(day: int, spent: object = 0, planned: object = 1000) -> object:
    money = Money(Decimal(str(planned)), Decimal(str(spent)))
    today = FIRST + timedelta(days=day - 1)
    return pace(money=money, starts_on=FIRST, ends_on=LAST, today=today)


@pytest.mark.parametrize(
    ("day", "spent", "planned", "state", "gone"),
    [
        (0, 0, 1000, "waiting", 0),
        (-5, 0, 1000, "waiting", 0),
        (0, 1001, 1000, "over", 0),
        (5, 500, 1000, "on_pace", 5),
        (5, 550, 1000, "on_pace", 5),
        (5, "550.01", 1000, "ahead", 5),
        (5, 450, 1000, "on_pace", 5),
        (5, "449.99", 1000, "behind", 5),
        (10, 1000, 1000, "on_pace", 10),
        (10, "1000.01", 1000, "over", 10),
        (11, 400, 1000, "done", 10),
        (11, 1400, 1000, "over", 10),
        (5, 100, 0, None, 5),
        (11, 100, 0, "done", 10),
    ],
)
def test_the_pace_is_held_against_the_days_gone(
    day: int, spent: object, planned: object, state: str | None, gone: int
) -> None:
    found = pace_on(day, spent, planned)
    assert (found.state, found.gone, found.days) == (state, gone, 10)  # type: ignore[attr-defined]


def test_the_forecast_goes_on_like_this() -> None:
    found = pace(
        money=Money(Decimal(1000), Decimal(300)),
        starts_on=FIRST,
        ends_on=LAST,
        today=FIRST + timedelta(days=4),
    )
    assert (found.expected, found.forecast, found.share) == (Decimal(500), Decimal(600), 0.5)


def test_without_an_end_there_is_no_pace() -> None:
    money = Money(Decimal(100), Decimal(50))
    found = pace(money=money, starts_on=FIRST, ends_on=None, today=LAST)
    assert (found.days, found.expected, found.state) == (None, None, None)
    over = pace(money=Money(Decimal(1), Decimal(2)), starts_on=FIRST, ends_on=None, today=LAST)
    assert over.state == "over"
    early = pace(money=money, starts_on=LAST, ends_on=None, today=FIRST)
    assert early.state == "waiting"


@given(
    planned=cents,
    spent=cents,
    length=st.integers(0, 400),
    day=st.integers(-50, 500),
)
def test_the_pace_is_never_out_of_its_days(
    planned: Decimal, spent: Decimal, length: int, day: int
) -> None:
    found = pace(
        money=Money(planned, spent),
        starts_on=FIRST,
        ends_on=FIRST + timedelta(days=length),
        today=FIRST + timedelta(days=day),
    )
    assert found.days is not None
    assert 0 <= found.gone <= found.days == length + 1
    assert found.expected is None or 0 <= found.expected <= planned
    assert found.forecast is None or found.forecast >= spent
    assert (found.state == "over") == (0 < planned < spent)


def test_money_left_and_its_share() -> None:
    assert Money(Decimal(10), Decimal(4)).left == 6
    assert Money(Decimal(10), Decimal(4)).share == pytest.approx(0.4)
    assert Money(Decimal(0), Decimal(4)).share is None
