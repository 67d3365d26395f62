"""From daily tallies to measurements: sums over windows, figures, composites, targets.

The tallies are summed by PostgreSQL, in one statement for all windows; the formulas are those of
`cxm.common.statistics`. Sums are integers and decimals, so that a figure does not depend on the
order or the portions in which days were worked out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from cxm.common import statistics
from cxm.common.statistics import Figure
from cxm.common.targets import Goal, achievement, attainment, capped_attainment, status_of
from cxm.kpis import registry
from cxm.kpis.models import Kpi, Measurement
from cxm.kpis.registry import Composite, Key, Metric, Part, Rules, Subject
from cxm.kpis.storage import Row, Slice, addresses, remove, store
from cxm.kpis.sums import added_up, figure_of
from cxm.kpis.windows import ALL, Span, period_of

ACHIEVEMENT = "target_achievement"
WORKSPACE = "workspace"
# All targets met is the target of the achievement itself.
_ACHIEVEMENT_GOAL = Goal(target=100.0, baseline=0.0)

_Cell = tuple[str, int]


class Measuring:
    """One run over some keys and spans; knows the workspace's rules and targets."""

    def __init__(
        self, *, workspace_id: UUID, rules: Rules, spans: Sequence[Span], keys: set[Key] | None
    ) -> None:
        """Prepare a run; `keys` None means all of them."""
        self.workspace_id = workspace_id
        self.rules = rules
        self.z = statistics.z_for(rules.confidence)
        self.spans = {(span.window, span.back): span for span in spans}
        self.keys = keys
        kpis = Kpi.objects.filter(workspace_id=workspace_id).prefetch_related("targets")
        self.kpis = {
            Key(
                kpi.metric, kpi.subject_kind, kpi.subject_id, kpi.dimension, kpi.dimension_value
            ): kpi
            for kpi in kpis
        }
        self.slices = self._slices()
        self.derived = {entry.key for entry in registry.derived_metrics()}
        self.stored = addresses(workspace_id, self.slices) if spans else {}
        self.changed = 0

    def run(self) -> int:
        """Work out the measurements, store what differs, remove what is gone; return how many.

        Each step reads what the step before left, so that nothing is derived from figures that
        are no longer there.
        """
        if not self.spans or self.keys == set():
            return 0
        self._keep(self._base_rows(), lambda key: key.metric not in self.derived)
        scorers = [
            (entry, entry.derive(self.rules))
            for entry in registry.derived_metrics()
            if entry.derive is not None
        ]
        inputs = self._inputs([entry for entry, _ in scorers])
        self._keep(
            self._derived_rows(scorers, inputs),
            lambda key: key.metric in self.derived and key.subject_kind != WORKSPACE,
        )
        self._keep(
            self._workspace_rows(scorers, inputs),
            lambda key: (
                key.metric in self.derived
                and key.metric != ACHIEVEMENT
                and key.subject_kind == WORKSPACE
            ),
        )
        self._keep(self._achievement_rows(), lambda key: key.metric == ACHIEVEMENT)
        return self.changed

    def _keep(self, rows: Sequence[Row], is_of_step: Callable[[Key], bool]) -> None:
        """Store the rows of a step, and remove what the step left out."""
        self.changed += store(self.workspace_id, rows)
        produced = {(row.key, row.span.window, row.span.back) for row in rows}
        gone = []
        for address, row_id in self.stored.items():
            key, window, back = address
            if address in produced or not is_of_step(key):
                continue
            if self.keys is None or self.slices is None:
                # A whole run removes windows and metrics that are no longer kept, too.
                of_run = True
            else:
                of_run = key[1:] in self.slices if key.metric in self.derived else key in self.keys
                of_run = of_run and (window, back) in self.spans
            if of_run:
                gone.append(row_id)
        self.changed += remove(gone)

    def _slices(self) -> set[Slice] | None:
        """Return the subjects (with dimension value) of this run; the workspace always belongs."""
        if self.keys is None:
            return None
        touched = {key[1:] for key in self.keys}
        whole = {
            (WORKSPACE, self.workspace_id, dimension, value) for _, _, dimension, value in touched
        }
        return touched | whole | {(WORKSPACE, self.workspace_id, "", "")}

    # --- base metrics ---------------------------------------------------------------------

    def _base_rows(self) -> list[Row]:
        spans = list(self.spans.values())
        found = list(added_up(self.workspace_id, spans, self.keys))
        # A dimension value with a KPI has a period and a course of its own.
        watched = {
            key for key in self.kpis if key.dimension and (self.keys is None or key in self.keys)
        }
        others = [span for span in spans if not span.for_slices]
        if watched and others:
            found += added_up(self.workspace_id, others, watched, slices_too=True)
        rows = []
        for key, span, sums in found:
            entry = registry.metrics.get(key.metric)
            if entry is None:
                continue
            figure = figure_of(entry, sums, self.rules)
            row = Row(key, span, figure, sums.successes, sums.failures, sums.total)
            rows.append(self._compared(entry, row))
        return rows

    def _compared(self, entry: Metric, row: Row) -> Row:
        """Add target, floor, attainment and status."""
        kpi = self.kpis.get(row.key)
        goal = goal_for(kpi, entry, row.span) if kpi else None
        if row.key.metric == ACHIEVEMENT:
            goal = goal or _ACHIEVEMENT_GOAL
        if goal is not None:
            row.target, row.floor = goal.target, goal.floor
            if row.figure.value is not None:
                row.attainment = attainment(row.figure.value, goal)
        word = status_of(row.figure, goal, self.rules.minimum(entry.minimum))
        row.status = word.value if word else ""
        return row

    # --- derived metrics ------------------------------------------------------------------

    def _inputs(self, entries: Iterable[Metric]) -> dict[Slice, dict[_Cell, dict[str, Figure]]]:
        """Read the stored figures that the derived metrics ask for, by subject and span."""
        wanted = {key for entry in entries for key in entry.inputs}
        measurements = Measurement.objects.filter(
            workspace_id=self.workspace_id, window__in={window for window, _ in self.spans}
        )
        if "*" in wanted:
            measurements = measurements.filter(
                metric__in=[entry.key for entry in registry.base_metrics()]
            )
        else:
            measurements = measurements.filter(metric__in=wanted)
        slices = self.slices
        if slices is not None:
            measurements = measurements.filter(subject_id__in={at[1] for at in slices})
        found: dict[Slice, dict[_Cell, dict[str, Figure]]] = defaultdict(lambda: defaultdict(dict))
        for record in measurements.values_list(
            "metric", "subject_kind", "subject_id", "dimension", "dimension_value",
            "window", "back", "value", "n", "low", "high", "se",
        ):  # fmt: skip
            at: Slice = record[1:5]
            if (slices is None or at in slices) and record[5:7] in self.spans:
                found[at][record[5:7]][record[0]] = Figure(*record[7:12])
        return found

    def _derived_rows(
        self,
        scorers: Sequence[tuple[Metric, registry.Scorer]],
        inputs: Mapping[Slice, Mapping[_Cell, Mapping[str, Figure]]],
    ) -> list[Row]:
        rows = []
        for at, cells in inputs.items():
            if at[0] == WORKSPACE:
                continue
            for entry, scorer in scorers:
                if at[0] not in entry.subjects:
                    continue
                for cell, figures in cells.items():
                    composite = scorer(Subject(at[0], at[1]), figures)
                    if composite is not None:
                        rows.append(self._composite_row(entry, at, self.spans[cell], composite))
        return rows

    def _workspace_rows(
        self,
        scorers: Sequence[tuple[Metric, registry.Scorer]],
        inputs: Mapping[Slice, Mapping[_Cell, Mapping[str, Figure]]],
    ) -> list[Row]:
        """Roll up the subjects' composites; where none has a value, use the workspace's own."""
        below: dict[tuple[str, str, str, str, int], list[Figure]] = defaultdict(list)
        composites = Measurement.objects.filter(
            workspace_id=self.workspace_id,
            metric__in=[entry.key for entry, _ in scorers],
            window__in={window for window, _ in self.spans},
        ).exclude(subject_kind=WORKSPACE)
        for record in composites.values_list(
            "metric", "dimension", "dimension_value", "window", "back",
            "value", "n", "low", "high", "se",
        ):  # fmt: skip
            if record[3:5] in self.spans:
                below[record[:5]].append(Figure(*record[5:10]))
        slices = self.slices
        rows = []
        for entry, scorer in scorers:
            if WORKSPACE not in entry.subjects:
                continue
            parts = {at for at in below if at[0] == entry.key}
            own = {
                (entry.key, at[2], at[3], *cell)
                for at, cells in inputs.items()
                if at[0] == WORKSPACE
                for cell in cells
            }
            for place in sorted(parts | own):
                _, dimension, value, window, back = place
                at = (WORKSPACE, self.workspace_id, dimension, value)
                if slices is not None and at not in slices:
                    continue
                composite = self._rolled_up(
                    scorer, below.get(place, []), inputs.get(at, {}).get((window, back))
                )
                if composite is not None:
                    rows.append(self._composite_row(entry, at, self.spans[window, back], composite))
        return rows

    def _rolled_up(
        self,
        scorer: registry.Scorer,
        figures: Sequence[Figure],
        own: Mapping[str, Figure] | None,
    ) -> Composite | None:
        known = [figure for figure in figures if figure.value is not None]
        if known:
            return Composite(statistics.combine(known, self.z))
        composite = scorer(Subject(WORKSPACE, self.workspace_id), own) if own else None
        if composite is None and figures:
            return Composite(Figure(None, sum(figure.n for figure in figures)))
        return composite

    def _composite_row(self, entry: Metric, at: Slice, span: Span, composite: Composite) -> Row:
        row = Row(Key(entry.key, *at), span, composite.figure)
        row.parts = [_part_record(part) for part in composite.parts]
        row.missing = list(composite.missing)
        return self._compared(entry, row)

    # --- target achievement ---------------------------------------------------------------

    def _achievement_rows(self) -> list[Row]:
        kpis = {key: kpi for key, kpi in self.kpis.items() if key.metric != ACHIEVEMENT}
        entry = registry.metrics.get(ACHIEVEMENT)
        if not kpis or entry is None:
            return []
        parts: dict[_Cell, list[tuple[float, tuple[float, float, float]]]] = defaultdict(list)
        for record in Measurement.objects.filter(
            workspace_id=self.workspace_id,
            metric__in={key.metric for key in kpis},
            subject_id__in={key.subject_id for key in kpis},
            window__in={window for window, _ in self.spans},
            attainment__isnull=False,
        ).values_list(
            "metric", "subject_kind", "subject_id", "dimension", "dimension_value",
            "window", "back", "value", "n", "low", "high", "se",
        ):  # fmt: skip
            key, cell = Key(*record[:5]), record[5:7]
            measured = registry.metrics.get(key.metric)
            if key not in kpis or cell not in self.spans or measured is None:
                continue
            figure = Figure(*record[7:12])
            goal = goal_for(kpis[key], measured, self.spans[cell])
            if goal is not None and figure.n >= self.rules.minimum(measured.minimum):
                parts[cell].append((kpis[key].weight, capped_attainment(figure, goal)))
        key = Key(ACHIEVEMENT, WORKSPACE, self.workspace_id, "", "")
        return [
            self._compared(entry, Row(key, self.spans[cell], achievement(found, self.z)))
            for cell, found in parts.items()
        ]


def goal_for(kpi: Kpi, entry: Metric, span: Span) -> Goal | None:
    """Return the goal that a figure of this span is compared with, or None.

    A count grows with time: its target is for a whole period and is taken in proportion to the
    days that the span covers. Over all time a count has no goal.
    """
    target = kpi.target_on(span.end)
    if target is None:
        return None
    goal = target.goal()
    if entry.kind != "count":
        return goal
    if span.window == ALL:
        return None
    first, last = period_of(target.period, span.end)
    return goal.pro_rata(span.days / ((last - first).days + 1))


def _part_record(part: Part) -> dict[str, str | float | int | bool]:
    return {
        "metric": part.metric,
        "value": part.value,
        "n": part.n,
        "weight": part.weight,
        "shared": part.shared,
    }
