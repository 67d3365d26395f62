"""Goals that are reached, touches, and sums by day: kept up with each batch, or from scratch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from touchpoints.catalogue.goals import GoalLike
from touchpoints.interactions import rollup_sql, sql
from touchpoints.interactions.models import ZERO
from touchpoints.interactions.partitions import ensure_partitions, month_of_day
from touchpoints.interactions.records import WITHOUT_VISIT
from touchpoints.interactions.services.rulebook import Rulebook
from touchpoints.interactions.services.visiting import Placed

AT_A_TIME: Final = 5000


class Reached(NamedTuple):
    """A goal that an interaction reached."""

    goal: GoalLike
    visit: UUID
    day: date
    occurred_at: datetime
    interaction: UUID
    touchpoint: UUID | None
    customer: UUID | None
    channel: UUID | None
    campaign: UUID | None
    placement: UUID | None
    value: object
    currency: str


def add_batch(
    *,
    workspace_id: UUID,
    batch: int,
    rulebook: Rulebook,
    contacts: Sequence[tuple[UUID, date, Placed]],
) -> None:
    """Add what a batch brought: conversions, touches and sums, in two statements.

    `contacts` are the interactions with their ids and days; their rows lie in the session's
    table under the number `batch`.
    """
    if not contacts:
        return
    reached = []
    # Of a goal that counts once the first counts, here as when days are worked out again.
    in_order = sorted(
        contacts, key=lambda entry: (entry[2].received_at, entry[2].record.occurred_at, entry[0])
    )
    for row_id, day, placed in in_order:
        record, arrival = placed.record, placed.arrival
        if record.event in WITHOUT_VISIT:
            continue
        for goal in rulebook.goals.match(
            kind=record.kind, event=record.event, url=record.url, touchpoint=placed.place
        ):
            reached.append(
                Reached(
                    goal,
                    placed.visit,
                    day,
                    record.occurred_at,
                    row_id,
                    placed.place,
                    placed.customer,
                    arrival.channel,
                    arrival.campaign,
                    arrival.placement,
                    record.value,
                    record.currency,
                )
            )
    won = [entry for entry in _convert(workspace_id, reached) if entry[0] == rulebook.primary_goal]
    days = [day for _, day, _ in contacts]
    with connection.cursor() as cursor:
        cursor.execute(
            rollup_sql.ADD_BATCH,
            {
                "workspace": workspace_id,
                "batch": batch,
                "goal": rulebook.primary_goal,
                "visit": [visit for _, visit, _ in won],
                "day": [day for _, _, day in won],
                "first": min(days),
                "last": max(days),
            },
        )


@transaction.atomic
def rebuild_days(*, workspace_id: UUID, timezone: str, days: Iterable[date]) -> None:
    """Work conversions, touches and sums of some days out from their interactions.

    For days whose interactions or goals were changed afterwards. Runs inside the workspace's
    scope and waits for whoever takes something in.
    """
    wanted = sorted(set(days))
    if not wanted:
        return
    ensure_partitions({month_of_day(day) for day in wanted})
    rulebook = Rulebook(workspace_id)
    zone = ZoneInfo(timezone)
    parameters: dict[str, Any] = {
        "workspace": workspace_id,
        "zone": timezone,
        "days": wanted,
        "start": datetime.combine(wanted[0], time.min, zone),
        "end": datetime.combine(wanted[-1] + timedelta(days=1), time.min, zone),
        "goal": rulebook.primary_goal,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.LOCK, {"workspace": str(workspace_id)})
        cursor.execute(rollup_sql.FORGET_CONVERSIONS, parameters)
    _convert_days(rulebook, parameters)
    with connection.cursor() as cursor:
        for statement in rollup_sql.FORGET:
            cursor.execute(statement, parameters)
        cursor.execute(rollup_sql.REBUILD, parameters)


def _convert_days(rulebook: Rulebook, parameters: dict[str, Any]) -> None:
    if not rulebook.has_goals:
        return
    connection.ensure_connection()
    with connection.connection.cursor(name="contacts_of_days") as contacts:
        contacts.itersize = AT_A_TIME
        contacts.execute(rollup_sql.CONTACTS_OF_DAYS, parameters)
        while rows := list(islice(contacts, AT_A_TIME)):
            reached = []
            for row_id, at, day, kind, event, url, touchpoint, customer, visit, *rest in rows:
                if event in WITHOUT_VISIT:
                    continue
                for goal in rulebook.goals.match(
                    kind=kind, event=event, url=url, touchpoint=touchpoint
                ):
                    reached.append(
                        Reached(goal, visit, day, at, row_id, touchpoint, customer, *rest)
                    )
            _convert(parameters["workspace"], reached)


def _convert(workspace_id: UUID, reached: Sequence[Reached]) -> list[tuple[UUID, UUID, date]]:
    """Store conversions and return (goal, visit, day) of those that are new."""
    if not reached:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            rollup_sql.CONVERT,
            {
                "workspace": workspace_id,
                "goal": [entry.goal.pk for entry in reached],
                "visit": [entry.visit for entry in reached],
                "day": [entry.day for entry in reached],
                "occurrence": [
                    ZERO if entry.goal.once_per_visit else entry.interaction for entry in reached
                ],
                "occurred_at": [entry.occurred_at for entry in reached],
                "interaction": [entry.interaction for entry in reached],
                "touchpoint": [entry.touchpoint for entry in reached],
                "customer": [entry.customer for entry in reached],
                "channel": [entry.channel or ZERO for entry in reached],
                "campaign": [entry.campaign or ZERO for entry in reached],
                "placement": [entry.placement or ZERO for entry in reached],
                "value": [_value(entry) for entry in reached],
                "currency": [_currency(entry) for entry in reached],
            },
        )
        found: list[tuple[UUID, UUID, date]] = cursor.fetchall()
    return found


def _value(entry: Reached) -> object:
    """Return the money of the event, else what reaching the goal is worth."""
    return entry.goal.value if entry.value is None else entry.value


def _currency(entry: Reached) -> str:
    return entry.goal.currency if entry.value is None else entry.currency or entry.goal.currency
