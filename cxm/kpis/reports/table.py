"""The table of KPIs: each against its target, with what it will come to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cxm.common import statistics
from cxm.common.statistics import Figure
from cxm.common.targets import Goal, Status, attainment, status_of
from cxm.kpis import registry
from cxm.kpis.measuring import goal_for
from cxm.kpis.models import Kpi, Measurement, Target
from cxm.kpis.registry import Area, Key, Rules
from cxm.kpis.reports.scores import Score, current_rules, names_of, score_of_rows
from cxm.kpis.windows import CALENDAR, Span, period_of

AREAS: dict[Area, Promise] = {
    "satisfaction": _("Satisfaction"),
    "fulfilment": _("Task fulfilment"),
    "business": _("Business targets"),
}
# What needs somebody comes first.
_URGENCY = {Status.BAD: 0, Status.WATCH: 1, Status.UNSURE: 2, Status.GOOD: 3, Status.NONE: 4}
_WITHOUT_TARGET = "90d"

Outlook = Literal["hit", "miss", "open"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A count carried on to the end of its period at the pace so far."""

    figure: Figure
    end: date
    outlook: Outlook
    at_risk: bool


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One KPI in the period of its target.

    `score.target` is what the figure is compared with now; for a count that is the share of the
    period that has passed, and `whole_target` is the target of the whole period. `attained`,
    `attained_low` and `attained_high` are attainments (1.0 = met) of the value and of the ends of
    its interval.
    """

    id: UUID
    name: str
    description: str
    subject_name: str
    owner: str
    initials: str
    area: Area
    score: Score
    period: str
    period_end: date | None
    whole_target: float | None
    baseline: float | None
    attained: float | None
    attained_low: float | None
    attained_high: float | None
    forecast: Forecast | None

    @property
    def status(self) -> Status | None:
        """Return the word for the KPI; None without a target."""
        return self.score.status

    @property
    def owner_short(self) -> str:
        """Return the first name of the owner."""
        return self.owner.split(" ")[0]

    @property
    def percent(self) -> float | None:
        """Return the attainment in per cent."""
        return None if self.attained is None else 100 * self.attained

    @property
    def decimals(self) -> int:
        """Return how many decimals the target needs."""
        target = self.score.target
        if target is None or target.is_integer() or self.score.metric.kind == "count":
            return 0
        return 1

    @property
    def to_date(self) -> bool:
        """Say whether the target is taken in proportion to the days that have passed."""
        return self.score.target is not None and self.score.target != self.whole_target


@dataclass(frozen=True, slots=True)
class KpiGroup:
    """The KPIs of one area, most urgent first."""

    area: Area
    title: Promise
    rows: tuple[KpiRow, ...]

    @property
    def counts(self) -> Counter[str]:
        """Return how many KPIs have each status."""
        return _counted(self.rows)


@dataclass(frozen=True, slots=True)
class KpiTable:
    """All KPIs by area, and how many have each status."""

    groups: tuple[KpiGroup, ...]

    @property
    def rows(self) -> tuple[KpiRow, ...]:
        """Return all rows in the order of the page."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def counts(self) -> Counter[str]:
        """Return how many KPIs have each status; "" counts those without a target."""
        return _counted(self.rows)

    @property
    def at_risk(self) -> int:
        """Return how many are not off target now and will be by the end of their period."""
        return sum(1 for row in self.rows if row.forecast is not None and row.forecast.at_risk)

    def only(self, status: str) -> KpiTable:
        """Return the table with the KPIs of one status ("risk": those at risk)."""
        groups = []
        for group in self.groups:
            rows = tuple(row for row in group.rows if _is(row, status))
            if rows:
                groups.append(KpiGroup(group.area, group.title, rows))
        return KpiTable(tuple(groups))


def kpi_table(today: date) -> KpiTable:
    """Return all KPIs of the workspace in scope as of a day in its timezone."""
    kpis = list(Kpi.objects.with_targets())
    rules = current_rules()
    names = names_of({kpi.subject_kind for kpi in kpis})
    found: dict[Key, list[Measurement]] = defaultdict(list)
    for row in Measurement.objects.filter(
        metric__in={kpi.metric for kpi in kpis},
        subject_id__in={kpi.subject_id for kpi in kpis},
    ).exclude(window__in=["5d", "15d", "60d"]):
        key = Key(row.metric, row.subject_kind, row.subject_id, row.dimension, row.dimension_value)
        found[key].append(row)
    rows = [_row(kpi, found, rules, names, today) for kpi in kpis if kpi.metric in registry.metrics]
    groups = [
        KpiGroup(area, title, tuple(sorted((r for r in rows if r.area == area), key=_urgency)))
        for area, title in AREAS.items()
    ]
    return KpiTable(tuple(group for group in groups if group.rows))


def _row(
    kpi: Kpi,
    found: Mapping[Key, Sequence[Measurement]],
    rules: Rules,
    names: Mapping[registry.Subject, str],
    today: date,
) -> KpiRow:
    entry = registry.get_metric(kpi.metric)
    target = kpi.target_on(today)
    window = target.period if target else _WITHOUT_TARGET
    key = Key(kpi.metric, kpi.subject_kind, kpi.subject_id, kpi.dimension, kpi.dimension_value)
    score = score_of_rows(key, found.get(key, []), rules, window, trend="month")
    goal = None
    if score.start is not None and score.end is not None:
        goal = goal_for(kpi, entry, Span(window, 0, score.start, score.end))
    owner = str(kpi.owner.user) if kpi.owner else ""
    ends = _attained(score, goal)
    return KpiRow(
        id=kpi.pk,
        name=kpi.name,
        description=kpi.description or str(entry.description),
        subject_name=names.get(score.subject, ""),
        owner=owner,
        initials=kpi.owner.user.initials if kpi.owner else "",
        area=entry.area,
        score=score,
        period=window,
        period_end=period_of(window, today)[1] if target else None,
        whole_target=target.value if target else None,
        baseline=target.baseline if target else None,
        attained=score.attainment if score.shown else None,
        attained_low=ends[0],
        attained_high=ends[1],
        forecast=_forecast(score, target, today, statistics.z_for(rules.confidence)),
    )


def _attained(score: Score, goal: Goal | None) -> tuple[float | None, float | None]:
    low, high = score.figure.low, score.figure.high
    if goal is None or not score.shown or low is None or high is None:
        return None, None
    ends = sorted((attainment(low, goal), attainment(high, goal)))
    return ends[0], ends[1]


def _forecast(score: Score, target: Target | None, today: date, z: float) -> Forecast | None:
    """Forecast a count in a calendar period; other measures are levels and do not add up."""
    if target is None or score.metric.kind != "count" or target.period not in CALENDAR:
        return None
    if not score.shown:
        return None
    first, last = period_of(target.period, today)
    elapsed, length = (today - first).days + 1, (last - first).days + 1
    figure = statistics.forecast_count(score.figure, elapsed, length, z)
    if figure.value is None:
        return None
    goal = target.goal()
    word = status_of(figure, goal, 0)
    outlook: Outlook = "miss"
    if word is Status.GOOD:
        outlook = "hit"
    elif word is Status.UNSURE:
        outlook = "open"
    behind = attainment(figure.value, goal) < 1
    return Forecast(figure, last, outlook, at_risk=behind and score.status is not Status.BAD)


def _urgency(row: KpiRow) -> tuple[int, float, str]:
    rank = _URGENCY[row.status] if row.status is not None else len(_URGENCY)
    return rank, row.attained if row.attained is not None else 0.0, row.name


def _counted(rows: Sequence[KpiRow]) -> Counter[str]:
    return Counter(row.status.value if row.status else "" for row in rows)


def _is(row: KpiRow, status: str) -> bool:
    if status == "risk":
        return row.forecast is not None and row.forecast.at_risk
    return (row.status.value if row.status else "") == status
