"""A plan becomes the rows of an insert operation, as the editor sends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from journeys.maps.plans import CardPlan, LanePlan, MapPlan, StepPlan

Json = dict[str, Any]


def rows_of(plan: MapPlan, phases: Mapping[str, UUID]) -> list[Json]:
    """Return lanes, stages, steps and cards with new ids, those above before those below.

    Args:
        plan: what is to stand there.
        phases: ids of the map's phases by their keys; a stage whose phase is not among them has
            none.
    """
    lanes = {lane.ref or lane.kind: _lane(lane) for lane in plan.lane_plans}
    stages: list[Json] = []
    steps: list[Json] = []
    cards: list[Json] = []
    ids = {step.ref: str(uuid4()) for stage in plan.stages for step in stage.steps if step.ref}
    for stage in plan.stages:
        phase = phases.get(stage.phase)
        made = {"kind": "stage", "id": str(uuid4()), "name": str(stage.name)}
        stages.append(made if phase is None else {**made, "phase": str(phase)})
        for planned in stage.steps:
            step = _step(planned, made["id"], ids)
            steps.append(step)
            for ref, found in planned.cards.items():
                cards.extend(_cards(found, lanes[ref]["id"], step["id"]))
    return [*lanes.values(), *stages, *steps, *cards]


def _lane(plan: LanePlan) -> Json:
    row: Json = {"kind": "lane", "id": str(uuid4()), "lane_kind": plan.kind}
    return row | _set(name=str(plan.name), hidden=plan.hidden, collapsed=plan.collapsed)


def _step(plan: StepPlan, stage: str, ids: Mapping[str, str]) -> Json:
    row: Json = {
        "kind": "step",
        "id": ids.get(plan.ref) or str(uuid4()),
        "stage": stage,
        "name": str(plan.name),
    }
    following = [{"to": ids[ref], "label": str(label)} for ref, label in plan.next]
    return row | _set(metric=plan.metric, next=following)


def _cards(plans: Iterable[CardPlan], lane: str, step: str) -> Iterable[Json]:
    for plan in plans:
        row: Json = {"kind": "card", "id": str(uuid4()), "lane": lane, "step": step}
        if plan.span > 1:
            row["span"] = plan.span
        if plan.valence is not None:
            row["valence"] = float(plan.valence)
        yield row | _set(
            text=str(plan.text),
            severity=plan.severity,
            status=plan.status,
            answer=str(plan.answer),
            touchpoint=plan.touchpoint and str(plan.touchpoint),
            persona=plan.persona and str(plan.persona),
            linked_map=plan.linked_map and str(plan.linked_map),
        )


def _set(**fields: object) -> Json:
    """Keep the fields that say something."""
    return {name: value for name, value in fields.items() if value}
