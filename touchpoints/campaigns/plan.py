"""The media plan as a table of phases and channels, and the pace of its money: pure rules.

Sums are Decimals: what a table adds up to is what its lines say, to the cent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Generic, Literal, Protocol, TypeVar
from uuid import UUID

ZERO: Final = Decimal(0)
# Spend within this share of what the days gone allow is on pace.
MARGIN: Final = Decimal("0.1")

Key = TypeVar("Key", bound=Hashable)
State = Literal["waiting", "on_pace", "ahead", "behind", "over", "done"]


class LineLike(Protocol):
    """What a line of the plan says."""

    @property
    def pk(self) -> UUID:
        """Its id."""

    @property
    def phase_id(self) -> UUID | None:
        """The phase it is for, None for any."""

    @property
    def channel_id(self) -> UUID | None:
        """The channel it is for, None for any."""

    audience: str
    budget: Decimal
    reach_target: int | None


@dataclass(frozen=True, slots=True)
class Money:
    """What was planned and what was spent."""

    planned: Decimal = ZERO
    spent: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """What of the plan is not spent; negative when more was."""
        return self.planned - self.spent

    @property
    def share(self) -> float | None:
        """The part of the plan that is spent, None without a plan."""
        return float(self.spent / self.planned) if self.planned else None

    def __add__(self, other: Money) -> Money:
        return Money(self.planned + other.planned, self.spent + other.spent)


@dataclass(frozen=True, slots=True)
class Row(Generic[Key]):
    """A row of the table: its key, one cell for each column, and its total."""

    key: Key
    cells: Sequence[Money]
    total: Money


@dataclass(frozen=True, slots=True)
class Table(Generic[Key]):
    """Phases as columns; None is for lines of any phase. Totals are those of the cells."""

    columns: Sequence[UUID | None]
    rows: Sequence[Row[Key]]
    column_totals: Sequence[Money]
    total: Money
    reach_target: int


def table(
    lines: Iterable[LineLike],
    spent: Mapping[UUID, Decimal],
    *,
    phases: Sequence[UUID] = (),
    unplanned: Decimal = ZERO,
) -> Table[UUID | None]:
    """Return planned and spent by channel and phase.

    Args:
        lines: the plan.
        spent: what was spent on each line, by its id.
        phases: phases in their order; those without money have a column too.
        unplanned: spend that belongs to no line. It stands with any phase and any channel.
    """
    cells: dict[tuple[UUID | None, UUID | None], Money] = defaultdict(Money)
    channels: dict[UUID | None, None] = {}
    used: dict[UUID | None, None] = dict.fromkeys(phases)
    reach = 0
    for line in lines:
        channels.setdefault(line.channel_id)
        if line.phase_id is not None:
            used.setdefault(line.phase_id)
        cells[line.channel_id, line.phase_id] += Money(line.budget, spent.get(line.pk, ZERO))
        reach += line.reach_target or 0
    if unplanned:
        channels.setdefault(None)
        cells[None, None] += Money(spent=unplanned)
    columns: list[UUID | None] = list(used)
    if not columns or any(phase is None for _channel, phase in cells):
        columns.append(None)
    ordered = [channel for channel in channels if channel is not None]
    rows = [
        _row(channel, [cells.get((channel, phase), Money()) for phase in columns])
        for channel in [*ordered, *([None] if None in channels else [])]
    ]
    totals = [sum((row.cells[i] for row in rows), Money()) for i in range(len(columns))]
    return Table(columns, rows, totals, sum(totals, Money()), reach)


def _row(key: Key, cells: Sequence[Money]) -> Row[Key]:
    return Row(key, cells, sum(cells, Money()))


@dataclass(frozen=True, slots=True)
class Pace:
    """Spend beside what the days gone allow.

    Attributes:
        days: how many days the campaign has, None when its end is open.
        gone: how many of them have begun, today with them.
        expected: what would be spent by now if every day cost the same, None without an end.
        forecast: what it will have cost at its end if it goes on like this.
        state: the verdict; "waiting" before the first day, "done" after the last one.
    """

    days: int | None
    gone: int
    expected: Decimal | None
    forecast: Decimal | None
    state: State | None

    @property
    def share(self) -> float | None:
        """The part of the days that is gone."""
        return self.gone / self.days if self.days else None


def pace(*, money: Money, starts_on: date, ends_on: date | None, today: date) -> Pace:
    """Return how spend stands against the days gone. A day counts from its morning."""
    gone = max(0, (today - starts_on).days + 1)
    if ends_on is None:
        return Pace(None, gone, None, None, _state_without_end(money, gone))
    days = (ends_on - starts_on).days + 1
    over = today > ends_on
    gone = min(gone, days)
    expected = money.planned * gone / days
    forecast = money.spent if over else money.spent / gone * days if gone else None
    if money.planned and money.spent > money.planned:
        return Pace(days, gone, expected, forecast, "over")
    if over:
        return Pace(days, gone, expected, forecast, "done")
    if not gone:
        return Pace(days, gone, expected, forecast, "waiting")
    if not money.planned:
        return Pace(days, gone, None, forecast, None)
    margin = expected * MARGIN
    if money.spent > expected + margin:
        return Pace(days, gone, expected, forecast, "ahead")
    if money.spent < expected - margin:
        return Pace(days, gone, expected, forecast, "behind")
    return Pace(days, gone, expected, forecast, "on_pace")


def _state_without_end(money: Money, gone: int) -> State | None:
    if money.planned and money.spent > money.planned:
        return "over"
    return None if gone else "waiting"
