"""What the home page says, read from the figures: one dataclass for each part of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.common.clock import now
from cxm.common.statistics import Figure
from cxm.common.targets import Status
from cxm.dashboards import charts, numbers, words
from cxm.dashboards.registry import Window
from cxm.kpis import registry as measures
from cxm.kpis import reports as figures
from cxm.kpis.models import Kpi, Measurement
from cxm.kpis.reports import Change, Score
from cxm.workspaces.models import Workspace

SATISFACTION = "satisfaction"
FULFILMENT = "task_fulfilment"
ACHIEVEMENT = "target_achievement"
NPS = "nps"
PERIODS = (30, 90, 365)
CHANGES_SHOWN = 5
MONTHS = 12


def today_in(workspace: Workspace) -> date:
    """Return today's date in the workspace's timezone."""
    return now().astimezone(ZoneInfo(workspace.timezone)).date()


def window_of(workspace: Workspace, days: int) -> Window:
    """Return the window of `days` days that ends today in the workspace's timezone."""
    return Window.ending(today_in(workspace), days)


def touchpoint_names() -> Mapping[UUID, str]:
    """Return every touchpoint's name; empty where no room knows touchpoints."""
    kind = measures.subject_kinds.get("touchpoint")
    return kind.names() if kind is not None else {}


# --- the three scores and the answer -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overview:
    """The workspace's own scores, and which touchpoint is furthest below its target."""

    satisfaction: Score
    fulfilment: Score
    achievement: Score
    nps: Score
    worst: str
    touchpoints: int
    off_target: int

    @property
    def measured(self) -> bool:
        """Say whether there is any figure at all."""
        scores = (self.satisfaction, self.fulfilment, self.nps)
        return any(score.figure.n for score in scores)


def overview(workspace: Workspace, window: Window, *, compare: bool) -> Overview:
    """Read the scores of a window, with the change against the one before if wanted."""
    names = touchpoint_names()
    own = figures.figures(
        "workspace", [workspace.pk], [SATISFACTION, FULFILMENT, ACHIEVEMENT, NPS], window.key
    )
    each = figures.figures("touchpoint", list(names), [SATISFACTION], window.key)

    def score(metric: str) -> Score:
        found = own[workspace.pk, metric]
        return found if compare else replace(found, previous=None, change=None)

    return Overview(
        satisfaction=score(SATISFACTION),
        fulfilment=score(FULFILMENT),
        achievement=score(ACHIEVEMENT),
        nps=score(NPS),
        worst=_worst(names, each, own[workspace.pk, SATISFACTION]),
        touchpoints=len(names),
        off_target=len(kpis_off_target(window.end)),
    )


def kpis_off_target(today: date) -> list[str]:
    """Return the names of the KPIs that are off target in the period of their target today."""
    failing = Measurement.objects.filter(
        metric=OuterRef("metric"),
        subject_kind=OuterRef("subject_kind"),
        subject_id=OuterRef("subject_id"),
        dimension=OuterRef("dimension"),
        dimension_value=OuterRef("dimension_value"),
        window=OuterRef("targets__period"),
        back=0,
        status=Status.BAD,
    )
    current = Q(targets__end__isnull=True) | Q(targets__end__gte=today)
    return list(
        Kpi.objects.filter(current, Exists(failing), targets__start__lte=today)
        .order_by("name")
        .values_list("name", flat=True)
        .distinct()
    )


def _worst(names: Mapping[UUID, str], each: Mapping[tuple[UUID, str], Score], whole: Score) -> str:
    """Name the touchpoint whose satisfaction is clearly lowest: its interval under the whole's.

    Below its own target weighs first; without targets the lowest one that the noise does not
    explain. "" when there is none.
    """
    candidates = []
    for (touchpoint, _metric), score in each.items():
        value, high = score.figure.value, score.figure.high
        if not score.shown or value is None or high is None:
            continue
        failing = score.status in {Status.BAD, Status.WATCH}
        if failing or (whole.figure.low is not None and high < whole.figure.low):
            candidates.append((not failing, value, names[touchpoint]))
    return min(candidates)[2] if candidates else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentence under the title: the finding, and one more fact."""

    finding: str
    more: str


def answer(found: Overview) -> Answer:
    """Answer "How are we doing?" by fixed rules. A cause is never named."""
    if not found.measured:
        return Answer(_("Nothing is measured yet."), "")
    more = [part for part in (_fulfilment(found), _kpis(found)) if part]
    joined = "; ".join([*more[:1], *(part[:1].lower() + part[1:] for part in more[1:])])
    return Answer(_satisfaction(found), f"{joined}." if joined else "")


def _satisfaction(found: Overview) -> str:
    score = found.satisfaction
    if not score.shown or score.figure.value is None:
        return _("Too few answers to say how satisfied customers are.")
    size = (
        words.size_of(abs(score.figure.value - score.target), "score")
        if score.target is not None
        else ""
    )
    if score.status in {Status.BAD, Status.WATCH}:
        if found.worst:
            return _(
                "Satisfaction is %(size)s below its target, and %(name)s pulls it down most."
            ) % {
                "size": size,
                "name": found.worst,
            }
        return _("Satisfaction is %s below its target.") % size
    if score.status == Status.GOOD:
        if found.worst:
            return _("Satisfaction is on target; %s is the weakest place.") % found.worst
        return _("Satisfaction is on target.")
    if score.status == Status.UNSURE:
        return _("Satisfaction may be on target: the interval includes it, so we cannot tell yet.")
    value = numbers.number(score.figure.value)
    if found.worst:
        return _("Satisfaction is %(value)s of 100; %(name)s is the weakest place.") % {
            "value": value,
            "name": found.worst,
        }
    return _("Satisfaction is %s of 100.") % value


def _fulfilment(found: Overview) -> str:
    status = found.fulfilment.status
    if not found.fulfilment.shown:
        return ""
    if status == Status.GOOD:
        failing = found.satisfaction.status in {Status.BAD, Status.WATCH}
        return _("People still finish their tasks") if failing else _("People finish their tasks")
    if status in {Status.BAD, Status.WATCH}:
        return _("Fewer people than planned finish their tasks")
    return ""


def _kpis(found: Overview) -> str:
    kpis = found.achievement.figure.n
    if not kpis:
        return ""
    if not found.off_target:
        return _("No KPI is off target")
    return ngettext(
        "%(failing)s of %(all)s KPIs is off target",
        "%(failing)s of %(all)s KPIs are off target",
        found.off_target,
    ) % {"failing": numbers.number(found.off_target), "all": numbers.number(kpis)}


# --- what changed ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One clear change with the places of its interval around zero, on 150 pixels."""

    metric: str
    subject: str
    part: str
    size: str
    interval: str
    tone: str
    icon: str
    x: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """The clear changes, largest first, and how many measures show none."""

    lines: tuple[ChangeLine, ...]
    clear: int
    unchanged: int


def what_changed(window: Window) -> WhatChanged:
    """Read the changes against the window before that survive the false discovery control.

    Measures of which more is neither good nor bad come last. A subject is named once for each
    measure, and once where two measures are the same figure.
    """
    found = figures.changes(window.key)
    distinct: list[Change] = []
    seen: set[object] = set()
    for change in sorted(found.clear, key=lambda c: c.good is None):
        about = (change.metric.key, change.subject)
        same = (change.subject, change.dimension_value, change.difference)
        if not {about, same} & seen:
            distinct.append(change)
            seen |= {about, same}
    shown = distinct[:CHANGES_SHOWN]
    widest: dict[str, float] = {}
    for change in shown:
        scale = _axis_of(change.metric.unit)
        ends = (change.difference.low, change.difference.high)
        widest[scale] = max(widest.get(scale, 0.0), *(abs(end) for end in ends))
    return WhatChanged(
        tuple(_change_line(c, widest[_axis_of(c.metric.unit)]) for c in shown),
        len(distinct),
        found.unchanged,
    )


def _axis_of(unit: str) -> str:
    """Say which changes are drawn on one axis: those on a scale of 100, else each unit's own."""
    return "hundred" if unit in {"points", "percent", "score"} else unit


def _change_line(change: Change, widest: float) -> ChangeLine:
    delta, unit = change.difference, change.metric.unit
    axis = charts.Axis(-widest * 1.1, widest * 1.1, 4, 146)
    tone = {True: "good", False: "bad", None: "unsure"}[change.good]
    return ChangeLine(
        metric=str(change.metric.title),
        subject=change.subject_name,
        part=change.dimension_value or _("All customers"),
        size=numbers.change(delta.value, unit),
        interval=numbers.limits(delta.low, delta.high, unit),
        tone=tone,
        icon="arrow-up" if delta.value > 0 else "arrow-down",
        x=axis.at(delta.value),
        low=axis.at(delta.low),
        high=axis.at(delta.high),
    )


# --- NPS over time -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NpsCourse:
    """NPS by month with the finding as its title."""

    title: str
    score: Score
    points: tuple[tuple[str, Figure], ...]
    target: float | None


def nps_course(workspace: Workspace, score: Score) -> NpsCourse:
    """Read twelve months of NPS and say what it did, by fixed rules."""
    course = figures.series(NPS, "workspace", workspace.pk, months=MONTHS)
    points = tuple((month_name(point.start), point.figure) for point in course.points)
    first = next((i for i, (_label, f) in enumerate(points) if f.n), len(points))
    return NpsCourse(nps_title(score), score, points[first:], course.target)


def month_name(day: date) -> str:
    """Return the short name of a month, without its full stop."""
    return date_format(day, "M").rstrip(".")


def nps_title(score: Score) -> str:
    """State what the NPS did and how it stands to its target; no cause, no guess."""
    if not score.shown or score.figure.value is None:
        return _("NPS over time")
    value = numbers.number(score.figure.value)
    if score.change is None or not score.change.clear:
        moved = _("NPS is steady at %s") if score.change is not None else _("NPS is %s")
    elif score.change.value < 0:
        moved = _("NPS fell to %s")
    else:
        moved = _("NPS rose to %s")
    tail = (
        {
            Status.GOOD: _(" and is on target"),
            Status.WATCH: _(" and is below its target"),
            Status.BAD: _(" and is below its target"),
        }.get(score.status)
        if score.status is not None
        else None
    )
    return moved % value + (tail or "")


# --- filters -----------------------------------------------------------------------------


def chosen_days(wanted: str | None, allowed: Sequence[int] = PERIODS) -> int:
    """Return the period of the address in days; 90 when it names none that exists."""
    found = {f"{days}d": days for days in allowed}
    return found.get(wanted or "", 90)
