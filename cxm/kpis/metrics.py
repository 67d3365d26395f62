"""The subject and the composite metrics that the ground floor itself registers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cxm.common import statistics
from cxm.common.scope import current_workspace_id
from cxm.common.statistics import Figure
from cxm.kpis.measuring import ACHIEVEMENT, WORKSPACE
from cxm.kpis.models import FulfilmentComponent
from cxm.kpis.registry import (
    Composite,
    Metric,
    Part,
    Rules,
    Scorer,
    Subject,
    add_metric,
    derived_metric,
    metrics,
    subject,
)
from cxm.workspaces.models import Workspace

_SAID = ("nps", "csat", "ces", "review")
_GOAL = "success"


@subject(key=WORKSPACE, title=_("Workspace"))
def workspace_names() -> Mapping[UUID, str]:
    """Return the one workspace in scope with its name."""
    workspace_id = current_workspace_id()
    if workspace_id is None:
        return {}
    return dict(Workspace.objects.filter(pk=workspace_id).values_list("id", "name"))


@derived_metric(
    key="satisfaction",
    title=_("Satisfaction"),
    unit="score",
    subjects=("touchpoint", WORKSPACE),
    inputs=_SAID,
    minimum="answers",
    area="satisfaction",
    description=_("0 to 100, from NPS, CSAT, effort and reviews"),
)
def satisfaction(rules: Rules) -> Scorer:
    """Score what customers say: the mean of the normalised measures with enough answers."""
    z = statistics.z_for(rules.confidence)

    def score(_about: Subject, figures: Mapping[str, Figure]) -> Composite | None:
        asked = {key: figures[key] for key in _SAID if key in figures and figures[key].n}
        if not asked:
            return None
        enough: list[tuple[str, float, Figure]] = []
        for key, figure in asked.items():
            scale = metrics[key].scale if key in metrics else None
            if figure.n >= rules.min_answers and scale is not None:
                enough.append((key, 1.0, statistics.rescale(figure, *scale)))
        missing = tuple(key for key in asked if key not in {part[0] for part in enough})
        if not enough:
            return Composite(Figure(None, sum(f.n for f in asked.values())), missing=missing)
        figure = statistics.composite([(weight, part) for _, weight, part in enough], z)
        return Composite(figure, _parts(enough, shared=bool(missing)), missing)

    return score


@derived_metric(
    key="task_fulfilment",
    title=_("Task fulfilment"),
    unit="score",
    subjects=("touchpoint", WORKSPACE),
    inputs=("*",),
    minimum="visits",
    area="fulfilment",
    description=_("0 to 100, from what people do"),
)
def task_fulfilment(rules: Rules) -> Scorer:
    """Score what customers do: the success rate, else the weighted components of the subject."""
    z = statistics.z_for(rules.confidence)
    components: dict[tuple[str, UUID], list[FulfilmentComponent]] = defaultdict(list)
    for row in FulfilmentComponent.objects.all():
        components[row.subject_kind, row.subject_id].append(row)

    def score(about: Subject, figures: Mapping[str, Figure]) -> Composite | None:
        reached = figures.get(_GOAL)
        if reached is not None and reached.n:
            scale = metrics[_GOAL].scale if _GOAL in metrics else None
            figure = statistics.rescale(reached, *(scale or (0, 1)))
            if reached.n < rules.min_visits:
                return Composite(Figure(None, reached.n), missing=(_GOAL,))
            return Composite(figure, _parts([(_GOAL, 1.0, figure)], shared=False))
        wanted = components.get((about.kind, about.id), [])
        measured = [row for row in wanted if row.component in figures and figures[row.component].n]
        if not measured:
            return None
        enough = [
            (
                row.component,
                row.weight,
                statistics.rescale(figures[row.component], row.floor, row.target),
            )
            for row in measured
            if figures[row.component].n >= rules.min_visits
        ]
        names = {part[0] for part in enough}
        missing = tuple(row.component for row in wanted if row.component not in names)
        if not enough:
            seen = max(figures[row.component].n for row in measured)
            return Composite(Figure(None, seen), missing=missing)
        # All components are seen on the same visits, so n is that of the rarest and no sum.
        n = min(part.n for _, _, part in enough)
        figure = statistics.composite([(weight, part) for _, weight, part in enough], z, n=n)
        return Composite(figure, _parts(enough, shared=bool(missing)), missing)

    return score


add_metric(
    Metric(
        key=ACHIEVEMENT,
        title=_("Target achievement"),
        unit="percent",
        kind="derived",
        subjects=(WORKSPACE,),
        minimum="any",
        area="business",
        description=_("Weighted mean of all KPIs, each capped at 100 %"),
        scale=(0, 100),
        lower_is_better=False,
        method="",
    )
)


def _parts(enough: list[tuple[str, float, Figure]], *, shared: bool) -> tuple[Part, ...]:
    total = sum(weight for _, weight, _ in enough)
    return tuple(
        Part(key, part.value, part.n, weight / total, shared)
        for key, weight, part in enough
        if part.value is not None
    )
