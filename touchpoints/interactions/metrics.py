"""The figures that interactions give: visits, views, time spent, conversion, task success."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext_lazy as _

from cxm.common.scope import current_workspace_id
from cxm.kpis.registry import Tally, feed, metric
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.models import Dimension, Goal
from touchpoints.interactions import figures
from touchpoints.interactions.models import ZERO
from touchpoints.interactions.records import (
    CONTACTS,
    FOREGROUND,
    NEXT_PAGE,
    REPORTED,
    WITHOUT_VISIT,
)

BOTH = ("workspace", "touchpoint")
Visits = tuple[str, UUID, str, str, date, int, int]


class SubjectOf(TypedDict):
    """What a tally is about."""

    subject_kind: str
    subject_id: UUID


@feed(key="interactions")
def days_with_contacts() -> Iterable[date]:
    """Return every day on which a customer did something."""
    return [day for (day,) in _rows(figures.DAYS, _workspace())]


@metric(
    key="visits",
    title=_("Visits"),
    unit="count",
    kind="count",
    subjects=BOTH,
    feed="interactions",
    minimum="any",
    description=_("Visits with at least one contact on the day"),
)
def visits(days: set[date]) -> Iterator[Tally]:
    """Count the visits of each day."""
    for subject, day, visits, _won, _views in _sums(days):
        yield Tally(**subject, day=day, n=visits)
    # Without a goal nothing is won: n alone counts.
    yield from _tallies(_slices(days, goal=None))


@metric(
    key="conversion",
    title=_("Conversion"),
    unit="percent",
    kind="proportion",
    subjects=BOTH,
    feed="interactions",
    minimum="visits",
    description=_("Visits in which the primary goal was reached"),
)
def conversion(days: set[date]) -> Iterator[Tally]:
    """Count the visits and those with the primary goal; nothing without such a goal."""
    goal = Goal.objects.filter(workspace_id=_workspace_id(), is_primary=True).first()
    if goal is None:
        return
    for subject, day, visits, won, _views in _sums(days):
        yield Tally(**subject, day=day, n=visits, successes=won)
    yield from _tallies(_slices(days, goal=goal.pk))


@metric(
    key="success",
    title=_("Task success"),
    unit="percent",
    kind="proportion",
    subjects=("touchpoint",),
    feed="interactions",
    minimum="visits",
    area="fulfilment",
    description=_("Visits here in which the event that shows success followed"),
)
def success(days: set[date]) -> Iterator[Tally]:
    """Count the visits to each touchpoint with an event of success, and those that reached it."""
    yield from _tallies(
        _rows(figures.SUCCESS, {**_parameters(days, CONTACTS), **_with_whole(_dimensions())})
    )


@metric(
    key="views",
    title=_("Views"),
    unit="count",
    kind="count",
    subjects=BOTH,
    feed="interactions",
    minimum="any",
    description=_("Pages and screens seen"),
)
def views(days: set[date]) -> Iterator[Tally]:
    """Count the views of each day."""
    for subject, day, _visits, _won, views in _sums(days):
        if views:
            yield Tally(**subject, day=day, n=views)


@metric(
    key="dwell",
    title=_("Time spent, as reported"),
    unit="seconds",
    kind="mean",
    subjects=BOTH,
    feed="interactions",
    minimum="visits",
    description=_("Seconds of a visit, as the source reports them"),
    method=REPORTED,
)
def dwell(days: set[date]) -> Iterator[Tally]:
    """Sum up the time that sources report."""
    return _dwell(days, REPORTED)


@metric(
    key="dwell_foreground",
    title=_("Time spent in view"),
    unit="seconds",
    kind="mean",
    subjects=BOTH,
    feed="interactions",
    minimum="visits",
    description=_("Seconds of a visit during which the page was in the foreground"),
    method=FOREGROUND,
)
def dwell_foreground(days: set[date]) -> Iterator[Tally]:
    """Sum up the time in the foreground."""
    return _dwell(days, FOREGROUND)


@metric(
    key="dwell_next_page",
    title=_("Time spent until the next page"),
    unit="seconds",
    kind="mean",
    subjects=BOTH,
    feed="interactions",
    minimum="visits",
    description=_("Seconds of a visit from each page to the next"),
    method=NEXT_PAGE,
)
def dwell_next_page(days: set[date]) -> Iterator[Tally]:
    """Sum up the time until the next page."""
    return _dwell(days, NEXT_PAGE)


def _dwell(days: set[date], method: str) -> Iterator[Tally]:
    rows: Sequence[tuple[str, UUID, date, int, Decimal, Decimal]] = _rows(
        figures.DWELL, {**_parameters(days, CONTACTS), "method": method}
    )
    for kind, subject, day, n, total, total_sq in rows:
        yield Tally(
            subject_kind=kind, subject_id=subject, day=day, n=n, total=total, total_sq=total_sq
        )


def _tallies(rows: Sequence[Visits]) -> Iterator[Tally]:
    for kind, subject, dimension, value, day, n, won in rows:
        yield Tally(
            subject_kind=kind,
            subject_id=subject,
            day=day,
            n=n,
            successes=won,
            dimension=dimension,
            dimension_value=value,
        )


def _sums(days: set[date]) -> Iterator[tuple[SubjectOf, date, int, int, int]]:
    """Yield what was summed up while it came in: subject, day, visits, won, views."""
    workspace = _workspace_id()
    rows = _rows(figures.SUMS, {"workspace": workspace, "days": sorted(days)})
    for touchpoint, day, visits, won, views in rows:
        subject: SubjectOf = {"subject_kind": "touchpoint", "subject_id": touchpoint}
        if touchpoint == ZERO:
            subject = {"subject_kind": "workspace", "subject_id": workspace}
        yield subject, day, int(visits), int(won), int(views)


def _slices(days: set[date], *, goal: UUID | None) -> Sequence[Visits]:
    """Return visits by the values of each dimension; reads the contacts of the days."""
    dimensions = _dimensions()
    if not dimensions["dimensions"]:
        return []
    return _rows(figures.SLICES, {**_parameters(days, CONTACTS), **dimensions, "goal": goal})


def _dimensions() -> dict[str, list[str]]:
    """Return the dimensions' keys and properties."""
    found = list(
        Dimension.objects.filter(workspace_id=_workspace_id())
        .order_by("key")
        .values_list("key", "property")
    )
    return {"dimensions": [key for key, _ in found], "properties": [name for _, name in found]}


def _with_whole(dimensions: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the dimensions behind the whole, which is none."""
    return {name: ["", *found] for name, found in dimensions.items()}


def _workspace_id() -> UUID:
    found = current_workspace_id()
    if found is None:
        raise RuntimeError("Figures are worked out inside a workspace's scope.")
    return found


def _workspace() -> dict[str, Any]:
    workspace = Workspace.objects.get(pk=_workspace_id())
    return {"workspace": workspace.pk, "zone": workspace.timezone}


def _parameters(days: set[date], kinds: Sequence[str]) -> dict[str, Any]:
    """Return what a statement about some days needs; its bounds leave out other months' tables."""
    found = _workspace()
    zone = ZoneInfo(str(found["zone"]))
    first, last = min(days), max(days) + timedelta(days=1)
    return {
        **found,
        "days": sorted(days),
        "start": datetime.combine(first, time.min, zone),
        "end": datetime.combine(last, time.min, zone),
        "kinds": list(kinds),
        "without": list(WITHOUT_VISIT),
        "method": "",
    }


def _rows(statement: str, parameters: dict[str, Any]) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: Sequence[Any] = cursor.fetchall()
    return found
