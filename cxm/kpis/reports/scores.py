"""Reads of figures: what home, the map, the pages and the API show.

All run inside `workspace_scope` and take a constant number of queries, however many subjects and
measures are asked for. Values are in the unit of the measure, per cent from 0 to 100; attainments
are shares (1.0 means that the target is met).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from cxm.common import statistics
from cxm.common.scope import current_workspace_id
from cxm.common.statistics import EMPTY, Difference, Figure
from cxm.common.targets import Status
from cxm.kpis import registry
from cxm.kpis.models import Measurement, ScoreState
from cxm.kpis.registry import Key, Metric, Part, Rules, Subject
from cxm.kpis.windows import TREND_OF, TREND_POINTS
from cxm.workspaces.models import Workspace

# The share of false ones that is accepted among the changes that are reported.
FALSE_DISCOVERY_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a course: first and last day, and the figure of that stretch."""

    start: date
    end: date
    figure: Figure


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with everything that is shown beside it.

    `shown` is False below the workspace's minimum n: then no value may be shown, nor a colour.
    `previous` and `change` compare with the equally long window before. `status` is None where
    there is enough data and no target. `successes`, `failures` and `total` are the sums behind a
    base measure. An (id, measure) pair that was never measured has n = 0 and no dates.
    """

    metric: Metric
    subject: Subject
    figure: Figure
    minimum: int
    window: str
    dimension: str = ""
    dimension_value: str = ""
    start: date | None = None
    end: date | None = None
    previous: Figure | None = None
    change: Difference | None = None
    target: float | None = None
    floor: float | None = None
    attainment: float | None = None
    status: Status | None = None
    trend: tuple[Point, ...] = ()
    parts: tuple[Part, ...] = ()
    missing: tuple[str, ...] = ()
    successes: int = 0
    failures: int = 0
    total: float = 0.0

    @property
    def shown(self) -> bool:
        """Say whether there is enough data to show the value."""
        return self.figure.value is not None and self.figure.n >= self.minimum

    @property
    def value(self) -> float | None:
        """Return the value if it may be shown."""
        return self.figure.value if self.shown else None


@dataclass(frozen=True, slots=True)
class Change:
    """A measure that clearly changed against the window before; `good` None: neither."""

    metric: Metric
    subject: Subject
    subject_name: str
    dimension: str
    dimension_value: str
    now: Figure
    before: Figure
    difference: Difference
    good: bool | None


@dataclass(frozen=True, slots=True)
class Changes:
    """The clear changes, largest first, and how many measures were compared and did not change."""

    window: str
    clear: tuple[Change, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Series:
    """The course of a measure by calendar months, oldest first; empty months are left out."""

    metric: Metric
    subject: Subject
    points: tuple[Point, ...]
    target: float | None
    floor: float | None


def figures(
    subject_kind: str,
    subject_ids: Iterable[UUID],
    metrics: Iterable[str],
    window: str = "90d",
    dimension: str = "",
    dimension_value: str = "",
) -> dict[tuple[UUID, str], Score]:
    """Return the scores of some subjects by some measures, keyed by (subject id, measure).

    Every pair that is asked for has an entry. Measures that no room registered are left out.
    """
    ids = list(subject_ids)
    entries = [registry.metrics[key] for key in metrics if key in registry.metrics]
    trend = TREND_OF.get(window, "month")
    rows = (
        Measurement.objects.about(subject_kind, ids)
        .filter(metric__in=[entry.key for entry in entries])
        .sliced(dimension, dimension_value)
        .with_trend(window, trend)
    )
    found: dict[tuple[UUID, str], list[Measurement]] = defaultdict(list)
    for row in rows:
        found[row.subject_id, row.metric].append(row)
    rules = current_rules()
    return {
        (subject_id, entry.key): score_of_rows(
            Key(entry.key, subject_kind, subject_id, dimension, dimension_value),
            found.get((subject_id, entry.key), []),
            rules,
            window,
        )
        for subject_id in ids
        for entry in entries
    }


def figure(subject_kind: str, subject_id: UUID, metric: str, window: str = "90d") -> Score:
    """Return one score; raises UnknownEntryError for a measure that no room registered."""
    registry.get_metric(metric)
    return figures(subject_kind, [subject_id], [metric], window)[subject_id, metric]


def slices(
    subject_kind: str, subject_id: UUID, metric: str, dimension: str, window: str = "90d"
) -> list[Score]:
    """Return the scores of each value of a dimension, largest n first."""
    registry.get_metric(metric)
    found: dict[str, list[Measurement]] = defaultdict(list)
    rows = Measurement.objects.about(subject_kind, [subject_id]).filter(
        metric=metric, dimension=dimension, window=window, back__lte=1
    )
    for row in rows:
        found[row.dimension_value].append(row)
    rules = current_rules()
    scores = [
        score_of_rows(
            Key(metric, subject_kind, subject_id, dimension, value), rows_of, rules, window
        )
        for value, rows_of in found.items()
    ]
    return sorted(scores, key=lambda score: (-score.figure.n, score.dimension_value))


def changes(window: str = "90d") -> Changes:
    """Return what clearly changed against the window before, over all measures and subjects.

    Clear means that the interval of the difference leaves out 0 and that the change is among
    the discoveries of Benjamini and Hochberg at 5 %, taken over everything that has enough data
    in both windows. Target achievement is left out, as it repeats the measures it is made of, and
    so are derived measures of a slice, whose parts may not be the same in both windows.
    """
    rules = current_rules()
    z = statistics.z_for(rules.confidence)
    pairs: dict[Key, dict[int, Figure]] = defaultdict(dict)
    for record in Measurement.objects.filter(window=window, back__lte=1).values_list(
        "metric", "subject_kind", "subject_id", "dimension", "dimension_value",
        "back", "value", "n", "low", "high", "se",
    ):  # fmt: skip
        pairs[Key(*record[:5])][record[5]] = Figure(*record[6:])
    compared: list[tuple[Key, Metric, Figure, Figure, Difference]] = []
    for key, both in sorted(pairs.items()):
        entry = registry.metrics.get(key.metric)
        if entry is None or entry.minimum == "any" or len(both) < 2:
            continue
        if entry.kind == "derived" and key.dimension:
            # Of a slice, other parts have enough data in each window: no like with like.
            continue
        now, before = both[0], both[1]
        if min(now.n, before.n) < rules.minimum(entry.minimum):
            continue
        difference = statistics.difference(now, before, z)
        if difference is not None:
            compared.append((key, entry, now, before, difference))
    chosen = statistics.select_discoveries(
        [difference.p for *_, difference in compared], FALSE_DISCOVERY_RATE
    )
    clear = [item for item, found in zip(compared, chosen, strict=True) if found and item[4].clear]
    clear.sort(key=lambda item: (-_size(item[1], item[3], item[4]), item[0]))
    names = names_of({key.subject_kind for key, *_ in clear})
    return Changes(
        window,
        tuple(
            _change(key=key, entry=entry, now=now, before=before, difference=found, names=names)
            for key, entry, now, before, found in clear
        ),
        len(compared) - len(clear),
    )


def series(metric: str, subject_kind: str, subject_id: UUID, months: int = 12) -> Series:
    """Return a measure by calendar month, at most the last twelve, the current one to date."""
    entry = registry.get_metric(metric)
    rows = list(
        Measurement.objects.about(subject_kind, [subject_id])
        .filter(metric=metric, window="month", back__lt=months)
        .sliced("", "")
        .order_by("-back")
    )
    last = rows[-1] if rows else None
    return Series(
        entry,
        Subject(subject_kind, subject_id),
        tuple(Point(row.start, row.end, figure_of_row(row)) for row in rows),
        last.target if last else None,
        last.floor if last else None,
    )


def scored_at() -> datetime | None:
    """Return when the workspace in scope was last scored, or None before the first time."""
    return ScoreState.objects.values_list("scored_at", flat=True).first()


def current_rules() -> Rules:
    """Return the settings of the workspace in scope; raises Workspace.DoesNotExist without one."""
    row = Workspace.objects.values_list("confidence", "min_answers", "min_visits").get(
        Q(pk=current_workspace_id())
    )
    return Rules(*row)


def figure_of_row(row: Measurement) -> Figure:
    """Return the figure of a stored measurement."""
    return Figure(row.value, row.n, row.low, row.high, row.se)


def score_of_rows(
    key: Key, rows: Sequence[Measurement], rules: Rules, window: str, trend: str = ""
) -> Score:
    """Assemble a score from the stored measurements of one key: window, the one before, trend."""
    entry = registry.get_metric(key.metric)
    minimum = rules.minimum(entry.minimum)
    subject = Subject(key.subject_kind, key.subject_id)
    now = next((row for row in rows if row.window == window and row.back == 0), None)
    before = next((row for row in rows if row.window == window and row.back == 1), None)
    previous = figure_of_row(before) if before else None
    trend_window = trend or TREND_OF.get(window, "month")
    trend_rows = sorted(
        (row for row in rows if row.window == trend_window and row.back < TREND_POINTS),
        key=lambda row: -row.back,
    )
    points = tuple(Point(row.start, row.end, figure_of_row(row)) for row in trend_rows)
    if now is None:
        return Score(
            entry, subject, EMPTY, minimum, window, key.dimension, key.dimension_value,
            previous=previous, status=Status.NONE, trend=points,
        )  # fmt: skip
    current = figure_of_row(now)
    change = None
    if previous is not None and min(current.n, previous.n) >= minimum:
        change = statistics.difference(current, previous, statistics.z_for(rules.confidence))
    return Score(
        metric=entry,
        subject=subject,
        figure=current,
        minimum=minimum,
        window=window,
        dimension=key.dimension,
        dimension_value=key.dimension_value,
        start=now.start,
        end=now.end,
        previous=previous,
        change=change,
        target=now.target,
        floor=now.floor,
        attainment=now.attainment,
        status=Status(now.status) if now.status else None,
        trend=points,
        parts=tuple(Part(**part) for part in now.parts),
        missing=tuple(now.missing),
        successes=now.successes,
        failures=now.failures,
        total=float(now.total),
    )


def names_of(kinds: Iterable[str]) -> Mapping[Subject, str]:
    """Return the names of all subjects of some kinds, one query for each kind."""
    found: dict[Subject, str] = {}
    for kind in kinds:
        entry = registry.subject_kinds.get(kind)
        if entry is not None:
            found |= {Subject(kind, subject_id): name for subject_id, name in entry.names().items()}
    return found


def _size(entry: Metric, before: Figure, difference: Difference) -> float:
    """Return how large a change is against the scale of its measure, else against before."""
    scale = entry.scale
    span = scale[1] - scale[0] if scale is not None else abs(before.value or 0.0)
    return abs(difference.value) / span if span else float("inf")


def _change(
    *,
    key: Key,
    entry: Metric,
    now: Figure,
    before: Figure,
    difference: Difference,
    names: Mapping[Subject, str],
) -> Change:
    subject = Subject(key.subject_kind, key.subject_id)
    good: bool | None = None
    if entry.scale is not None or entry.lower_is_better:
        good = (difference.value > 0) != entry.lower_is_better
    return Change(
        entry,
        subject,
        names.get(subject, ""),
        key.dimension,
        key.dimension_value,
        now,
        before,
        difference,
        good,
    )
