"""What some customers say: figures of a group, worked out when somebody asks.

Groups change with every trait and consent, so nothing is stored for them. Runs inside
`workspace_scope`; one query for the rules, and those of each measure, whatever the group's size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from cxm.common import statistics
from cxm.common.clock import day_of, now
from cxm.common.scope import current_workspace_id
from cxm.common.statistics import EMPTY, Figure
from cxm.common.targets import Status
from cxm.customers.models import Customer
from cxm.kpis import registry
from cxm.kpis.measuring import WORKSPACE
from cxm.kpis.registry import Metric, Rules, Subject, Tally
from cxm.kpis.reports.scores import Score
from cxm.kpis.sums import Sums, figure_of
from cxm.kpis.windows import Span, all_spans
from cxm.workspaces.models import Workspace


def figures_of_customers(
    customers: QuerySet[Customer], metrics: Iterable[str], window: str = "90d"
) -> dict[tuple[Subject, str], Score]:
    """Return what some people say in a rolling window, keyed by (subject, measure).

    A measure of the workspace always has an entry; other subjects have one where the group has
    facts in the window. A figure from fewer facts than the workspace's minimum has its n and no
    value, also in the window before: among few, it would tell what one of them answered. For the
    same reason there is no course of shorter stretches, whose sum would give away a short one.
    No targets either: those are set for everybody.

    Measures that no room registered, or that cannot be kept to some customers, are left out.
    `window` is a rolling one.
    """
    workspace = Workspace.objects.get(pk=str(current_workspace_id()))
    rules = Rules(workspace.confidence, workspace.min_answers, workspace.min_visits)
    spans = _spans(window, day_of(now(), workspace.timezone))
    found: dict[tuple[Subject, str], Score] = {}
    for key in metrics:
        entry = registry.metrics.get(key)
        if entry is None or entry.of_customers is None:
            continue
        tallies: dict[Subject, list[Tally]] = defaultdict(list)
        if WORKSPACE in entry.subjects:
            tallies[Subject(WORKSPACE, workspace.pk)] = []
        for tally in entry.of_customers(_days(spans), customers=customers):
            if not tally.dimension:
                tallies[Subject(tally.subject_kind, tally.subject_id)].append(tally)
        for subject, rows in tallies.items():
            score = _score(entry, subject, rows, spans, rules)
            if score.figure.n or subject.kind == WORKSPACE:
                found[subject, key] = score
    return found


def _spans(window: str, today: date) -> tuple[Span, Span]:
    """Return the window that ends today and the one before."""
    by_place = {(span.window, span.back): span for span in all_spans(today)}
    return by_place[window, 0], by_place[window, 1]


def _days(spans: Iterable[Span]) -> set[date]:
    return {span.start + timedelta(days=number) for span in spans for number in range(span.days)}


def _score(
    entry: Metric,
    subject: Subject,
    tallies: Sequence[Tally],
    spans: tuple[Span, Span],
    rules: Rules,
) -> Score:
    minimum = rules.minimum(entry.minimum)
    current, before = (_figure(entry, tallies, span, rules) for span in spans)
    change = None
    if min(current.n, before.n) >= minimum:
        change = statistics.difference(current, before, statistics.z_for(rules.confidence))
    return Score(
        metric=entry,
        subject=subject,
        figure=_told(current, minimum),
        minimum=minimum,
        window=spans[0].window,
        start=spans[0].start,
        end=spans[0].end,
        previous=_told(before, minimum) if before.n else None,
        change=change,
        status=None if current.n >= minimum else Status.NONE,
    )


def _figure(entry: Metric, tallies: Sequence[Tally], span: Span, rules: Rules) -> Figure:
    rows = [tally for tally in tallies if span.start <= tally.day <= span.end]
    if not rows:
        return EMPTY
    sums = Sums(
        n=sum(row.n for row in rows),
        successes=sum(row.successes for row in rows),
        failures=sum(row.failures for row in rows),
        total=sum((Decimal(row.total) for row in rows), Decimal(0)),
        total_sq=sum((Decimal(row.total_sq) for row in rows), Decimal(0)),
        daily_squares=sum(row.n * row.n for row in rows),
        days=span.days,
    )
    return figure_of(entry, sums, rules)


def _told(figure: Figure, minimum: int) -> Figure:
    """Return the figure, or its n alone below the minimum."""
    return figure if figure.n >= minimum else Figure(None, figure.n)
