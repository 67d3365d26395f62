"""Figures of any stretch of days, from the daily tallies: what a version was published with.

The stored measurements end today; a version that was published in spring shows that spring, also
with answers that came in late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from cxm.common import statistics
from cxm.common.statistics import EMPTY, Figure
from cxm.common.targets import attainment, status_of
from cxm.kpis import registry
from cxm.kpis.measuring import goal_for
from cxm.kpis.models import Kpi
from cxm.kpis.registry import Key, Metric, Rules, Subject
from cxm.kpis.reports import Point, Score, current_rules
from cxm.kpis.sums import added_up, figure_of
from cxm.kpis.windows import TREND_POINTS, Span
from cxm.workspaces.models import Workspace

# What a span of ours is called; no other has this name.
BETWEEN: Final = "between"
NOW, BEFORE = 0, 1

# First and last day of a period.
Between = tuple[date, date]
Figures = dict[tuple[UUID, int], dict[str, Figure]]


def figures_between(
    kind: str,
    ids: Iterable[UUID],
    metrics: Sequence[str],
    workspace: Workspace,
    between: Between,
) -> dict[tuple[UUID, str], Score]:
    """Return the scores of subjects in a stretch of days, keyed as by `kpis.reports.figures`.

    Three queries. Targets are those of its last day.
    """
    subjects = list(ids)
    rules = current_rules()
    spans = _spans(*between)
    entries = [registry.metrics[key] for key in metrics if key in registry.metrics]
    found = _base(kind, subjects, workspace.pk, spans, rules)
    _derive(found, entries, kind, rules)
    kpis = {
        (kpi.subject_id, kpi.metric): kpi
        for kpi in Kpi.objects.filter(
            subject_kind=kind, subject_id__in=subjects, dimension=""
        ).prefetch_related("targets")
    }
    return {
        (subject, entry.key): _score(
            Subject(kind, subject), entry, found, spans, kpis.get((subject, entry.key)), rules
        )
        for subject in subjects
        for entry in entries
    }


def _spans(start: date, end: date) -> list[Span]:
    """Return the stretch, the equally long one before it, and its parts, oldest first."""
    days = (end - start).days + 1
    spans = [
        Span(BETWEEN, NOW, start, end),
        Span(BETWEEN, BEFORE, start - timedelta(days=days), start - timedelta(days=1)),
    ]
    length = days // TREND_POINTS
    if length:
        first = end - timedelta(days=TREND_POINTS * length - 1)
        starts = [first + timedelta(days=length * n) for n in range(TREND_POINTS)]
        spans += [
            Span(BETWEEN, 2 + n, day, day + timedelta(days=length - 1))
            for n, day in enumerate(starts)
        ]
    return spans


def _base(
    kind: str, subjects: Sequence[UUID], workspace_id: UUID, spans: Sequence[Span], rules: Rules
) -> Figures:
    keys = {
        Key(entry.key, kind, subject, "", "")
        for entry in registry.base_metrics()
        if kind in entry.subjects
        for subject in subjects
    }
    found: Figures = defaultdict(dict)
    if keys:
        for key, span, sums in added_up(workspace_id, spans, keys):
            entry = registry.metrics[key.metric]
            found[key.subject_id, span.back][key.metric] = figure_of(entry, sums, rules)
    return found


def _derive(found: Figures, entries: Sequence[Metric], kind: str, rules: Rules) -> None:
    """Work out what follows from the base measures."""
    for entry in entries:
        if entry.derive is None or kind not in entry.subjects:
            continue
        scorer = entry.derive(rules)
        for (subject, _back), figures in found.items():
            composite = scorer(Subject(kind, subject), _inputs(entry, figures))
            if composite is not None:
                figures[entry.key] = composite.figure


def _inputs(entry: Metric, figures: Mapping[str, Figure]) -> Mapping[str, Figure]:
    if "*" in entry.inputs:
        return {key: f for key, f in figures.items() if registry.metrics[key].derive is None}
    return {key: figures[key] for key in entry.inputs if key in figures}


def _score(
    subject: Subject,
    entry: Metric,
    found: Figures,
    spans: Sequence[Span],
    kpi: Kpi | None,
    rules: Rules,
) -> Score:
    def figure(span: Span) -> Figure:
        return found.get((subject.id, span.back), {}).get(entry.key, EMPTY)

    now, before = figure(spans[NOW]), figure(spans[BEFORE])
    minimum = rules.minimum(entry.minimum)
    goal = goal_for(kpi, entry, spans[NOW]) if kpi is not None else None
    change = None
    if min(now.n, before.n) >= minimum:
        change = statistics.difference(now, before, statistics.z_for(rules.confidence))
    parts = [(span, figure(span)) for span in spans[2:]]
    return Score(
        metric=entry,
        subject=subject,
        figure=now,
        minimum=minimum,
        window=BETWEEN,
        start=spans[NOW].start,
        end=spans[NOW].end,
        previous=before if before.n else None,
        change=change,
        target=None if goal is None else goal.target,
        floor=None if goal is None else goal.floor,
        attainment=None if goal is None or now.value is None else attainment(now.value, goal),
        status=status_of(now, goal, minimum),
        trend=tuple(Point(span.start, span.end, part) for span, part in parts if part.n),
    )
